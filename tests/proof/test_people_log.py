"""The log for people: every entry in words, the newest last, by person, account, follower, day and page."""

from datetime import timedelta
from time import perf_counter
from typing import Any

import pytest

from followguard.errors import UnknownFollower, UnknownPerson
from followguard.proof.log_line import LogFilter, LogLine
from followguard.proof.people_log import actor_named, follower_named, read_log
from followguard.review.notes import add_note, ask
from followguard.review.undo import undo
from followguard.store.log import Log
from tests.builders.reviewing import APPROVE, SPAM, House, a_house


def lines(house: House, **wanted: Any) -> list[LogLine]:
    """What the filter lets through."""
    with house.store.begin() as work:
        return read_log(work, LogFilter(**wanted))


def told(house: House, **wanted: Any) -> list[str]:
    """The same as who did what."""
    return [f"{each.by} {each.words}" for each in lines(house, **wanted)]


@pytest.fixture
def busy(store: Any) -> House:
    """A rejection, an approval with its order, an undo, a note and a question, a minute apart."""
    ready = a_house(store)
    ready.read("11", "12", "13")
    ready.night()
    items = {each: ready.card(each).item for each in ("11", "12", "13")}
    for act in (
        lambda: ready.decide("12", SPAM, "Ben"),
        lambda: ready.decide("13", APPROVE, "Ada"),
        lambda: undo(ready.hand("Ada"), "13"),
    ):
        act()
        ready.now += timedelta(minutes=1)
    with ready.store.begin() as work:
        add_note(work, ready.hand("Rea"), items["12"], "Secret text.")
        ask(work, ready.hand("Rea"), items["13"], "Ada", "Really?")
    return ready


def test_it_tells_in_words_who_did_what(busy: House) -> None:
    """The newest last, with the username and the card; a note's text isn't in it."""
    item = {each: busy.card(each).item for each in ("12", "13")}
    assert told(busy)[-7:] == [
        f"Ben rejected @person_12 (item:{item['12']}): spam",
        f"Ada approved @person_13 (item:{item['13']})",
        f"Ada queued the follow of @person_13 (item:{item['13']})",
        f"Ada voided the follow of @person_13 (item:{item['13']})",
        f"Ada took back a decision about @person_13 (item:{item['13']})",
        f"Rea put a note on the card of @person_12 (item:{item['12']})",
        f"Rea asked Ada about @person_13 (item:{item['13']})",
    ]
    assert "Secret" not in " ".join(told(busy))


def test_filters_narrow_it(busy: House) -> None:
    """By person, account, follower and time; entries that only name rows are left out unless asked for."""
    with busy.store.begin() as work:
        ben, rea = actor_named(work, "Ben"), actor_named(work, "Rea")
        twelve = follower_named(work, "@PERSON_12")
    assert [each.kind for each in lines(busy, actor=ben)] == ["decision.reject"]
    assert [each.kind for each in lines(busy, actor=rea)] == ["note.add", "note.ask"]
    assert [each.kind for each in lines(busy, follower_id=twelve)] == ["decision.reject", "note.add"]
    assert lines(busy, account="beta", actor=ben) == []
    assert [each.kind for each in lines(busy, since=busy.now)] == ["note.add", "note.ask"]
    assert len(lines(busy, rows=True)) > len(lines(busy))


def test_pages_follow_each_other(busy: House) -> None:
    """Two at a time, from the newest back, gives all of it."""
    every, paged, before = lines(busy, limit=0), [], None
    while part := lines(busy, limit=2, before=before):
        paged, before = part + paged, part[0].seq
    assert paged == every
    assert [each.seq for each in every] == sorted(each.seq for each in every)


def test_nobody_unknown_is_looked_for(busy: House) -> None:
    """A name that nobody has, or nobody any more, is an error and not an empty list."""
    with busy.store.begin() as work:
        with pytest.raises(UnknownPerson):
            actor_named(work, "Zoë")
        with pytest.raises(UnknownFollower):
            follower_named(work, "@nobody")
        assert actor_named(work, "followguard") == "followguard"


def test_five_thousand_entries_are_read_in_no_time(sqlite_store: Any) -> None:
    """All of them, and a page of them in a moment."""
    house = a_house(sqlite_store)
    house.read("11")
    house.night()
    with house.store.begin() as work:
        for number in range(5_000):
            Log(work).append(house.now, "decision.later", "acme", "p-ada", {"follower_id": "11", "item": number})
    for wanted, most in (({"limit": 0}, 1.0), ({"limit": 100}, 0.2), ({"limit": 100, "follower_id": "11"}, 0.2)):
        began = perf_counter()
        assert len(lines(house, **wanted)) >= 100
        assert perf_counter() - began < most
