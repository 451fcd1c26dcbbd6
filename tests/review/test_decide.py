"""Decisions on real databases: who may, what is recorded, and attempts to break the invariants."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from followguard.accounts.store import Accounts, People
from followguard.domain.decision import Choice
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.order import OrderState
from followguard.errors import (
    AlreadyDecided,
    AmbiguousFollower,
    FollowguardError,
    MissingRole,
    StoreFailed,
    UnknownFollower,
    UnknownPerson,
    UsageError,
)
from followguard.following.store import Orders
from followguard.review.decide import Failed, decide_each
from followguard.testing import made_up_profile
from tests.builders.reviewing import APPROVE, LATER, SPAM, order_of


def test_an_approval_makes_an_order_bound_to_what_was_seen(ready) -> None:
    """One transaction: decision, evidence, order with the appearance hash, log entry by the person's pseudonym."""
    done = ready.decide("12", APPROVE)
    order = order_of(ready, "12")
    assert (done.state, done.decision, done.account) == ("approved", "approve", "acme")
    assert (order.decision_id, order.state) == (done.decision_id, OrderState.QUEUED)
    assert order.appearance_hash == made_up_profile("12").appearance_hash() == ready.card("12").appearance_hash
    evidence = ready.rows("SELECT p_spam, band, model, policy_hash FROM decision_evidence")
    assert evidence == [(0.1, "genuine", "rule-1", ready.settings["acme"].policy.hash())]
    assert ("decision.approve", "acme", "p-ada") in ready.rows("SELECT kind, account, actor FROM log")


def test_evidence_outlives_the_text(ready) -> None:
    """Feature values and what was on the card are kept with the decision."""
    ready.decide("12")
    with ready.store.begin() as work:
        row = work.connection.execute(text("SELECT features, shown FROM decision_evidence")).one()
    assert bytes(row.features) == b"\x00\x00\x80?"
    assert "Gardens, maps and slow trains." in str(row.shown)
    assert "what the test says" in str(row.shown)


@pytest.mark.parametrize("name", ["12", "@person_12", "PERSON_12", "item:{item}"])
def test_a_follower_has_three_names(ready, name: str) -> None:
    """Id, username in any case with or without @, item."""
    item = ready.card("12").item
    assert ready.decide(name.format(item=item)).follower_id == "12"


def test_names_that_stand_for_nobody(ready) -> None:
    """Unknown ids, usernames and items, a follower without a card yet, a former username."""
    for name in ("99", "@nobody", "item:999"):
        with pytest.raises(UnknownFollower):
            ready.decide(name)
    for name in ("", "@", "item:x", "item:"):
        with pytest.raises(UsageError):
            ready.decide(name)
    ready.read("77")
    with pytest.raises(UnknownFollower, match="no card yet"):
        ready.decide("77")
    ready.see_again(replace(made_up_profile("12", ready.now), username="renamed"))
    with pytest.raises(UnknownFollower):
        ready.decide("person_12")
    assert ready.decide("@Renamed").follower_id == "12"


def test_a_follower_of_two_accounts_must_be_told_apart(ready) -> None:
    """Exit 2 with the choices; the account or the item decides."""
    with pytest.raises(AmbiguousFollower, match="--account beta") as caught:
        ready.decide("11")
    assert caught.value.exit_code == 2
    assert "item:" in caught.value.next_step
    item = ready.card("11", "beta").item
    assert ready.decide(f"item:{item}").account == "beta"


def test_a_username_that_changed_hands_means_its_present_owner(ready) -> None:
    """12 left and 13 took the name; with both present the ids must be given."""
    ready.see_again(replace(made_up_profile("13", ready.now), username="person_12"))
    with pytest.raises(AmbiguousFollower, match="12, 13"):
        ready.decide("person_12")
    ready.leaves("12")
    assert ready.decide("person_12").follower_id == "13"


def test_roles(ready) -> None:
    """A viewer decides nothing, a reviewer rejects and puts off, an approver approves; nobody is nobody."""
    for by, choice in (("Vic", SPAM), ("Vic", LATER), ("Vic", APPROVE), ("Rea", APPROVE)):
        with pytest.raises(MissingRole):
            ready.decide("12", choice, by)
    for by in (None, "", "Nobody", "ada"):
        with pytest.raises(UnknownPerson):
            ready.decide("99", APPROVE, by)
    assert ready.decide("12", SPAM, "Rea").state == "rejected"
    assert ready.decide("13", APPROVE, "Ola").state == "approved"


def test_roles_are_given_account_by_account(ready) -> None:
    """An approver of beta approves nobody for acme."""
    with ready.store.begin() as work:
        person = People(work).add("Bea", "p-bea", ready.now)
        People(work).grant(person.id, "approver", Accounts(work).ensure("beta", ready.now).id, None, ready.now)
    with pytest.raises(MissingRole, match="acme"):
        ready.decide("12", APPROVE, "Bea")
    assert ready.decide(f"item:{ready.card('11', 'beta').item}", APPROVE, "Bea").state == "approved"


def test_a_decided_card_says_who_decided_what(ready) -> None:
    """The second decision is refused, with the first one's who, what, when and the way back."""
    ready.decide("12", SPAM, "Ben")
    with pytest.raises(AlreadyDecided) as caught:
        ready.decide("12", APPROVE)
    said = str(caught.value)
    assert all(part in said for part in ("spam", "Ben", "2026-01-05 at 00:10", "review undo item:"))
    assert caught.value.exit_code == 1
    assert order_of(ready, "12") is None


def test_whom_we_follow_already_cannot_be_approved(house) -> None:
    """A closed card says why it needs no decision."""
    house.read(replace(made_up_profile("11"), connection=frozenset({"following"})))
    house.night()
    with pytest.raises(AlreadyDecided, match="we follow them already"):
        house.decide("11", APPROVE)


def test_who_left_cannot_be_approved(ready) -> None:
    """Left since the card was made: refused, and no order."""
    ready.leaves("12")
    with pytest.raises(UnknownFollower, match="any more"):
        ready.decide("12", APPROVE)
    assert ready.decide("12", SPAM).state == "rejected"


def test_a_card_that_changed_since_it_was_shown(ready) -> None:
    """Approving what was on the screen fails when the profile is another now; looking again works."""
    seen = ready.card("12").appearance_hash
    ready.see_again(replace(made_up_profile("12", ready.now), description="Buy my course"))
    with pytest.raises(AlreadyDecided, match="changed"):
        ready.decide("12", replace(APPROVE, seen=seen))
    assert order_of(ready, "12") is None
    ready.decide("12", replace(APPROVE, seen=ready.card("12").appearance_hash))
    assert order_of(ready, "12").appearance_hash == ready.card("12").appearance_hash != seen


@pytest.mark.parametrize("until", ["2026-01-05", "2025-12-31", "tomorrow", "", "2026-1-9", "20260109", "2026-02-30"])
def test_later_is_a_day_to_come(ready, until: str) -> None:
    """Today, the past and what isn't a date are refused."""
    with pytest.raises(UsageError):
        ready.decide("12", Choice(kind=Kind.LATER, until=until))


def test_a_put_off_card_returns_on_its_day(ready) -> None:
    """Off the desk until then, first in line on the day."""
    assert ready.decide("12", LATER, "Rea").state == "later"
    assert ready.ids() == ["11", "11", "13"]
    ready.next_day(7)
    assert ready.ids()[0] == "12"
    ready.night()
    assert ready.ids()[0] == "12"
    assert ready.decide("12", APPROVE).state == "approved"


def test_spam_is_no_real_account(ready) -> None:
    """`--real` doesn't go with spam or impersonation, and a rejection needs a reason."""
    for choice in (
        replace(SPAM, real=True),
        Choice(kind=Kind.REJECT, reason=RejectReason.IMPERSONATION, real=True),
        Choice(kind=Kind.REJECT),
    ):
        with pytest.raises(UsageError):
            ready.decide("12", choice)


def test_several_rejections_do_not_stop_each_other(ready) -> None:
    """Good ones are done, bad ones reported; the same name twice is one."""
    outcomes = decide_each(ready.hand("Rea"), ["12", "nobody", "13", "12"], SPAM)
    assert [isinstance(each, Failed) for each in outcomes] == [False, True, False]
    assert ready.rows("SELECT count(*) FROM decisions") == [(2,)]


def test_several_approvals_do_not_exist(ready) -> None:
    """There is no approve-all, not even from inside."""
    with pytest.raises(UsageError):
        decide_each(ready.hand(), ["12", "13"], APPROVE)
    assert ready.rows("SELECT count(*) FROM orders") == [(0,)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET kind = 'reject', reason = 'spam'",
        "DELETE FROM decisions",
        "UPDATE decisions SET follower_id = '13'",
        "UPDATE decisions SET person_id = 1",
    ],
)
def test_decisions_are_append_only(ready, statement: str) -> None:
    """Invariant 4: the database itself refuses to change or remove a decision."""
    ready.decide("12", APPROVE, "Ben")
    with pytest.raises(StoreFailed), ready.store.begin() as work:
        work.connection.execute(text(statement))


def test_no_order_without_an_approval_of_that_very_follower(ready) -> None:
    """Invariant 1: an order for another follower, from a rejection or from nothing is refused by the database."""
    approval = ready.decide("12", APPROVE).decision_id
    rejection = ready.decide("13", SPAM).decision_id
    with ready.store.begin() as work:
        account_id = Accounts(work).ensure("acme", ready.now).id
    for follower, decision in (("13", approval), ("13", rejection), ("13", 999), ("404", approval)):
        with pytest.raises(FollowguardError), ready.store.begin() as work:
            Orders(work).create(account_id, follower, decision, "0" * 64, "2026-01-05", ready.now)
    assert ready.rows("SELECT follower_id FROM orders") == [("12",)]


def test_a_failing_order_takes_the_decision_with_it(ready, monkeypatch) -> None:
    """All or nothing: when the order can't be made there is no decision, no log entry, and the card waits."""

    def broken(*_: object) -> int:
        raise StoreFailed("The disk is full.", "Free some space.")

    monkeypatch.setattr(Orders, "create", broken)
    with pytest.raises(StoreFailed):
        ready.decide("12", APPROVE)
    assert ready.rows("SELECT count(*) FROM decisions") == [(0,)]
    assert not [row for row in ready.rows("SELECT kind FROM log") if row[0].startswith("decision")]
    assert ready.card("12").state == "waiting"
