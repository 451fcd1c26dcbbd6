"""The follow call: made once, for our own account, and never guessed at."""

import json
from typing import Any

import pytest

from followguard.errors import AnswerLost, PlatformDown, RateLimited, WrongCredentials
from followguard.x.contract import FollowAnswer

TAKEN = {"data": {"following": True, "pending_follow": False}}


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (TAKEN, FollowAnswer(following=True, pending=False)),
        ({"data": {"following": False, "pending_follow": True}}, FollowAnswer(following=False, pending=True)),
        ({"data": {"following": True}}, FollowAnswer(following=True, pending=False)),
        ({"data": {"following": True, "pending_follow": None}}, FollowAnswer(following=True, pending=False)),
    ],
)
def test_what_x_says_of_a_follow(x: Any, writer: Any, canned: Any, body: Any, answer: FollowAnswer) -> None:
    """X says followed, or asked to follow where the follower is protected."""
    x.gives(canned(body=body))
    assert writer.follow("1000", "5") == answer


def test_the_call_is_made_for_our_own_account(x: Any, writer: Any, canned: Any) -> None:
    """The path holds the account's id, not what stands before the dash of the access token."""
    x.gives(canned(body=TAKEN))
    writer.follow("1000", "5")
    assert (x.seen[0].method, x.seen[0].path) == ("POST", "/2/users/1000/following")
    assert json.loads(x.seen[0].body) == {"target_user_id": "5"}


@pytest.mark.parametrize("trick", ["cut", "reset", "bad-gzip", "hang"])
def test_an_answer_that_never_came_is_lost_and_not_repeated(
    x: Any, writer: Any, canned: Any, naps: Any, trick: str
) -> None:
    """X may have followed: one request, no wait, and an error that says how it is settled."""
    x.gives(canned(200, TAKEN, trick=trick))
    with pytest.raises(AnswerLost) as caught:
        writer.follow("1000", "5")
    assert (len(x.seen), writer.calls, naps.taken) == (1, 1, [])
    assert "follower 5" in caught.value.message
    assert "settles it" in caught.value.next_step


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"title": "Internal Server Error"}),
        (502, "<html>Bad gateway</html>"),
        (503, []),
        (504, b""),
        (408, {}),
        (303, {}),
        (200, "<html></html>"),
        (200, b'{"data":{"follow'),
        (200, []),
        (200, None),
        (200, {"data": {}}),
        (200, {"data": {"following": "yes"}}),
        (200, {"errors": [{"title": "Service Unavailable"}]}),
        (204, b""),
    ],
)
def test_an_answer_that_says_neither_yes_nor_no_is_lost(
    x: Any, writer: Any, canned: Any, status: int, body: Any
) -> None:
    """5xx and unreadable answers to a follow aren't repeated either."""
    x.gives(canned(status, body))
    with pytest.raises(AnswerLost):
        writer.follow("1000", "5")
    assert len(x.seen) == 1


def test_a_rate_limit_on_follows_is_not_retried(x: Any, writer: Any, canned: Any, naps: Any, now: Any) -> None:
    """A rate limit isn't waited for, even when it would soon be over: the job decides about the next attempt."""
    soon = str(int(now.timestamp()) + 5)
    x.gives(canned(429, {}, {"x-rate-limit-remaining": "0", "x-rate-limit-reset": soon}))
    with pytest.raises(RateLimited):
        writer.follow("1000", "5")
    assert (len(x.seen), naps.taken) == (1, [])


def test_a_refused_follow_is_not_lost(x: Any, writer: Any, canned: Any) -> None:
    """A clear no is a clear no."""
    x.gives(canned(401, {"title": "Unauthorized"}))
    with pytest.raises(WrongCredentials):
        writer.follow("1000", "5")


def test_each_follow_has_its_own_connection(x: Any, writer: Any, canned: Any) -> None:
    """A kept connection that died unnoticed would lose an answer for nothing."""
    x.gives(canned(body=TAKEN))
    for follower in ("5", "6", "7"):
        writer.follow("1000", follower)
        pools = writer._line.adapter.poolmanager.pools
        assert len(pools) == 0


def test_a_bad_certificate_means_that_nothing_was_sent() -> None:
    """Only a failure before sending may be called one; anything else counts as sent."""
    import ssl

    import requests

    from followguard.x.session import Unanswered, Watch, answer_of

    def refuse() -> Any:
        raise requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed"))

    def break_off() -> Any:
        raise requests.exceptions.SSLError(ssl.SSLEOFError("EOF"))

    with pytest.raises(Unanswered, match="certificate") as unsent:
        answer_of(refuse, Watch(), 1.0)
    with pytest.raises(Unanswered) as maybe:
        answer_of(break_off, Watch(), 1.0)
    assert (unsent.value.sent, maybe.value.sent) == (False, True)


def test_lost_is_a_kind_of_down() -> None:
    """A lost answer is treated wherever X is treated as down: the next run goes on."""
    assert issubclass(AnswerLost, PlatformDown)
