"""Judges an order by what was read of its follower, and moves it."""

from followguard.accounts.people import holds
from followguard.accounts.policy_in_force import policy_in_force
from followguard.domain.listed_names import names_of
from followguard.domain.order import RECALLABLE_STATES, UNSENT_STATES, Attempt, Order, OrderState, Step
from followguard.domain.person import APPROVER
from followguard.followers.look_up import FollowContext
from followguard.followers.observation import Observation
from followguard.following.checks import Case, CheckResult, Rules, judge
from followguard.following.store import Orders
from followguard.store.work import Work

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
    """What was read says about the order; one that would still be carried out needs an approver who stands."""
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
