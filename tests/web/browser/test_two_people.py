"""Several people at once: nobody gets a card that another has, and each sees that the other is there."""

from typing import Any

from tests.builders.browser_desk import RunningDesk, Seat
from tests.builders.browser_requests import decision, send


def in_hand(desk: RunningDesk) -> dict[str, set[int]]:
    """Person -> cards that are theirs now."""
    rows = desk.house.rows("SELECT p.name, i.id FROM items i JOIN people p ON p.id = i.claimed_by")
    return {name: {item for other, item in rows if other == name} for name, _ in rows}


def test_two_people_share_the_cards(desk: RunningDesk, seat: Any) -> None:
    """Turn by turn until nothing is left: never the same card, each card once, and both counts add up."""
    ada, ben = seat(desk).sit("Ada"), seat(desk).sit("Ben")
    assert not set.intersection(*in_hand(desk).values())
    met: list[str] = []
    while met.count("end") < 2:
        for one, key, words in ((ada, "a", "Approved"), (ben, "r", "Rejected")):
            if one.page.locator("#hand > .end").count():
                met.append("end")
                continue
            met.append(one.key)
            one.decide(key, words)
    cards = [each for each in met if each != "end"]
    assert len(cards) == len(set(cards)) == 6
    assert len(desk.kinds()) == 6


def test_each_sees_that_the_other_has_cards(quick_desk: RunningDesk, seat: Any) -> None:
    """Beside the card; the cards come back when the other leaves."""
    ada = seat(quick_desk).sit("Ada")
    ben = seat(quick_desk).sit("Ben")
    assert "Ada has 3 of the cards." in ben.page.locator("#queue").inner_text()
    ada.open("/you")
    quick_desk.answered("POST /desk/leave")
    ben.decide("s", "Left on the list.")
    ben.page.wait_for_function("() => !document.querySelector('#queue').textContent.includes('Ada has')")


def test_a_card_that_another_has_cant_be_asked_for(quick_desk: RunningDesk, seat: Any) -> None:
    """A request made up for it decides nothing, neither with one's own word nor with the other person's."""
    ada, ben = seat(quick_desk).sit("Ada"), seat(quick_desk).sit("Ben")
    theirs, own = decision(ben, "reject", reason="spam"), decision(ada, "reject", reason="spam")
    for body in (theirs, own | {"item": theirs["item"]}, theirs | {"item": own["item"]}):
        assert send(ada, "/desk/decide", body).status == 409
    assert quick_desk.kinds() == []


def test_both_press_at_once(quick_desk: RunningDesk, seat: Any) -> None:
    """One card each, from two browsers at the same moment."""
    people = [seat(quick_desk).sit(name) for name in ("Ada", "Ben")]
    keys = [one.key for one in people]
    for one in people:
        one.press("r")
    for one, key in zip(people, keys, strict=True):
        one.moves_on(key)
    assert sorted(f"item:{row[0]}" for row in quick_desk.house.rows("SELECT item_id FROM decisions")) == sorted(keys)


def test_a_claim_that_ran_out_meanwhile(quick_desk: RunningDesk, seat: Any) -> None:
    """Ada was away for an hour and Ben has decided her card: her key says so and decides nothing."""
    ada = seat(quick_desk).sit("Ada")
    key = ada.key
    quick_desk.pass_time(minutes=60)
    ben: Seat = seat(quick_desk).sit("Ben")
    assert ben.key == key
    ben.decide("r", "Rejected")
    ada.press("a")
    ada.page.locator("#said.refused").wait_for()
    ada.moves_on(key)
    assert quick_desk.kinds() == ["reject"]
    ada.decide("r", "Rejected")
