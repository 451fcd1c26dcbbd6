"""Handing over: claims, put-off cards and questions pass on, approvals never; and what the command says of it."""

from typing import Any

import pytest

from followguard.accounts.store import Accounts, People
from followguard.errors import MissingRole, UnknownPerson, UsageError
from followguard.followers.find_store import find_item
from followguard.proof.rules import Against, prove
from followguard.review.notes import add_note, ask, asked_of
from followguard.setup.hand_over import HandedOver, hand_over
from tests.builders.reviewing import APPROVE, LATER, House, a_house, order_of
from tests.builders.staffed import IDS, staffed

__all__ = ["staffed"]


@pytest.fixture
def busy(store: Any) -> House:
    """Ben has a card in hand, one put off, one approved, one question to him and one from him, and is withdrawn."""
    house = a_house(store)
    house.read("11", "12", "13", "14", "15")
    house.night()
    house.decide("12", LATER, "Ben")
    house.decide("13", APPROVE, "Ben")
    with house.store.begin() as work:
        ask(work, house.hand("Rea"), find_item(work, "14", "acme", house.settings), "Ben", "Do you know her?")
        ask(work, house.hand("Ben"), find_item(work, "15", "acme", house.settings), "Rea", "And this one?")
    assert house.desk("Ben").next().card.follower_id == "14"
    with house.store.begin() as work:
        People(work).withdraw(People(work).by_name("Ben").id, None, house.now)
    return house


def passed(house: House, before: str = "Ben", to: str = "Ada", by: str = "Ola") -> HandedOver:
    """The act."""
    with house.store.begin() as work:
        return hand_over(work, before, to, by, house.now)


def test_open_work_passes_on_and_approvals_stay(busy: House) -> None:
    """Ada has the card in hand, the put-off one and the question; the order is still Ben's; the history is proved."""
    approved_by = order_of(busy, "13").approved_by
    done = passed(busy)
    kinds = [[each.follower_id for each in cards] for cards in (done.claims, done.later, done.questions, done.left)]
    assert (kinds, done.notes) == ([["14"], ["12"], ["14"], []], 1)
    assert busy.card("14").claim.person == "Ada"
    assert "Ada looks after it" in busy.card("12").note
    with busy.store.begin() as work:
        ada, ben = (People(work).by_name(name) for name in ("Ada", "Ben"))
        assert [[each.follower_id for each in asked_of(work, one)] for one in (ada, ben)] == [["14"], []]
    assert order_of(busy, "13").approved_by == approved_by == ben.id
    assert prove(busy.store, Against()).ok


def test_twice_is_once_and_a_second_hand_over_goes_on(busy: House) -> None:
    """Nothing is left of Ben's; from Ada it goes to Rea, who asked: her own question ends."""
    passed(busy)
    assert passed(busy).number == 0
    again = passed(busy, "Ada", "Rea")
    assert (len(again.claims), len(again.later), len(again.questions)) == (1, 1, 1)
    with busy.store.begin() as work:
        assert [each.follower_id for each in asked_of(work, People(work).by_name("Rea"))] == ["15"]


def test_a_put_off_card_that_is_decided_is_nobody_s(busy: House) -> None:
    """It came back and was decided: nothing passes on."""
    busy.decide("12", APPROVE, "Ada")
    assert passed(busy).later == ()


def test_what_the_new_one_may_not_decide_stays(busy: House) -> None:
    """Of another account, and it is said; where they may decide nothing of it, nothing is done."""
    busy.read("21", account="beta")
    busy.night("beta")
    with busy.store.begin() as work:
        beta = Accounts(work).ensure("beta", busy.now).id
        People(work).grant(People(work).by_name("Ada").id, "viewer", beta, None, busy.now)
        People(work).grant(People(work).by_name("Ben").id, "approver", None, None, busy.now)
    busy.decide("21", LATER, "Ben")
    done = passed(busy)
    assert ([each.account for each in done.left], len(done.later)) == (["beta"], 1)
    with pytest.raises(MissingRole):
        passed(busy, "Ben", "Ada")


@pytest.mark.parametrize(
    ("before", "to", "by", "error"),
    [
        ("Ben", "Vic", "Ola", MissingRole),
        ("Ada", "Ben", "Ola", UsageError),
        ("Ada", "Ada", "Ola", UsageError),
        ("Zoë", "Ada", "Ola", UnknownPerson),
        ("Ben", "Zoë", "Ola", UnknownPerson),
        ("Ben", "Ada", "Rea", MissingRole),
    ],
    ids=["viewer", "withdrawn", "oneself", "from a stranger", "to a stranger", "no owner"],
)
def test_who_cannot_take_or_give_is_told(busy: House, before: str, to: str, by: str, error: type[Exception]) -> None:
    """Nothing passes on."""
    with pytest.raises(error):
        passed(busy, before, to, by)
    assert busy.card("14").claim.person == "Ben"


def test_the_command_counts_and_names_them(staffed: Any) -> None:
    """In text with the days, and in JSON; the log tells of it."""
    staffed("review", "later", IDS[0], "--until", "+7", "--by", "Rea")
    staffed("review", "note", IDS[1], "Hm.", "--by", "Rea")
    out = staffed("person", "hand-over", "Rea", "--to", "Ann", "--by", "Ann").out
    assert f"Put off by Rea, Ann's now: 1 card\n  @acme: item:1 @person_{IDS[0]}, until " in out
    assert "1 note of Rea on undecided cards stay" in out
    done = staffed("person", "hand-over", "Rea", "--to", "Ann", "--by", "Ann", "--json").json
    assert (done["from"], done["to"], done["later"], done["notes"]) == ("Rea", "Ann", [], 1)
    assert "Ann handed the work of Rea over to Ann" in staffed("log").out
    assert staffed("prove").code == 0


def test_notes_of_the_old_one_stay_by_their_name(busy: House) -> None:
    """Everybody sees them; the new one answers what is asked of them now."""
    passed(busy)
    with busy.store.begin() as work:
        item = find_item(work, "14", "acme", busy.settings)
        add_note(work, busy.hand("Ada"), item, "Yes.")
        assert asked_of(work, People(work).by_name("Ada")) == []
