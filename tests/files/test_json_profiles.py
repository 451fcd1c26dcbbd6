"""JSON as X and the programs round it write it: lines, pages, arrays, printed over several lines."""

import json
from datetime import UTC, datetime

import pytest

from followguard.errors import UnreadableFile
from followguard.files.profile_row import ProfileRow

from .conftest import Read

OLD = {
    "id": 1294030472427835393, "id_str": "1294030472427835393", "name": "Mara Demo", "screen_name": "mara_demo",
    "created_at": "Wed Oct 10 20:19:24 +0000 2018", "followers_count": 320, "friends_count": 280, "listed_count": 6,
    "favourites_count": 2500, "statuses_count": 4100, "following": False, "protected": False, "verified": False,
    "profile_image_url_https": "https://pbs.twimg.com/a.jpg", "url": "https://t.co/x",
    "entities": {"url": {"urls": [{"expanded_url": "https://mara.example"}]}},
}  # fmt: skip
PAGE = {
    "data": [{"id": "1", "name": "a"}, {"id": "2", "name": "b", "observed_at": "2021-01-01"}],
    "includes": {"tweets": [{"id": "99", "text": "x"}]},
    "meta": {"result_count": 2},
    "__twarc": {"retrieved_at": "2022-10-14T02:35:37+00:00"},
}
ARCHIVE = 'window.YTD.follower.part0 = [ {\n "follower" : {\n "accountId" : "1"\n }\n} ]'


def test_objects_of_the_old_api_are_read_whole(read: Read) -> None:
    """Objects of the old API are read with their names, date, link, and the exact id beside the number."""
    (row,) = read(json.dumps(OLD) + "\n", "a.jsonl").rows
    assert isinstance(row, ProfileRow)
    look = row.profile
    assert (look.id, look.username, look.name) == ("1294030472427835393", "mara_demo", "Mara Demo")
    assert look.created_at == datetime(2018, 10, 10, 20, 19, 24, tzinfo=UTC)
    assert (look.followers_count, look.following_count, look.tweet_count, look.listed_count) == (320, 280, 4100, 6)
    assert (look.like_count, look.url, look.verified) == (2500, "https://mara.example", False)
    assert look.profile_image_url == "https://pbs.twimg.com/a.jpg"


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.ndjson"])
def test_pages_of_the_api_give_their_accounts(read: Read, indent: int | None, name: str) -> None:
    """Several pages, one a line or printed prettily; the posts they include are no accounts; twarc says when."""
    second = {"data": {"id": "3", "name": "c"}}
    found = read("\n".join(json.dumps(page, indent=indent) for page in (PAGE, second, {"meta": {}})), name)
    assert found.short == [("1", "a"), ("2", "b"), ("3", "c")]
    seen = [row.profile.observed_at.year for row in found.rows if isinstance(row, ProfileRow)]
    assert seen == [2022, 2021, 2026]


def test_pages_of_the_old_api_and_of_the_web_page(read: Read) -> None:
    """`users` with a cursor, and `legacy` beside `rest_id`."""
    page = {"users": [{"id_str": "5", "screen_name": "a", "name": "A"}], "next_cursor": 0}
    web = {"rest_id": "6", "legacy": {"name": "B", "screen_name": "b"}}
    assert read(f"{json.dumps(page)}\n{json.dumps(web)}\n", "a.jsonl").short == [("5", "A"), ("6", "B")]


def test_accounts_that_x_could_not_give_are_rows_with_an_error(read: Read) -> None:
    """Nothing of an answer is passed over."""
    found = read('{"data": [{"id": "1"}], "errors": [{"title": "Forbidden", "detail": "suspended"}]}\n', "a.jsonl")
    assert found.short == [("1", None), "line 1: X gave no account: Forbidden: suspended"]


@pytest.mark.parametrize(
    "content",
    [
        '[{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]',
        '[\n {"id": "1",\n  "name": "a"},\n {"id": "2", "name": "b"}\n]\n',
        '{\n "id": "1",\n "name": "a"\n}\n{\n "id": "2", "name": "b"\n}\n',
        '{\n "id": "1",\n "name": "a"\n},\n{"id": "2", "name": "b"}\n',
        '\x1e{"id": "1", "name": "a"}\n\x1e{"id": "2", "name": "b"}\n',
        '\n\n[{"id": "1", "name": "a"}]\n[{"id": "2", "name": "b"}]\n',
    ],
)
def test_arrays_and_pretty_printed_objects_are_read(read: Read, content: str) -> None:
    """Objects are read with a line feed, a separator or nothing between them."""
    assert read(content, "a.jsonl").short == [("1", "a"), ("2", "b")]


def test_line_separators_within_texts_end_no_line(read: Read) -> None:
    """U+2028 and U+0085 are letters of a name."""
    text = "Mara\u2028Demo\u0085x"
    found = read(json.dumps({"id": "1", "name": text}, ensure_ascii=False, indent=1), "a.jsonl")
    assert found.short == [("1", text)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (ARCHIVE, "is the list “follower” of X's archive"),
        (ARCHIVE.partition("=")[2], "is the list “follower” of X's archive"),
        ('{"following": {"accountId": "1"}}\n{"following": {"accountId": "2"}}\n', "the list “following” of X's arch"),
        ('{"ids": [1, 2], "next_cursor": 0}', "is a list of ids"),
        ('["1294030472427835393", "12"]', "is a list of ids"),
        ("1294030472427835393\n12\n", "is a list of ids"),
        ('{"id": "1", "text": "hello", "author_id": "5"}\n', "is a list of posts, not of accounts"),
        ('{"data": [{"id": "1", "text": "hello", "author_id": "5"}]}\n', "is a list of posts, not of accounts"),
        ('[{"tweet": {"id_str": "1", "full_text": "x"}}]', "is a list of posts"),
        ("id,name\n1,a\n2,b\n", "isn't JSON: it begins with “id,name”"),
        ('{"meta": {"result_count": 0}}\n', "holds no rows"),
    ],
)
def test_files_of_other_things_are_refused_in_one_line(read: Read, content: str, says: str) -> None:
    """The refusal is told once, not for each line, and no post is scored as if it were an account."""
    for name in ("a.jsonl", "a.js"):
        with pytest.raises(UnreadableFile) as refused:
            read(content, name)
        assert says in refused.value.message
        assert refused.value.next_step
        assert "\n" not in str(refused.value)


def test_other_things_among_accounts_cost_only_their_row(read: Read) -> None:
    """The accounts after them are read."""
    content = '[{"id": "1"}, {"id": "2", "text": "x", "author_id": "5"}, "7", null, {"id": "3"}]\n{"ids": [1]}\n'
    assert read(content, "a.jsonl").short == [
        ("1", None),
        "line 1: not an account: this is a list of posts, not of accounts",
        "line 1: not an account: this is a list of ids",
        "line 1: not an object but NoneType",
        ("3", None),
        "line 2: not an account: this is a list of ids",
    ]


def test_two_keys_for_one_column_are_the_error_of_their_row(read: Read) -> None:
    """Two keys for one column are the row's error; keys that aren't read are told once, at the end."""
    found = read('{"id": "1", "followers_count": 4, "Followers": 5}\n{"id": "2", "shoe": 3}\n' * 2, "a.jsonl")
    assert found.short[:2] == [
        "line 1: two columns for followers_count: followers_count and Followers",
        ("2", None),
    ]
    assert found.told == ["keys that aren't read: shoe."]


def test_a_broken_document_says_that_nothing_after_it_was_read(read: Read) -> None:
    """Where values go over several lines, nobody can tell where the next one begins."""
    found = read('[\n{"id": "1"},\n{"id": "2"\n,\n{"id": "3"}\n]\n', "a.json")
    assert found.short[0] == ("1", None)
    assert str(found.short[1]).startswith("line 3: not JSON: ")
    assert str(found.short[1]).endswith("nothing after it was read")
    assert len(found.short) == 2


def test_many_shapes_of_objects_are_no_burden(read: Read) -> None:
    """Each line another key: all are read, the first few are named."""
    lines = "".join(json.dumps({"id": str(number), f"key {number}": 1}) + "\n" for number in range(1, 2_001))
    found = read(lines, "a.jsonl")
    assert all(isinstance(row, ProfileRow) for row in found.rows)
    assert found.told[0].startswith("keys that aren't read: key 1, key 2,")
    assert len(found.told[0]) < 700


def test_what_stands_beside_an_account_is_read_or_told(read: Read) -> None:
    """X's own pages keep fields outside `legacy`; a bag of counts may hold names of the old API, or none of ours."""
    legacy = {"screen_name": "ann", "followers_count": 3}
    page = {"rest_id": "5", "is_blue_verified": True, "legacy": legacy, "location": {"location": "Bonn"}, "odd": 1}
    reading = read(json.dumps(page), "a.json")
    (row,) = reading.rows
    assert isinstance(row, ProfileRow)
    assert (row.profile.id, row.profile.verified, row.profile.location) == ("5", True, "Bonn")
    assert reading.told == ["keys that aren't read: odd."]
    reading = read(json.dumps({"id": "6", "public_metrics": {"friends_count": 7, "odd": 1}}), "a.json")
    (row,) = reading.rows
    assert isinstance(row, ProfileRow)
    assert row.profile.following_count == 7
    assert reading.told == ["keys that aren't read: public_metrics.odd."]


def test_accounts_under_the_time_of_a_post_are_read(read: Read) -> None:
    """Accounts are read as data sets about bots keep them, each with the time at which it was seen."""
    seen = {"created_at": "Tue Nov 27 10:00:00 2018", "user": {"id": 5, "screen_name": "ann"}}
    (row,) = read(json.dumps([seen]), "a.json").rows
    assert isinstance(row, ProfileRow)
    assert (row.profile.id, row.profile.observed_at) == ("5", datetime(2018, 11, 27, 10, tzinfo=UTC))


@pytest.mark.parametrize("kept", [{"followers": [{"id": "1"}]}, {"result": {"data": []}}, {"1": {"name": "a"}}])
def test_an_object_that_only_holds_others_is_refused_by_its_key(read: Read, kept: dict[str, object]) -> None:
    """One line that says what it is, in the place of `no id`."""
    with pytest.raises(UnreadableFile, match=f"an object that keeps others under “{next(iter(kept))}”"):
        read(json.dumps(kept), "a.json")


def test_an_account_without_an_id_is_a_row_and_an_answer_of_x_its_words(read: Read) -> None:
    """An account without an id is a row's error; an answer of X is told in its words; the rest is read."""
    nobody = {"username": "a", "entities": {"url": {"urls": []}}}
    assert read(json.dumps(nobody), "a.json").short == ["line 1: no id"]
    refused = {"title": "Unauthorized", "detail": "no", "status": 401}
    assert read(json.dumps(refused), "a.json").short == ["line 1: X gave no account: Unauthorized: no"]
