"""Distrust of a person: what is void, what doesn't count any more and where, and that it can be lifted."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DatabaseError

from followguard.accounts.store import Accounts, People
from followguard.domain.labels import Label
from followguard.domain.order import OrderState, Step
from followguard.errors import MissingRole, UnknownPerson, UsageError
from followguard.following.store import Orders
from followguard.proof.rules import Against, prove
from followguard.review.opinions_store import Opinions
from followguard.screening.queue_store import Queue
from followguard.setup.distrust import Distrusted, distrust, trust_again
from followguard.training.store import labels_at_hand
from followguard.trust.store import JudgedCards
from tests.builders.reviewing import APPROVE, SPAM, House, a_house, order_of

CONFIG = '[accounts.acme]\ntraining_basis = "own-decisions"\n[accounts.beta]\ntraining_basis = "own-decisions"\n'


@pytest.fixture
def ready(store: Any) -> House:
    """Three followers of acme with cards."""
    house = a_house(store)
    house.read("11", "12", "13")
    house.night()
    return house


@pytest.fixture
def torn(ready: House, tmp_path: Path) -> House:
    """Ben and Ada decide for two days; from the second on Ben isn't to be trusted."""
    ready.read("14", "15", "16")
    ready.night()
    ready.decide("12", SPAM, "Ben")
    ready.next_day()
    ready.decide("13", SPAM, "Ben")
    ready.decide("14", APPROVE, "Ben")
    ready.decide("15", APPROVE, "Ben")
    ready.decide("16", APPROVE, "Ada")
    return ready


def act(house: House, folder: Path, since: datetime | None = None, by: str = "Ola", name: str = "Ben") -> Distrusted:
    """Ben's decisions of today, unless told otherwise."""
    return distrust(house.workshop(folder, CONFIG), name, since or house.now - timedelta(hours=1), by)


def taught(house: House, folder: Path) -> dict[str, Label]:
    """Label by follower, as training takes them."""
    workshop = house.workshop(folder, CONFIG)
    with house.store.begin() as work:
        found = labels_at_hand(work, list(workshop.installation.accounts.values()))
    return {each.follower_id: each.label for each in found.decisions}


def evidence(house: House) -> tuple[int, int, int]:
    """How many decisions hold-back evidence, trust figures and agreement have."""
    with house.store.begin() as work:
        acme = Accounts(work).ensure("acme", house.now).id
        cards = JudgedCards(work).cards(acme, house.now - timedelta(days=28))
        return len(Queue(work).evidence(acme)), len(cards), len(Opinions(work).judgements([acme]))


def test_what_isn_t_followed_yet_is_void_and_its_cards_wait(torn: House, tmp_path: Path) -> None:
    """A link that was handed out too, and it is listed: perhaps somebody has followed. Ada's approval stands."""
    order = order_of(torn, "15")
    with torn.store.begin() as work:
        Orders(work).move(order, Step(to=OrderState.HANDED_OFF, now=torn.now))
    done = act(torn, tmp_path)
    assert (done.voided, done.decisions, done.labels, done.rejected) == (2, 3, 3, 1)
    assert [(each.follower_id, each.certain) for each in done.followed] == [("15", False)]
    assert (order_of(torn, "14"), order_of(torn, "15")) == (None, None)
    assert order_of(torn, "16").state is OrderState.QUEUED
    assert {torn.card(each).state for each in ("14", "15")} == {"waiting"}
    assert "isn't trusted" in torn.card("14").note


def test_whom_we_follow_is_listed_until_the_approval_is_overruled(torn: House, tmp_path: Path) -> None:
    """A call that X took isn't void; an overrule puts it on the list to be unfollowed."""
    order = order_of(torn, "14")
    with torn.store.begin() as work:
        Orders(work).move(order, Step(to=OrderState.SENT, now=torn.now))
    done = act(torn, tmp_path)
    assert [(each.follower_id, each.certain) for each in done.followed] == [("14", True)]
    assert (done.voided, order_of(torn, "14").state) == (1, OrderState.SENT)


def test_their_labels_teach_nothing_and_are_no_evidence(torn: House, tmp_path: Path) -> None:
    """Those of the day before still do."""
    assert taught(torn, tmp_path).keys() == {"12", "13", "14", "15", "16"}
    assert evidence(torn) == (5, 5, 5)
    act(torn, tmp_path)
    assert taught(torn, tmp_path).keys() == {"12", "16"}
    assert evidence(torn) == (2, 2, 2)
    torn.decide("14", SPAM, "Ben")
    assert taught(torn, tmp_path)["14"] is Label.SPAM


def test_the_history_is_still_proved_and_lifting_brings_all_back_but_orders(torn: House, tmp_path: Path) -> None:
    """Twice is once, both ways."""
    before = taught(torn, tmp_path)
    assert not act(torn, tmp_path).already
    again = act(torn, tmp_path)
    assert (again.already, again.voided, torn.rows("SELECT count(*) FROM distrusts")) == (True, 0, [(1,)])
    assert [each.rule for each in prove(torn.store, Against()).findings] == []
    assert not trust_again(torn.workshop(tmp_path, CONFIG), "Ben", "Ola").already
    assert trust_again(torn.workshop(tmp_path, CONFIG), "Ben", "Ola").already
    assert taught(torn, tmp_path) == before
    assert order_of(torn, "14") is None
    assert [each.rule for each in prove(torn.store, Against()).findings] == []
    assert not act(torn, tmp_path).already


def test_an_earlier_day_takes_out_more(torn: House, tmp_path: Path) -> None:
    """Distrusted again from the day before: all of Ben's."""
    act(torn, tmp_path)
    assert not act(torn, tmp_path, torn.now - timedelta(days=2)).already
    assert taught(torn, tmp_path).keys() == {"16"}


def test_a_proposal_of_theirs_is_no_first_voice(ready: House, tmp_path: Path) -> None:
    """Where two people approve, the next one is the first again."""
    ready.policy(two_person_approval=True)
    ready.decide("12", APPROVE, "Ben")
    act(ready, tmp_path)
    assert ready.decide("12", APPROVE, "Ada").decision == "propose"


def test_somebody_else_s_overrule_of_it_counts(torn: House, tmp_path: Path) -> None:
    """Ada looked again: hers is the label."""
    from followguard.review.overrule import Turn, overrule

    act(torn, tmp_path)
    overrule(torn.hand("Ada"), "13", Turn())
    assert taught(torn, tmp_path)["13"] is Label.GENUINE


@pytest.mark.parametrize(("by", "name", "error"), [("Ada", "Ben", MissingRole), ("Ola", "Zoë", UnknownPerson)])
def test_it_takes_an_owner_and_somebody_who_is_there(
    torn: House, tmp_path: Path, by: str, name: str, error: type[Exception]
) -> None:
    """Nothing is written."""
    with pytest.raises(error):
        act(torn, tmp_path, by=by, name=name)
    assert torn.rows("SELECT count(*) FROM distrusts") == [(0,)]


def test_a_day_to_come_is_refused(torn: House, tmp_path: Path) -> None:
    """Distrust looks back."""
    with pytest.raises(UsageError, match="still to come"):
        act(torn, tmp_path, torn.now + timedelta(days=1))


def test_the_database_keeps_it(torn: House, tmp_path: Path) -> None:
    """No act is changed or deleted, and one about a withdrawn person is possible."""
    with torn.store.begin() as work:
        People(work).withdraw(People(work).by_name("Ben").id, None, torn.now)
    assert act(torn, tmp_path).decisions == 3
    for statement in ("UPDATE distrusts SET newest_decision = 0", "DELETE FROM distrusts"):
        with pytest.raises(DatabaseError), torn.store.engine.begin() as connection:
            connection.exec_driver_sql(statement)
