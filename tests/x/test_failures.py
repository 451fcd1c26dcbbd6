"""Every way in which X refuses or fails becomes one error of the closed tree, with a next step."""

from typing import Any

import pytest

from followguard.errors import (
    AccessRefused,
    AnswerLost,
    CreditsUsedUp,
    NotFound,
    PlatformDown,
    RateLimited,
    RequestRefused,
    TargetRefused,
    TokenExpired,
    UnknownRefusal,
    WrongCredentials,
    XError,
)
from followguard.x.gateway import open_reader, open_writer
from followguard.x.refusals import REFUSALS

TOKEN_400 = {
    "errors": [{"parameters": {"pagination_token": ["x"]}, "message": "The `pagination_token` value [x] is not valid"}],
    "title": "Invalid Request",
    "detail": "One or more parameters to your request was invalid.",
    "type": "https://api.twitter.com/2/problems/invalid-request",
}
SIZE_400 = {"errors": [{"parameters": {"max_results": ["0"]}, "message": "must be between 1 and 1000"}]}
ODD_BODIES = [[], None, "text", 7, True, {}, {"errors": None}, {"errors": "text"}, {"errors": {"code": 1}},
              {"errors": [None, 7, "text", []]}, {"error": None}, {"detail": None}, [{"message": "x"}], b"",
              b"<html>Just a moment...</html>", b"{", b"\xff\xfe", b"[" * 100_000, b"9" * 10_000]  # fmt: skip
STATUSES = [
    (400, RequestRefused),
    (401, WrongCredentials),
    (402, CreditsUsedUp),
    (403, UnknownRefusal),
    (404, NotFound),
    (405, RequestRefused),
    (410, RequestRefused),
    (429, RateLimited),
    (500, PlatformDown),
    (503, PlatformDown),
    (520, PlatformDown),
    (600, PlatformDown),
]


@pytest.mark.parametrize(("status", "error"), STATUSES)
@pytest.mark.parametrize("body", ODD_BODIES, ids=lambda body: repr(body)[:25])
def test_an_odd_error_body_changes_nothing(
    x: Any, reader: Any, canned: Any, status: int, error: type[XError], body: Any
) -> None:
    """Lists, null, HTML, nothing or nonsense with a bad status: the status decides, and nothing else is raised."""
    x.gives(canned(status, body))
    with pytest.raises(error) as caught:
        reader.followers("1000", 100, None)
    assert type(caught.value) is error
    assert caught.value.next_step
    assert f"({status}, followers for account 1000" in caught.value.message


@pytest.mark.parametrize("body", [*ODD_BODIES, b'{"data":[{"id":"5"', {"data": 7}, {"data": {"id": "5"}}], ids=repr)
def test_an_odd_2xx_body_is_tried_again_and_then_x_is_down(x: Any, reader: Any, canned: Any, body: Any) -> None:
    """HTML, cut JSON or JSON of another shape under a 200 never becomes an empty list."""
    x.gives(canned(200, body))
    with pytest.raises((PlatformDown, NotFound)) as caught:
        reader.followers("1000", 100, None)
    assert caught.value.next_step
    assert len(x.seen) == (1 if isinstance(caught.value, NotFound) else 4)


FORBIDDEN = [
    ({"title": "SpendCapReached", "detail": "Your account reached its spend cap, calls are blocked."}, CreditsUsedUp),
    ({"type": "https://api.twitter.com/2/problems/usage-capped", "title": "UsageCapExceeded"}, CreditsUsedUp),
    ({"detail": "You have been blocked from following this account at the request of the user."}, TargetRefused),
    ({"errors": [{"code": 160, "message": "You've already requested to follow jo."}]}, TargetRefused),
    ({"errors": [{"code": "162"}]}, TargetRefused),
    ({"errors": [{"code": 158, "message": "You can't follow yourself."}]}, TargetRefused),
    ({"errors": [{"code": 161, "message": "You are unable to follow more people at this time."}]}, RateLimited),
    ({"errors": [{"code": 64, "message": "Your account is suspended and is not permitted."}]}, AccessRefused),
    (
        {"errors": [{"code": 326, "message": "To protect our users, this account is temporarily locked."}]},
        AccessRefused,
    ),
    ({"type": "https://api.twitter.com/2/problems/oauth1-permissions", "detail": "app permissions"}, AccessRefused),
    ({"detail": "You are not permitted to perform this action."}, UnknownRefusal),
    ({"title": "Forbidden"}, UnknownRefusal),
    ({}, UnknownRefusal),
]


@pytest.mark.parametrize(("body", "error"), FORBIDDEN, ids=lambda part: str(part)[:40])
def test_a_403_to_a_follow_is_told_apart(x: Any, writer: Any, canned: Any, body: Any, error: type[XError]) -> None:
    """One follower, the plan, the account, the money: an unknown 403 stops the batch, and none is sent twice."""
    x.gives(canned(403, body))
    with pytest.raises(error) as caught:
        writer.follow("1000", "5")
    assert type(caught.value) is error
    assert "follower 5 of account 1000" in caught.value.message
    assert len(x.seen) == 1


def test_a_cap_is_no_rate_limit(x: Any, reader: Any, canned: Any) -> None:
    """A 429 for a used-up cap isn't waited for: only money helps."""
    x.gives(canned(429, {"title": "UsageCapExceeded", "type": "https://api.twitter.com/2/problems/usage-capped"}))
    with pytest.raises(CreditsUsedUp):
        reader.me()
    assert len(x.seen) == 1


@pytest.mark.parametrize(
    ("body", "token", "error"),
    [
        (TOKEN_400, "x", TokenExpired),
        (TOKEN_400, None, RequestRefused),
        (SIZE_400, "x", RequestRefused),
        ({"title": "Invalid Request"}, "x", TokenExpired),
        ({"title": "Invalid Request"}, None, RequestRefused),
    ],
)
def test_a_400_for_a_page_token_starts_the_list_again(
    x: Any, reader: Any, canned: Any, body: Any, token: str | None, error: type[XError]
) -> None:
    """Only a call that carried a token can have an expired one."""
    x.gives(canned(400, body))
    with pytest.raises(error) as caught:
        reader.followers("1000", 100, token)
    assert type(caught.value) is error


@pytest.mark.parametrize("trick", ["cut", "reset", "bad-gzip", "hang"])
def test_a_failing_connection_is_tried_four_times(x: Any, reader: Any, canned: Any, naps: Any, trick: str) -> None:
    """Cut, reset, garbled or hanging answers: four tries with growing waits, and then an error."""
    x.gives(canned(200, {"data": []}, trick=trick))
    with pytest.raises(PlatformDown) as caught:
        reader.followers("1000", 100, None)
    assert caught.value.exit_code == 75
    assert (len(x.seen), reader.calls) == (4, 4)
    assert naps.taken == [0.5, 1.0, 2.0]


def test_a_server_that_hangs_does_not_get_all_four_tries(patience: Any, naps: Any) -> None:
    """After a minute of failing no further try begins, so that a hung X costs minutes and not the night."""
    from followguard.x.retry import with_patience

    tries: list[float] = []

    def hang() -> None:
        tries.append(naps.now)
        naps.now += 30.0
        raise PlatformDown("no answer in time")

    with pytest.raises(PlatformDown):
        with_patience(hang, patience, lambda: 0.0)
    assert tries == [0.0, 30.5]


@pytest.mark.parametrize("trick", ["cut", "reset", "bad-gzip", "hang"])
def test_the_last_try_may_still_succeed(x: Any, reader: Any, canned: Any, trick: str) -> None:
    """Three failures and a good answer are a good answer, and its receipt says four requests."""
    bad = [canned(200, {"data": []}, trick=trick) for _ in range(3)]
    x.gives(*bad, canned(200, {"data": [{"id": "5"}]}))
    page = reader.followers("1000", 100, None)
    assert (page.returned, page.requests, reader.calls) == (1, 4, 4)


def test_an_answer_that_trickles_is_given_up(x: Any, canned: Any, credentials: Any, now: Any) -> None:
    """A byte now and then doesn't hold the night up: the whole answer has its own bound."""
    from followguard.x.retry import Patience
    from followguard.x.session import Timeouts

    impatient = Patience(tries=1, timeouts=Timeouts(connect=0.3, read=0.3, whole=0.2))
    reader = open_reader(credentials, x.url, lambda: now, "1000", patience=impatient)
    x.gives(canned(trick="drip"))
    with pytest.raises(PlatformDown, match="too slowly"):
        reader.me()
    reader.close()


def test_an_endless_answer_is_given_up(x: Any, reader: Any, canned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer larger than any page, packed or not, isn't read to its end."""
    monkeypatch.setattr("followguard.x.session.LARGEST_ANSWER", 1000)
    x.gives(canned(200, b" " * 100_000, trick="gzip"))
    with pytest.raises(PlatformDown, match="larger than"):
        reader.me()


def test_nobody_there(credentials: Any, now: Any, patience: Any) -> None:
    """A refused connection is X being down: for a read after four tries, for a follow at once."""
    nobody = "http://127.0.0.1:9"
    reader = open_reader(credentials, nobody, lambda: now, "1000", patience=patience)
    with pytest.raises(PlatformDown, match="refused"):
        reader.me()
    assert reader.calls == 4
    writer = open_writer(credentials, nobody, "1000", lambda: now, patience=patience)
    with pytest.raises(PlatformDown) as caught:
        writer.follow("1000", "5")
    assert not isinstance(caught.value, AnswerLost)
    assert writer.calls == 1


def test_a_name_that_cannot_be_looked_up(
    credentials: Any, now: Any, patience: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No DNS: nothing was sent, so a follow isn't lost."""
    import socket

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    writer = open_writer(credentials, "https://api.x.com", "1000", lambda: now, patience=patience)
    with pytest.raises(PlatformDown, match="looked up") as caught:
        writer.follow("1000", "5")
    assert type(caught.value) is PlatformDown


def test_every_row_of_the_table_is_reachable_and_tells_the_next_step() -> None:
    """Names are unique, each row has something to match by, a message and a next step; the last takes all."""
    assert len({row.name for row in REFUSALS}) == len(REFUSALS)
    assert all(row.next_step and row.what and (row.words or row.codes) for row in REFUSALS)
    assert all(word == word.lower() for row in REFUSALS for word in row.words)
    assert (REFUSALS[-1].statuses, REFUSALS[-1].words) == ((100, 999), ("",))
