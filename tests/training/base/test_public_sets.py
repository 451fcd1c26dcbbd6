"""The loaders of the public sets, on made-up files of the same shapes."""

import hashlib
from collections import Counter
from datetime import UTC, datetime

import pytest

from followguard.errors import DatasetMismatch
from followguard.training.base.public_cells import once_decoded, twitter_time, unescaped
from followguard.training.base.public_files import SET_FILES
from followguard.training.base.public_sets import (
    Source,
    int_ids,
    load_public_sets,
    read_set_file,
    read_sources,
    set_file_at,
)
from training_data.convert import main

BORN = "Fri Jan 02 03:04:05 +0000 2009"
CRESCI = {
    "id": "1",
    "name": "Made Up",
    "screen_name": "made_up",
    "statuses_count": "11",
    "followers_count": "12",
    "friends_count": "13",
    "favourites_count": "14",
    "listed_count": "15",
    "url": "",
    "lang": "en",
    "location": "",
    "profile_image_url": "http://example.org/1.jpg",
    "protected": "",
    "verified": "1",
    "description": "Invented.",
    "created_at": BORN,
    "crawled_at": "2015-05-02 06:41:46",
    "updated": "2016-03-15 15:53:47",
}
BOTS = {
    "Unnamed: 0": "7",
    "created_at": "2015-08-19 10:00:00",
    "description": "",
    "favourites_count": "1",
    "followers_count": "2",
    "friends_count": "3",
    "id": "500",
    "location": "unknown",
    "profile_image_url": "http://example.org/2.jpg",
    "screen_name": "invented",
    "statuses_count": "4",
    "verified": "False",
    "account_age_days": "1827",
    "account_type": "1",
}


def written(cell):
    """A cell as the Cresci files write it: everything in quotes, but for NULL and nothing."""
    return cell if cell in ("NULL", "") else '"' + cell.replace('"', '""') + '"'


def table(*rows):
    lines = [",".join(f'"{name}"' for name in rows[0]), *(",".join(map(written, row.values())) for row in rows)]
    return "\n".join(lines) + "\n"


@pytest.fixture
def sets(tmp_path):
    """A folder with all fourteen files, each with one made-up account of its own, and the list of their sha256."""
    made = {file.path: table({**CRESCI, "id": str(n)}) for n, file in enumerate(SET_FILES, start=100)}
    made["human-bots-2020/val.csv"] = table(BOTS)
    made["caverlee-2011/content_polluters.csv"] = "600,9/18/2006 1:07,1/17/2010 20:38,3,4,5,8,132,1\n"
    made["caverlee-2011/legitimate_users.csv"] = "700,7/13/2006 15:30,11/20/2009 23:56,6,7,8,9,34,0\n"
    made["cresci-2015/int_users.csv"] = "id,name\r\n101,x\r\n"
    return Folder(tmp_path, made)


class Folder:
    """A made-up directory of sets whose files can be rewritten together with their entry in the list."""

    def __init__(self, directory, contents):
        self.directory = directory
        self.sources = {}
        for path, text in contents.items():
            self.write(path, text)

    def write(self, path, text, rows=1):
        content = text.encode()
        (self.directory / path).parent.mkdir(exist_ok=True)
        (self.directory / path).write_bytes(content)
        self.sources[path] = Source(sha256=hashlib.sha256(content).hexdigest(), rows=rows)

    def load(self, say=None):
        return load_public_sets(self.directory, say, self.sources)

    def only(self, path, text):
        """The single row of `path` after writing `text` into it."""
        self.write(path, text)
        (file,) = (file for file in SET_FILES if file.path == path)
        (row,) = read_set_file(self.directory, file, self.sources)
        return row


def test_every_file_becomes_its_group(sets):
    """Group, label and source follow from the file; each file is said as it is read."""
    said = []
    found = {(row.group, row.spam, row.source) for row in sets.load(said.append)}
    spam = {f"traditional_spambots_{n}" for n in range(1, 5)} | {f"social_spambots_{n}" for n in range(1, 4)}
    assert found == {(group, True, "cresci-2017") for group in spam | {"fake_followers"}} | {
        ("genuine", False, "cresci-2017"),
        ("e13", False, "cresci-2015"),
        ("human_bots_2020", True, "human-bots-2020"),
        ("caverlee_polluters", True, "caverlee-2011"),
        ("caverlee_legitimate", False, "caverlee-2011"),
    }
    assert said[0] == "cresci-2017/genuine_users.csv: 1 accounts"
    assert len(said) == 14


def test_a_cresci_row_is_read_by_column_name(sets):
    """The order of columns differs between files, and `updated` is never the time of observation."""
    plain = sets.only("cresci-2017/genuine_users.csv", table(CRESCI))
    turned = sets.only("cresci-2017/genuine_users.csv", table(dict(reversed(CRESCI.items()))))
    assert plain == turned
    profile = plain.profile
    assert profile.created_at == datetime(2009, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert profile.observed_at == datetime(2015, 5, 2, 6, 41, 46, tzinfo=UTC)
    counts = (profile.tweet_count, profile.followers_count, profile.following_count, profile.like_count)
    assert counts == (11, 12, 13, 14)
    assert (profile.listed_count, profile.media_count, profile.verified_type) == (15, None, None)
    assert (profile.name, profile.username, profile.description) == ("Made Up", "made_up", "Invented.")


@pytest.mark.parametrize(("cell", "flag", "text"), [("", False, ""), ("NULL", None, None), ("1", True, "1")])
def test_empty_is_false_and_null_is_unknown(sets, cell, flag, text):
    """Absence comes in two kinds, and only one of them is ignorance."""
    profile = sets.only(
        "cresci-2017/genuine_users.csv", table({**CRESCI, "protected": cell, "url": cell, "listed_count": cell})
    ).profile
    assert (profile.protected, profile.url) == (flag, text)
    assert profile.listed_count == (1 if cell == "1" else None)


def test_a_quoted_empty_string_is_empty_too(sets):
    """The README of the sets tells of quoted ones: both are read alike."""
    text = table({**CRESCI, "protected": "QQ", "location": "QQ"}).replace('"QQ"', '""')
    profile = sets.only("cresci-2017/genuine_users.csv", text).profile
    assert (profile.protected, profile.location) == (False, "")


def test_each_set_has_its_own_time_of_observation(sets):
    """Age is counted from the row's own time, never from today: fakes and E13 have one for all."""
    seen = {row.group: row.profile.observed_at for row in sets.load()}
    assert seen["fake_followers"] == datetime(2013, 4, 30, 13, 0, tzinfo=UTC)
    assert seen["e13"] == datetime(2013, 4, 15, tzinfo=UTC)
    assert seen["human_bots_2020"] == datetime(2020, 8, 19, 10, 0, tzinfo=UTC)
    assert seen["caverlee_polluters"] == datetime(2010, 1, 17, 20, 38, tzinfo=UTC)
    assert seen["caverlee_legitimate"] == datetime(2009, 11, 20, 23, 56, tzinfo=UTC)


def test_epoch_milliseconds_with_an_l_are_a_date():
    """Milliseconds with an L, as in `spambots_1`, are a date; another form is an error, not a guess."""
    assert twitter_time("1230865445000L") == twitter_time(BORN) == datetime(2009, 1, 2, 3, 4, 5, tzinfo=UTC)
    with pytest.raises(ValueError, match="not a date"):
        twitter_time("2009-01-02")


def test_text_of_e13_encoded_twice_is_repaired_there_and_only_there(sets):
    """With the five bytes that Windows-1252 lacks; text that is right stays as it is."""
    good = "caffè – 5 € ✔ à Ý"
    twice = "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in good.encode())
    assert twice != good
    assert once_decoded(twice) == once_decoded(good) == good
    row = table({**CRESCI, "description": twice})
    assert sets.only("cresci-2015/e13_users.csv", row).profile.description == good
    assert sets.only("cresci-2017/genuine_users.csv", row).profile.description == twice


def test_escapes_of_spambots_1_are_letters_again(sets):
    r"""`\xe9` would give the set away by its backslashes; elsewhere a backslash is what somebody typed."""
    assert unescaped(r"caf\xe9 \u2714 \ud83d\ude00 \o/ \\o\n") == "café ✔ 😀 \\o/ \\o\n"
    row = table({**CRESCI, "name": r"Jos\xe9"})
    assert sets.only("cresci-2017/spambots_1.csv", row).profile.name == "José"
    assert sets.only("cresci-2017/spambots_2.csv", row).profile.name == r"Jos\xe9"


def test_nul_in_a_bio_is_made_storable(sets):
    """E13 has a bio full of them."""
    row = sets.only("cresci-2015/e13_users.csv", table({**CRESCI, "description": "a\0b"}))
    assert row.profile.description == "a\ufffdb"


def test_the_2020_set_has_no_names_and_marks_the_unknown(sets):
    """`unknown` is no place, False is no text, a bio may have several lines, and what isn't there is None."""
    path = "human-bots-2020/val.csv"
    profile = sets.only(path, table({**BOTS, "description": "one\r\ntwo"})).profile
    assert profile.description == "one\r\ntwo"
    assert (profile.location, profile.name, profile.url) == (None, None, None)
    assert (profile.protected, profile.listed_count, profile.verified) == (None, None, False)
    given = sets.only(path, table({**BOTS, "location": "Oz", "verified": "True", "account_type": "0"}))
    assert (given.profile.location, given.profile.verified, given.spam) == ("Oz", True, False)
    assert given.profile.description == ""


def test_caverlee_gives_lengths_in_place_of_texts(sets):
    """No header; month first; following before followers."""
    row = sets.only("caverlee-2011/legitimate_users.csv", "700,7/3/2006 5:30,11/20/2009 23:56,6,7,8,9,34,0\n")
    assert (row.username_length, row.bio_length) == (9, 34)
    assert (row.profile.username, row.profile.description) == (None, None)
    assert row.profile.created_at == datetime(2006, 7, 3, 5, 30, tzinfo=UTC)
    counts = (row.profile.following_count, row.profile.followers_count, row.profile.tweet_count)
    assert counts == (6, 7, 8)


def test_an_id_with_both_labels_is_dropped_twice(sets):
    """Both Caverlee rows go; nobody knows which is right."""
    sets.write("caverlee-2011/legitimate_users.csv", "600,7/13/2006 15:30,11/20/2009 23:56,6,7,8,9,34,0\n")
    assert "600" not in {row.profile.id for row in sets.load()}


def test_an_account_of_two_sets_is_kept_in_the_earlier_one(sets):
    """Else a set that is held out would be known under another name."""
    sets.write("human-bots-2020/val.csv", table({**BOTS, "id": "100"}))
    sets.write("caverlee-2011/content_polluters.csv", "101,9/18/2006 1:07,1/17/2010 20:38,3,4,5,8,132,1\n")
    said = []
    rows = sets.load(said.append)
    assert {row.profile.id: row.group for row in rows if row.profile.id in ("100", "101")} == {
        "100": "genuine",
        "101": "fake_followers",
    }
    assert len(rows) == 11
    assert said[-1].startswith("11 accounts; 2 left out")


def test_int_is_a_key_and_never_rows(sets):
    """`int_users.csv` names the fakes of one vendor; it adds nobody."""
    assert int_ids(sets.directory, sets.sources) == {"101"}
    assert Counter(row.profile.id for row in sets.load())["101"] == 1


def test_another_file_than_the_published_one_is_refused(sets):
    """One byte is enough; the message names the file and what to do."""
    path = sets.directory / "cresci-2017/spambots_3.csv"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(DatasetMismatch, match=r"spambots_3\.csv isn't the published file.*Get the file again"):
        sets.load()


def test_a_missing_file_and_a_wrong_count_are_refused(sets):
    """The refusal names the folder that was meant, and the number that was expected."""
    sets.write("cresci-2017/spambots_3.csv", table(CRESCI), rows=2)
    with pytest.raises(DatasetMismatch, match="holds 1 accounts, not 2"):
        sets.load()
    (sets.directory / "cresci-2017/spambots_3.csv").unlink()
    with pytest.raises(DatasetMismatch, match=r"spambots_3\.csv can't be read .*Give the folder"):
        sets.load()


def test_the_list_of_sources_knows_every_file():
    """Each file that is read has its sha256 and number of rows in `training_data/sources.toml`."""
    listed = read_sources()
    assert set(listed) == {file.path for file in SET_FILES} | {"cresci-2015/int_users.csv"}
    assert all(len(source.sha256) == 64 and source.rows > 0 for source in listed.values())


def test_the_converter_refuses_what_is_no_set(tmp_path, capsys):
    """Exit code 2 and one line."""
    assert main([str(tmp_path / "val.csv"), str(tmp_path / "out.jsonl")]) == 2
    assert "isn't a file of a public set" in capsys.readouterr().err
    with pytest.raises(DatasetMismatch):
        set_file_at(tmp_path)
