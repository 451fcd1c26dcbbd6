"""Good, odd and half-good answers, as the reader takes them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from followguard.errors import NotFound, PlatformDown, WrongCredentials

FULL = {
    "id": "5",
    "username": "jo",
    "name": "Jo",
    "description": "I bake bread.",
    "created_at": "2020-01-02T03:04:05.000Z",
    "location": "",
    "protected": False,
    "verified": True,
    "verified_type": "blue",
    "connection_status": ["followed_by", "following"],
    "public_metrics": {"followers_count": 3, "following_count": 4, "listed_count": 0, "like_count": None},
}


def test_both_spec_versions_are_read(x: Any, reader: Any, canned: Any, now: datetime) -> None:
    """`tweet_count` and `post_count` are the same count; the page's moment is the clock's."""
    old = FULL | {"public_metrics": FULL["public_metrics"] | {"tweet_count": 7}}
    new = FULL | {"id": "6", "public_metrics": FULL["public_metrics"] | {"post_count": 7}}
    x.gives(canned(body={"data": [old, new], "meta": {"result_count": 2}}))
    page = reader.followers("1000", 100, None)
    assert [profile.tweet_count for profile in page.profiles] == [7, 7]
    assert {profile.observed_at for profile in page.profiles} == {now}
    assert page.profiles[0].created_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert page.profiles[0].connection == {"followed_by", "following"}


def test_bad_rows_cost_only_themselves(x: Any, reader: Any, canned: Any) -> None:
    """Rows without an id, or that are no objects, are handed back with their error; the good ones stay."""
    rows = [FULL, {"username": "nobody"}, None, 7, "text", ["list"], {"id": "six"}, {"id": "6"}]
    x.gives(canned(body={"data": rows, "meta": {"next_token": "t"}}))
    page = reader.followers("1000", 100, None)
    assert [profile.id for profile in page.profiles] == ["5", "6"]
    assert (page.returned, len(page.rejected), page.next_token) == (8, 6, "t")
    assert all(row.error for row in page.rejected)
    assert page.rejected[0].raw == '{"username": "nobody"}'


@pytest.mark.parametrize(
    ("body", "token"),
    [
        ({"meta": {"result_count": 0, "next_token": "more"}}, "more"),
        ({"meta": {"result_count": 0}}, None),
        ({"data": [], "meta": None}, None),
        ({"data": None, "meta": {"next_token": 7}}, "7"),
        ({"data": [], "meta": {"next_token": ""}}, None),
        ({"data": [], "meta": {"next_token": ["x"]}}, None),
        ({"data": [], "meta": ["x"], "errors": None}, None),
        ({"errors": [{"detail": "a row was left out"}], "meta": {"next_token": "on"}}, "on"),
    ],
)
def test_an_empty_page_is_a_page(x: Any, reader: Any, canned: Any, body: Any, token: str | None) -> None:
    """An empty page may go on, and need not have `data`."""
    x.gives(canned(body=body))
    page = reader.followers("1000", 100, None)
    assert (page.returned, page.next_token, page.profiles) == (0, token, ())


def test_what_is_asked_for(x: Any, reader: Any, canned: Any) -> None:
    """Page size, token and just the fields that are used; a signature, no bearer token."""
    x.gives(canned(body={"data": []}))
    reader.followers("1000", 37, "abc=")
    asked = x.seen[0]
    assert asked.path.startswith("/2/users/1000/followers?")
    assert "max_results=37" in asked.path
    assert "pagination_token=abc%3D" in asked.path
    assert "connection_status%2Ccreated_at%2Cdescription%2Centities" in asked.path
    assert asked.headers["Authorization"].startswith("OAuth ")
    reader.look_up(["5", "6", "5"])
    assert x.seen[1].path.endswith("&ids=5%2C6")
    reader.followers("1000", 1, None)
    assert "pagination_token" not in x.seen[2].path


def test_me_says_who_and_how_many_follow(x: Any, reader: Any, canned: Any) -> None:
    """`me` reads id, username and the number of followers where X says it."""
    row = {"id": "1000", "username": "acme", "public_metrics": {"followers_count": 12}}
    x.gives(canned(body={"data": row}), canned(body={"data": row | {"public_metrics": None}}))
    assert (reader.me().followers_count, reader.me().followers_count) == (12, None)


def test_credentials_of_another_account_are_refused(x: Any, reader: Any, canned: Any) -> None:
    """A reader tied to one account doesn't turn to another."""
    x.gives(canned(body={"data": {"id": "2000", "username": "other"}}))
    with pytest.raises(WrongCredentials, match="2000"):
        reader.me()
    assert reader.account_id == "1000"


def test_a_look_up_says_who_is_gone_and_why(x: Any, reader: Any, canned: Any) -> None:
    """Suspended and not found are told apart; a passing error about one id says nothing of the follower."""
    kind = "https://api.twitter.com/2/problems/resource-not-found"
    errors = [
        {"detail": "User has been suspended: [6].", "title": "Forbidden", "resource_id": "6", "type": kind},
        {"detail": "Could not find user with ids: [7].", "title": "Not Found Error", "value": "7", "type": kind},
        {"title": "Service Unavailable", "detail": "Over capacity", "resource_id": "8"},
        {"detail": "Could not find user with ids: [99].", "value": "99", "type": kind},
        "nonsense",
        None,
    ]
    x.gives(canned(body={"data": [FULL], "errors": errors}))
    found = reader.look_up(["5", "6", "7", "8"])
    assert [profile.id for profile in found.profiles] == ["5"]
    assert found.gone == {"6": "suspended", "7": "not found"}
    assert (found.returned, found.requests) == (1, 1)


def test_a_look_up_of_nobody_sends_nothing(x: Any, reader: Any) -> None:
    """No ids, no call, no cost."""
    assert reader.look_up([]).requests == 0
    assert x.seen == []


def test_an_outage_told_in_a_200_is_no_missing_account(x: Any, reader: Any, canned: Any) -> None:
    """Errors that will pass are tried again and then are X being down; only lasting ones mean not found."""
    x.gives(canned(body={"errors": [{"title": "Service Unavailable", "detail": "Over capacity"}]}))
    with pytest.raises(PlatformDown):
        reader.followers("1000", 100, None)
    assert len(x.seen) == 4
    x.gives(canned(body={"errors": [{"title": "Not Found Error"}], "meta": {"result_count": 0}}))
    with pytest.raises(NotFound):
        reader.followers("1000", 100, None)


def test_text_from_x_is_made_safe_in_messages(x: Any, reader: Any, canned: Any) -> None:
    """Control codes, bidi overrides and long texts of an error body don't reach the terminal."""
    x.gives(canned(404, {"detail": "\x1b[31mred\u202e\u200bturned\n" + "x" * 5000}))
    with pytest.raises(NotFound) as caught:
        reader.me()
    assert caught.value.message.isprintable()
    assert "red" in caught.value.message
    assert len(caught.value.message) < 400


def test_one_bad_byte_costs_one_letter(x: Any, reader: Any, canned: Any) -> None:
    """A page with invalid UTF-8 or a lone surrogate is still a page, and can be stored."""
    x.gives(canned(body=b'\xef\xbb\xbf{"data":[{"id":"5","name":"J\xffo","description":"\\ud800\\u0000"}]}'))
    page = reader.followers("1000", 100, None)
    assert page.profiles[0].name == "J\ufffdo"
    assert page.profiles[0].description is not None
    assert page.profiles[0].description.encode()


def test_gzip_is_unpacked(x: Any, reader: Any, canned: Any) -> None:
    """X packs its answers."""
    x.gives(canned(body={"data": [FULL] * 50}, trick="gzip"))
    assert reader.followers("1000", 100, None).returned == 50
