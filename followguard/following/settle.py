"""Judges an order by what was read of its follower, and moves it."""

from typing import Protocol

from followguard.accounts.people import holds
from followguard.accounts.policy_in_force import policy_in_force
from followguard.domain.follower import Observation
from followguard.domain.order import RECALLABLE_STATES, UNSENT_STATES, Attempt, Order, OrderState, Step
from followguard.domain.person import APPROVER
from followguard.domain.policy import names_of
from followguard.errors import NotProved
from followguard.followers.look_up import FollowContext
from followguard.following.checks import Case, CheckResult, Rules, judge
from followguard.following.rows import OrderRow, row_of
from followguard.following.store import Orders
from followguard.store.proofs import Proofs
from followguard.store.work import Work

LOOK = "Nobody was followed by it. See what was changed, and where: followguard prove"


class Leaving(Protocol):
    """The part of a job's result that tells of orders left for a person."""

    skipped: list[OrderRow]
    unproved: list[NotProved]


def left_in_doubt(work: Work, order: Order, sight: Observation, account: str, done: Leaving) -> bool:
    """Tells whether an order is left for a person to look at, since nobody vouches for its rows."""
    doubt = doubtful(work, order, account)
    if doubt is not None:
        done.unproved.append(doubt)
        done.skipped.append(row_of(order, sight, str(doubt), failed=True))
    return doubt is not None


def doubtful(work: Work, order: Order, account: str) -> NotProved | None:
    """Tells why nobody may be followed by this order; None where all that it rests on is the log's."""
    doubt = Proofs(work).doubt(order.id)
    return None if doubt is None else NotProved(f"@{account}, follower {order.follower_id}: {doubt}.", LOOK)


WITHDRAWN = "The person who approved it isn't an approver any more."


def settle(work: Work, desk: FollowContext, order: Order, sight: Observation, executor: str) -> CheckResult:
    """Judges one order by what was read, and moves it where that says so."""
    finding, now = finding_about(work, desk, order, sight), desk.clock()
    if finding.to is not None:
        attempt = None if finding.outcome is None else Attempt(executor=executor, outcome=finding.outcome)
        step = Step(to=finding.to, now=now, why=finding.why, note=finding.note, check=finding.check, attempt=attempt)
        Orders(work).move(order, step)
    return finding


def finding_about(work: Work, desk: FollowContext, order: Order, sight: Observation) -> CheckResult:
    """Judges the order by what was read; one that would still be carried out needs an approver who stands."""
    approved = Orders(work).look_of(order.account_id, order.follower_id, order.appearance_hash)
    finding = judge(Case(order=order, sight=sight, approved=approved, rules=rules_of(work, desk), now=desk.clock()))
    goes_on = order.state in UNSENT_STATES if finding.to is None else finding.to in RECALLABLE_STATES
    if not goes_on or holds(work, order.approved_by, APPROVER, order.account_id):
        return finding
    return CheckResult(OrderState.VOID, WITHDRAWN, finding.outcome, check="withdrawn")


def rules_of(work: Work, context: FollowContext) -> Rules:
    """Returns what an order of the account must keep to."""
    policy = policy_in_force(work, context.account.id, context.settings.policy)
    return Rules(lapses_days=policy.order_lapses_days, never_follow=names_of(policy.never_follow))
