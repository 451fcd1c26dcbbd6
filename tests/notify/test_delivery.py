"""Delivered: each target is asked once, none waits for another, and no secret comes back out."""

import time

import pytest

from followguard.notify.delivery import LONGEST, SILENT, Letter, Message, deliver, is_known
from followguard.notify.targets import Addressee, Target, named
from tests.builders.listening import Listener

SECRET = "s3cr3t-t0ken"
HELLO = Message("A night", "24 cards")


def letter(address: str, name: str = "json") -> Letter:
    """Says hello to the address."""
    return Letter(Addressee(name, address), HELLO)


def test_a_target_gets_the_message_once(listener: Listener) -> None:
    """Real HTTP: one request, with subject and text as they are."""
    (done,) = deliver([letter(listener.target("chat"))])
    assert (done.ok, done.as_json()) == (True, {"target": "json", "ok": True, "why": None})
    assert listener.texts("chat") == ["A night\n24 cards"]


@pytest.mark.parametrize(
    ("path", "why"),
    [("500/", "it answered with error 500"), ("401/", "it answered with error 401")],
)
def test_a_refusal_is_told_by_its_number(listener: Listener, path: str, why: str) -> None:
    """What the target says is never repeated."""
    (done,) = deliver([letter(listener.target(path + SECRET))])
    assert (done.ok, done.why, done.certain) == (False, why, True)


def test_a_dead_and_a_foreign_target_are_failures(capfd: pytest.CaptureFixture[str]) -> None:
    """Nobody listens there; apprise knows no such kind; nothing of either is printed."""
    dead, foreign = deliver([letter(f"json://127.0.0.1:9/{SECRET}"), letter(f"nochat://{SECRET}")])
    assert dead.why == "it couldn't be reached, or refused"
    assert "apprise doesn't know such an address" in foreign.why
    assert SECRET not in "".join(capfd.readouterr()) + repr((dead, foreign))


def test_a_hanging_target_keeps_nobody_waiting(listener: Listener) -> None:
    """All together take no longer than was said; the others are served; it is left open whether it arrived."""
    began = time.monotonic()
    hanging, fine = deliver([letter(listener.target("hang"), "slow"), letter(listener.target("chat"))], seconds=1.5)
    assert time.monotonic() - began < 4
    assert (hanging.target, hanging.why, hanging.certain) == ("slow", SILENT.format(seconds=1.5), False)
    assert fine.ok


def test_a_target_that_never_answers_is_uncertain_by_its_own_patience_too(listener: Listener) -> None:
    """apprise gives up after its read timeout: the message was sent, and perhaps taken."""
    (done,) = deliver([letter(f"{listener.target('hang')}?rto=0.5")])
    assert (done.ok, done.certain) == (False, False)


def test_a_long_message_is_cut(listener: Listener) -> None:
    """Chats refuse what is longer than they take."""
    deliver([Letter(Addressee("json", listener.target("chat")), Message("t", "word " * 2_000))])
    assert len(listener.messages[0][1]["message"]) <= LONGEST


def test_an_address_is_known_without_being_asked(listener: Listener) -> None:
    """Doctor asks apprise only."""
    assert is_known(listener.target("chat"))
    assert is_known("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    assert not is_known("nochat://x")
    assert not is_known("TEAM_CHAT")
    assert listener.messages == []


def test_a_target_is_called_by_its_kind_and_place() -> None:
    """Neither its name nor its repr shows the address."""
    found = named(Target(f"discord://1/{SECRET}", "1st of notify.targets"), {})
    assert found.name == "discord (1st of notify.targets)"
    held = named(Target("TEAM_CHAT", "2nd of notify.targets"), {"TEAM_CHAT": f'"json://host/{SECRET}" '})
    assert (held.name, held.address) == ("json in TEAM_CHAT (2nd of notify.targets)", f"json://host/{SECRET}")
    assert SECRET not in repr((found, held, Target(SECRET, "here")))
