"""The desk without a screen: which card comes next, for whom, and what a session leaves behind."""

from datetime import timedelta

import pytest

from followguard.accounts.store import Accounts, People
from followguard.domain.labels import RejectReason
from followguard.domain.policy import HoldingBack
from followguard.errors import AlreadyDecided, MissingRole, UnknownPerson
from followguard.review.desk.session import OfferedBatch, ShownCard
from followguard.review.store import Decisions
from tests.builders.reviewing import APPROVE, SPAM, look_alikes


@pytest.fixture
def waiting(lite_house):
    """Three cards of acme and one of beta."""
    house = lite_house
    house.p_spam = {"11": 0.01, "12": 0.2, "13": 0.5, "21": 0.1}
    house.read("11", "12", "13")
    house.read("21", account="beta")
    house.night()
    house.night("beta")
    return house


def through(desk, choice=SPAM) -> list[str]:
    """Decides everything; the followers in the order they came."""
    seen = []
    while (shown := desk.next()) is not None:
        assert isinstance(shown, ShownCard)
        seen.append(shown.card.follower_id)
        desk.decide(shown, choice)
    return seen


def test_it_goes_through_one_account_after_the_other(waiting) -> None:
    """In the order of the configuration, each genuine before unsure; then nothing is left."""
    assert through(waiting.desk()) == ["11", "12", "13", "21"]
    assert list(waiting.settings) == ["acme", "beta"]


def test_two_people_never_get_one_card(house) -> None:
    """Each card is claimed for one of them; what one passes over, the other gets; a closed session frees its card."""
    house.read(*(str(n) for n in range(11, 17)))
    house.night()
    ada, ben = house.desk("Ada"), house.desk("Ben")
    first, second = ada.next(), ben.next()
    assert first.card.item != second.card.item
    with pytest.raises(AlreadyDecided, match="Ada's hands"):
        house.decide(first.card.follower_id, SPAM, "Ben")
    ada.pass_over(first.card.item)
    ben.decide(second, SPAM)
    assert {ada.next().card.item, ben.next().card.item}.isdisjoint({first.card.item, second.card.item})
    assert first.card.follower_id in through_passing(ben)
    ada.leave()
    ben.leave()
    assert {card.state_at(house.now) for card in house.cards()} == {"waiting"}


def test_a_session_that_dies_frees_its_card_after_the_claim(waiting) -> None:
    """Fifteen minutes later somebody else gets it, and the dead session's decision comes too late."""
    dead = waiting.desk("Ben")
    held = dead.next()
    assert held.card.follower_id not in through(waiting.desk("Ada"))
    waiting.now += timedelta(minutes=15)
    assert through(waiting.desk("Ada")) == [held.card.follower_id]
    with pytest.raises(AlreadyDecided, match="Ada"):
        dead.decide(held, APPROVE)


def test_what_is_passed_over_does_not_come_again(waiting) -> None:
    """Skipped cards stay on the list for the next session."""
    desk = waiting.desk()
    first = desk.next()
    desk.pass_over(first.card.item)
    assert first.card.follower_id not in through(desk)
    assert through(waiting.desk()) == [first.card.follower_id]


def test_undo_brings_the_card_back_and_then_the_one_in_hand(waiting) -> None:
    """Any depth: two undos bring both cards back, the earlier one first; the one in hand isn't lost."""
    desk = waiting.desk()
    first = desk.next()
    desk.decide(first, APPROVE)
    second = desk.next()
    desk.decide(second, SPAM)
    third = desk.next()
    desk.undo(third.card.item)
    again = desk.next()
    assert again.card.item == second.card.item
    desk.undo(again.card.item)
    assert desk.decided == []
    assert through(desk)[:3] == [each.card.follower_id for each in (first, second, third)]


def test_undo_reaches_earlier_sessions(waiting) -> None:
    """Yesterday's decisions can be taken back from today's desk."""
    waiting.decide("12", SPAM)
    desk = waiting.desk()
    assert [each.follower_id for each in desk.undo()] == ["12"]
    assert desk.next().card.follower_id == "12"


def test_held_back_cards_come_only_when_asked_for(waiting) -> None:
    """One key shows them; decisions about them are on record as asked for."""
    waiting.policy(holding_back=HoldingBack.ON, audit_cards_per_day=0)
    waiting.p_spam["14"] = 0.99
    waiting.read("14")
    waiting.night()
    desk = waiting.desk()
    assert "14" not in through(desk)
    assert desk.show_held_back() == 1
    assert through(desk) == ["14"]


def test_audited_cards_are_mixed_in_at_places_drawn_by_lot(lite_house) -> None:
    """Audited cards don't all stand at the end; everybody has the same places, and another seed gives others."""
    house = lite_house
    ordinary, spam = [str(n) for n in range(100, 130)], [str(n) for n in range(200, 260)]
    house.p_spam = dict.fromkeys(spam, 0.99)
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=10)
    house.read(*ordinary, *spam)
    assert house.night().audit == 10
    order = through_passing(house.desk())
    assert order == through_passing(house.desk("Ben"))
    places = [place for place, follower in enumerate(order) if follower in spam]
    assert len(places) == 10
    assert min(places) < 20
    house.seed = 5
    assert through_passing(house.desk()) != order


def through_passing(desk) -> list[str]:
    """Passes over everything; the followers in the order they came."""
    seen = []
    while (shown := desk.next()) is not None:
        seen.append(shown.card.follower_id)
        desk.pass_over(shown.card.item)
    return seen


def test_a_batch_is_offered_as_a_block_after_the_ordinary_cards(waiting) -> None:
    """All of it, also what is due on later days; rejected as spam, each member is a decision of its own."""
    waiting.policy(max_cards_per_day=6)
    waiting.read(*look_alikes(20))
    waiting.night()
    desk = waiting.desk()
    for _ in range(3):
        desk.decide(desk.next(), SPAM)
    block = desk.next()
    assert isinstance(block, OfferedBatch)
    assert (len(block.items), len(block.examples), block.account) == (20, 5, "acme")
    assert "look generated" in block.alike
    assert len(desk.reject_block(block, RejectReason.SPAM)) == 20
    assert through(desk) == ["21"]
    assert waiting.rows("SELECT count(*) FROM decisions WHERE reason = 'spam'") == [(24,)]


def test_undo_takes_a_rejected_block_back_as_a_whole(waiting) -> None:
    """In the session that rejected it: all of it and nothing else, and it is offered as a block again."""
    waiting.read(*look_alikes(20))
    waiting.night()
    desk = waiting.desk()
    for _ in range(3):
        desk.decide(desk.next(), SPAM)
    block = desk.next()
    desk.reject_block(block, RejectReason.SPAM)
    assert sorted(each.item for each in desk.undo()) == sorted(block.items)
    assert len(desk.decided) == 3
    assert desk.next() == block
    assert len(desk.undo(*block.items)) == 1


def test_a_later_session_takes_a_block_back_one_by_one(waiting) -> None:
    """Blocks rejected by one key are known as such only while the session lasts."""
    waiting.read(*look_alikes(20))
    waiting.night()
    first = waiting.desk()
    while isinstance(offered := first.next(), ShownCard):
        first.pass_over(offered.card.item)
    first.reject_block(offered, RejectReason.SPAM)
    assert len(waiting.desk().undo()) == 1


def test_a_block_can_be_gone_through_one_by_one(waiting) -> None:
    """Opened, its cards come singly; one approval is one approval."""
    waiting.read(*look_alikes(20))
    waiting.night()
    desk = waiting.desk()
    through_ordinary = [desk.next() for _ in range(3)]
    for shown in through_ordinary:
        desk.decide(shown, SPAM)
    desk.open_block(desk.next())
    desk.decide(desk.next(), APPROVE)
    assert waiting.rows("SELECT count(*) FROM orders") == [(1,)]
    assert len(through(desk)) == 20


def test_a_block_leaves_out_what_somebody_else_has_in_hand(waiting) -> None:
    """Ben looks at one of them: Ada's block has one fewer."""
    waiting.read(*look_alikes(20))
    waiting.night()
    member = next(card.item for card in waiting.cards(everything=True) if card.batch is not None)
    with waiting.store.begin() as work:
        ben = People(work).by_name("Ben")
        assert Decisions(work).claim(member, ben.id, waiting.now + timedelta(minutes=5), waiting.now)
    desk = waiting.desk()
    for _ in range(3):
        desk.decide(desk.next(), SPAM)
    assert len(desk.next().items) == 19


def test_nobody_sees_what_they_proposed_themselves(waiting) -> None:
    """Under two_person_approval the second voice is somebody else's: Ada's desk is empty, Ben's isn't."""
    waiting.policy(two_person_approval=True)
    waiting.policy("beta", two_person_approval=True)
    assert len(through(waiting.desk("Ada"), APPROVE)) == 4
    assert through(waiting.desk("Ada"), APPROVE) == []
    assert len(through(waiting.desk("Ben"), APPROVE)) == 4
    assert waiting.rows("SELECT count(*) FROM orders") == [(4,)]


def test_a_share_of_cards_is_shown_blind(waiting) -> None:
    """None at 0, all at 1, the same ones in between for everybody; the record says which were."""
    assert not waiting.desk().next().blind
    waiting.policy(blind_share=1.0)
    waiting.policy("beta", blind_share=1.0)
    desk = waiting.desk("Ben")
    shown = desk.next()
    assert shown.blind
    desk.decide(shown, SPAM)
    (evidence,) = waiting.rows("SELECT shown FROM decision_evidence")
    assert '"blind": true' in str(evidence[0])
    assert '"p_spam"' not in str(evidence[0])


def test_the_desk_shows_only_accounts_that_the_person_may_decide_for(waiting) -> None:
    """A reviewer of beta gets beta's card only; somebody without any role is refused, and so is nobody."""
    with waiting.store.begin() as work:
        person = People(work).add("Bea", "p-bea", waiting.now)
        People(work).grant(person.id, "reviewer", Accounts(work).ensure("beta", waiting.now).id, None, waiting.now)
    assert through(waiting.desk("Bea")) == ["21"]
    with pytest.raises(MissingRole):
        waiting.desk("Vic")
    with pytest.raises(UnknownPerson):
        waiting.desk("Nobody")


def test_the_end_is_honest(waiting) -> None:
    """The end tells the cards still due, those of later days, those held back, and how many orders are ready."""
    waiting.policy(max_cards_per_day=4, max_follow_backs_per_day=1, holding_back=HoldingBack.ON, audit_cards_per_day=0)
    waiting.p_spam["14"] = 0.99
    waiting.read("14", "15", "16", "17")
    waiting.night()
    desk = waiting.desk()
    for _ in range(2):
        shown = desk.next()
        assert shown.card.account == "acme"
        desk.decide(shown, APPROVE)
    acme, beta = desk.rest()
    assert (acme.due, acme.later, acme.next_day, acme.held_back) == (2, 2, "2026-01-06", 1)
    assert (acme.ready, acme.queued_later) == (1, 1)
    assert (beta.due, beta.ready) == (1, 0)
    assert (acme.fresh, acme.by_hand, acme.paused_at) == (1, True, None)


def test_the_end_counts_whose_links_can_be_shown_without_credentials(waiting) -> None:
    """Approved a day after the reading: ready, but not fresh; and a paused account says since when."""
    waiting.now += timedelta(hours=24, seconds=1)
    waiting.decide("12", APPROVE)
    waiting.read("14")
    waiting.night()
    waiting.decide("14", APPROVE)
    with waiting.store.begin() as work:
        Accounts(work).set_paused(Accounts(work).ensure("beta", waiting.now).id, waiting.now)
    acme, beta = waiting.desk().rest()
    assert (acme.ready, acme.fresh) == (2, 1)
    assert beta.paused_at == waiting.now
