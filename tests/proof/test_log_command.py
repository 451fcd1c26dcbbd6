"""`followguard log`: text and JSON, its filters, and what is left of somebody who was forgotten."""

from typing import Any

import pytest

from tests.builders.staffed import IDS, staffed

__all__ = ["staffed"]


def test_it_tells_who_did_what(staffed: Any) -> None:
    """In text with time, account and names, and the same in JSON."""
    staffed("review", "reject", IDS[0], "--reason", "not_relevant", "--real", "--by", "Rea")
    staffed("review", "approve", IDS[1], "--by", "Ann")
    staffed("account", "pause", "--by", "Ann")
    out = staffed("log").out
    assert f"@acme Rea rejected @person_{IDS[0]} (item:1): not relevant for us, a real account" in out
    assert out.index("approved") < out.index("@acme Ann paused following")
    assert "Ann made Rea reviewer" in out
    rows = staffed("log", "--by", "Rea", "--json").json
    assert [(each["kind"], each["by"], each["username"]) for each in rows] == [
        ("decision.reject", "Rea", f"person_{IDS[0]}")
    ]
    assert [each["kind"] for each in staffed("log", "--limit", "1", "--json").json] == ["account.pause"]
    assert staffed("log", "--since", "2999-01-01", "--json").json == []


def test_a_forgotten_follower_has_no_name_in_it(staffed: Any) -> None:
    """That something was decided, when and by whom stays; about whom is gone, and the entry says so."""
    staffed("review", "reject", IDS[0], "--reason", "spam", "--by", "Rea")
    staffed("review", "note", IDS[0], "Hello.", "--by", "Rea")
    assert len(staffed("log", "--follower", IDS[0], "--json").json) == 2
    staffed("forget", IDS[0], "--yes", "--by", "Ann")
    out = staffed("log").out
    assert "Rea rejected a forgotten follower (the details are erased)" in out
    assert "Rea put a note on the card of a forgotten follower (the details are erased)" in out
    assert (IDS[0] in out, f"person_{IDS[0]}" in out) == (False, False)
    assert "Ann had a follower forgotten" in out
    assert staffed("log", "--follower", IDS[0]).code == 1
    assert {each["erased"] for each in staffed("log", "--by", "Rea", "--json").json} == {True}


@pytest.mark.parametrize(
    "args",
    [("--by", "Zoë"), ("--account", "nobody"), ("--since", "yesterday"), ("--since", ""), ("--limit", "-1")],
    ids=" ".join,
)
def test_wrong_filters_are_refused(staffed: Any, args: tuple[str, ...]) -> None:
    """Wrong usage, and nothing on stdout."""
    done = staffed("log", *args)
    assert (done.code, done.out) == (2, "")
