"""Every recorded or documented body of X goes through the gateway; the outcome is stated file by file."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from followguard.errors import (
    AccessRefused,
    AnswerLost,
    CreditsUsedUp,
    NotFound,
    PlatformDown,
    RateLimited,
    TargetRefused,
    UnknownRefusal,
    WrongCredentials,
)
from tests.builders.places import SHARED

BODIES = SHARED / "x-api-bodies"
ASKED = ["44196397", "783214", "2881117795", "1000082502030065665"]


def ask_me(reader: Any, writer: Any) -> Any:
    """GET /2/users/me"""
    return reader.me()


def ask_followers(reader: Any, writer: Any) -> Any:
    """GET /2/users/:id/followers"""
    return reader.followers("1000", 100, None)


def ask_look_up(reader: Any, writer: Any) -> Any:
    """GET /2/users?ids="""
    return reader.look_up(ASKED)


def ask_follow(reader: Any, writer: Any) -> Any:
    """POST /2/users/:id/following"""
    return writer.follow("1000", "5")


def page(returned: int, *, more: bool) -> Callable[[Any], bool]:
    """A page with so many rows, all of them good."""
    return lambda got: (
        (len(got.profiles), got.returned, got.rejected, got.next_token is not None) == (returned, returned, (), more)
    )


def seen(returned: int, **gone: str) -> Callable[[Any], bool]:
    """A look-up that shows so many and names those gone."""
    return lambda got: (len(got.profiles), got.gone) == (returned, {name[1:]: why for name, why in gone.items()})


def followed(got: Any) -> bool:
    """The follow was taken."""
    return got.following and not got.pending


OUTCOMES: list[tuple[str, Callable[[Any, Any], Any], Any]] = [
    ("01-", ask_followers, page(100, more=True)),
    ("02-", ask_followers, page(84, more=True)),
    ("03-", ask_followers, page(35, more=False)),
    ("04-", ask_followers, page(100, more=True)),
    ("05-", ask_follow, followed),
    ("06-", ask_follow, followed),
    ("07-", ask_follow, lambda got: not got.following and not got.pending),
    ("08-", ask_me, WrongCredentials),
    ("09-", ask_me, WrongCredentials),
    ("10-", ask_me, WrongCredentials),
    ("10-", ask_look_up, PlatformDown),
    ("11-", ask_look_up, seen(2)),
    ("12-", ask_followers, page(1, more=False)),
    ("13-", ask_followers, page(100, more=True)),
    ("14-", ask_followers, page(100, more=True)),
    ("15-", ask_followers, page(43, more=False)),
    ("16-", ask_followers, page(38, more=False)),
    ("17-", ask_followers, CreditsUsedUp),
    ("17-", ask_follow, CreditsUsedUp),
    ("18-", ask_followers, AccessRefused),
    ("18-", ask_follow, AccessRefused),
    ("19-", ask_follow, AccessRefused),
    ("19-", ask_followers, AccessRefused),
    ("20-", ask_follow, AccessRefused),
    ("20-", ask_me, AccessRefused),
    ("21-", ask_follow, TargetRefused),
    ("21-", ask_followers, UnknownRefusal),
    ("22-", ask_followers, RateLimited),
    ("22-", ask_follow, RateLimited),
    ("23-", ask_followers, NotFound),
    ("23-", ask_look_up, seen(0, _2881117795="suspended")),
    ("23-", ask_follow, TargetRefused),
    ("24-", ask_followers, NotFound),
    ("24-", ask_look_up, NotFound),
    ("25-", ask_followers, NotFound),
    ("25-", ask_look_up, seen(0, _1000082502030065665="not shown to us")),
    ("26-", ask_look_up, seen(1)),
    ("26-", ask_followers, page(1, more=False)),
    ("27-", ask_look_up, RateLimited),
    ("28-", ask_me, WrongCredentials),
    ("28-", ask_follow, WrongCredentials),
    ("29-", ask_followers, AccessRefused),
    ("29-", ask_follow, AccessRefused),
    ("30-", ask_followers, PlatformDown),
    ("30-", ask_follow, AnswerLost),
]


def index() -> list[dict[str, Any]]:
    """The index of the bodies, or a skip with the reason."""
    if not (BODIES / "INDEX.json").exists():
        pytest.skip("the recorded bodies of X (../shared/x-api-bodies) aren't on this machine")
    return json.loads((BODIES / "INDEX.json").read_text("utf-8"))


@pytest.mark.parametrize(("prefix", "ask", "outcome"), OUTCOMES, ids=lambda part: getattr(part, "__name__", str(part)))
def test_a_body_of_x_has_the_stated_outcome(
    x: Any, reader: Any, writer: Any, canned: Any, prefix: str, ask: Any, outcome: Any
) -> None:
    """The body with its recorded status gives the stated result, or the stated error with a next step."""
    entry = next(entry for entry in index() if entry["file"].startswith(prefix))
    x.gives(canned(entry["status"], (BODIES / entry["file"]).read_bytes()))
    if isinstance(outcome, type):
        with pytest.raises(outcome) as caught:
            ask(reader, writer)
        assert type(caught.value) is outcome
        assert caught.value.next_step
        assert "1000" in caught.value.message
    else:
        assert outcome(ask(reader, writer))


def test_every_body_has_a_stated_outcome() -> None:
    """No file of the folder is left out of the table."""
    assert {entry["file"][:3] for entry in index()} == {prefix for prefix, _, _ in OUTCOMES}


def test_rate_headers_of_recorded_pages_are_read(x: Any, reader: Any, canned: Any) -> None:
    """The recorded headers say that calls are left, so nothing waits."""
    entry = next(entry for entry in index() if entry["file"].startswith("02-"))
    limits = {name: value for name, value in entry["response_headers"].items() if name.startswith("x-rate")}
    x.gives(canned(200, (BODIES / entry["file"]).read_bytes(), limits))
    assert reader.followers("1000", 100, None).requests == 1
    assert reader._line.ledger.block("followers") is None
