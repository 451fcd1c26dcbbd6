"""The API executor: one follower after the other, each read again just before, each step committed before the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.domain.follower import Observation
from followguard.domain.order import UNSENT_STATES, Attempt, AttemptOutcome, Order, OrderState, Step
from followguard.domain.run import Call
from followguard.domain.units import day_of
from followguard.errors import (
    AccessRefused,
    AnswerLost,
    FollowguardError,
    NotFound,
    NotProved,
    RequestRefused,
    TargetRefused,
    TryLater,
    UnknownRefusal,
    XError,
)
from followguard.followers.look_up import FollowContext, LookAgain
from followguard.following.checks import SETTLING, CheckResult, call_begun, failure, settling_words
from followguard.following.pace import Spacing
from followguard.following.rows import OrderRow, row_of
from followguard.following.settle import left_in_doubt, settle
from followguard.following.store import Orders
from followguard.store.work import Work
from followguard.x.contract import FollowAnswer, FollowerReader, FollowWriter

UNTOLD = "X doesn't say whether they still follow us, so nothing was sent."


@dataclass(frozen=True, slots=True)
class Reaction:
    """The effect of an error on the follow call: on the order, and on the rest of the batch."""

    error: type[XError]
    outcome: AttemptOutcome
    to: OrderState | None
    stops: bool = False


REACTIONS = (
    Reaction(TargetRefused, AttemptOutcome.REFUSED, OrderState.VOID),
    Reaction(AccessRefused, AttemptOutcome.NOT_NOW, OrderState.QUEUED, stops=True),
    Reaction(AnswerLost, AttemptOutcome.FAILED, None, stops=True),
    Reaction(NotFound, AttemptOutcome.FAILED, OrderState.QUEUED),
    Reaction(RequestRefused, AttemptOutcome.FAILED, OrderState.QUEUED),
    Reaction(XError, AttemptOutcome.NOT_NOW, OrderState.QUEUED, stops=True),
)
"""The first row that fits. A lost answer leaves the order at `sending`, for the next run's reading to settle."""


@dataclass(slots=True, kw_only=True)
class Carried:
    """The result of a run. `error` or a pause stopped it; `switched`: to hand-off, by a plan-level refusal."""

    sent: list[OrderRow] = field(default_factory=list)
    parked: list[OrderRow] = field(default_factory=list)
    skipped: list[OrderRow] = field(default_factory=list)
    confirmed: list[OrderRow] = field(default_factory=list)
    unproved: list[NotProved] = field(default_factory=list)
    error: FollowguardError | None = None
    paused: bool = False
    switched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTiming:
    """Time between two calls: how long, how to wait it out, and the chance in it."""

    spacing: Spacing
    sleep: Callable[[float], None]
    rng: Random


@dataclass(slots=True, kw_only=True)
class Execute:
    """Carries out what is due now for one account. Its lock must be held."""

    desk: FollowContext
    reader: FollowerReader
    writer: FollowWriter
    rhythm: CallTiming
    actor: str = "followguard"
    done: Carried = field(default_factory=Carried)
    _calls: int = 0

    def run(self) -> Carried:
        """Settles calls whose answer was lost, then follows until something stops it or the pace is used."""
        self._settle_sending()
        due = self._due()
        while due and self._may_go_on():
            order, due = due[0], due[1:]
            self._one(order)
        self._leave(due, tried=False)
        return self.done

    def _settle_sending(self) -> None:
        for order in self._orders(OrderState.SENDING):
            sight = None if self.done.error else self._look(order)
            if sight is not None:
                with self.desk.store.begin() as work:
                    finding = settle(work, self.desk, order, sight, "api")
                if finding.to is None:
                    self._wait(order, sight, finding.why)
                elif finding.to is not OrderState.QUEUED:
                    self._report(order, sight, finding)

    def _due(self) -> Sequence[Order]:
        today = day_of(self.desk.clock())
        return [order for order in self._orders(OrderState.QUEUED) if order.due <= today]

    def _orders(self, state: OrderState) -> Sequence[Order]:
        with self.desk.store.begin() as work:
            return Orders(work).open(self.desk.account.id, {state})

    def _may_go_on(self) -> bool:
        """Tells, before each call, whether nothing stopped us, the account isn't paused and the day has room."""
        now, account = self.desk.clock(), self.desk.account
        with self.desk.store.begin() as work:
            self.done.paused = Accounts(work).ensure(account.handle, now).paused_at is not None
            used = Orders(work).used(account.id, day_of(now))
        room = self.desk.settings.policy.max_follow_backs_per_day - used
        return self.done.error is None and not self.done.paused and room > 0

    def _one(self, order: Order) -> None:
        if self._calls:
            self.rhythm.sleep(self.rhythm.spacing.draw(self.rhythm.rng))
            if not self._may_go_on():
                self._leave([order])
                return
        sight = self._look(order)
        if sight is not None and self._take(order, sight):
            self._calls += 1
            self._call(order, sight)
        elif self.done.paused:
            self._leave([order])

    def _look(self, order: Order) -> Observation | None:
        """Returns the follower as X shows them now; None when that can't be had."""
        look = LookAgain(desk=self.desk, reader=self.reader)
        try:
            found = next(look.sights([order.follower_id])).get(order.follower_id)
        except XError as error:
            self.done.error = error
            self._leave([order])
            return None
        if found is None:
            self.done.skipped.append(row_of(order, None, UNTOLD, failed=True))
        return found

    def _take(self, order: Order, sight: Observation) -> bool:
        """Commits the intent. False when there is nothing to send: judged otherwise, or another run was faster."""
        now = self.desk.clock()
        with self.desk.store.begin() as work:
            current = Orders(work).get(order.id)
            if current.state is not OrderState.QUEUED:
                return False
            if left_in_doubt(work, current, sight, self.desk.account.handle, self.done):
                return False
            if Accounts(work).ensure(self.desk.account.handle, now).paused_at is not None:
                self.done.paused = True  # since it was asked, just before
                return False
            finding, settling = settle(work, self.desk, current, sight, "api"), _settling(current, sight)
            ready = finding.to is None and sight.follows_us is True and settling is None
            taken = ready and self._intend(work, current, now)
        if finding.to is not None:
            self._report(current, sight, finding)
        elif not ready:
            self._wait(current, sight, settling)
        return taken

    def _wait(self, order: Order, sight: Observation, why: str | None) -> None:
        """Leaves it for a later run: until X has had time to show a call, or because X doesn't say enough."""
        self.done.skipped.append(row_of(order, sight, why or UNTOLD, failed=why is None))

    def _intend(self, work: Work, order: Order, now: datetime) -> bool:
        attempt = Attempt(executor="api", outcome=AttemptOutcome.SENDING)
        return Orders(work).move(order, Step(to=OrderState.SENDING, now=now, actor=self.actor, attempt=attempt))

    def _call(self, order: Order, sight: Observation) -> None:
        try:
            answer = self.writer.follow(self.desk.account.x_id or "", order.follower_id)
        except XError as error:
            self._finish(order, sight, self._reaction(order, error))
        else:
            self._finish(order, sight, _finding_of(order, answer))

    def _reaction(self, order: Order, error: XError) -> CheckResult:
        row = next(row for row in REACTIONS if isinstance(error, row.error))
        if row.stops:
            self.done.error = error
            self.done.switched = isinstance(error, AccessRefused) and not isinstance(error, UnknownRefusal)
        if row.outcome is AttemptOutcome.FAILED and row.to is not None:
            return failure(order, AttemptOutcome.FAILED, error.message)
        return CheckResult(row.to, error.message, row.outcome)

    def _finish(self, order: Order, sight: Observation, finding: CheckResult) -> None:
        """Commits what came of the call."""
        now = self.desk.clock()
        with self.desk.store.begin() as work:
            orders = Orders(work)
            Runs(work).charge(order.account_id, Call(name="follow", requests=1), 0, now)
            if self.done.switched:
                Accounts(work).set_handoff_since(order.account_id, now)
            current = orders.get(order.id)
            # X's yes outranks what another run, with another clock, concluded from reading meanwhile.
            early = finding.to is OrderState.SENT and current.state in UNSENT_STATES
            if finding.to is not None and (current.state is OrderState.SENDING or early):
                attempt = Attempt(executor="api", outcome=finding.outcome or AttemptOutcome.SENT, detail=finding.why)
                orders.move(current, Step(to=finding.to, now=now, why=finding.why, attempt=attempt))
            if isinstance(self.done.error, TryLater):
                orders.hold(orders.get(order.id), now)
        self._report(current, sight, finding)

    def _leave(self, orders: Sequence[Order], *, tried: bool = True) -> None:
        """Leaves an order to another run. Waiting for pace, pause, budget or credits doesn't make it lapse."""
        error = self.done.error
        if error is None or isinstance(error, TryLater):
            with self.desk.store.begin() as work:
                for order in orders:
                    Orders(work).hold(order, self.desk.clock())
        why = error.message if error else "The account is paused." if self.done.paused else None
        if error and not tried:
            why = f"Not tried: the run stopped before it came to this one ({error.code})."
        self.done.skipped.extend(row_of(order, None, why, failed=error is not None) for order in orders if why)

    def _report(self, order: Order, sight: Observation, finding: CheckResult) -> None:
        lists = {
            OrderState.SENT: self.done.sent,
            OrderState.PARKED: self.done.parked,
            OrderState.CONFIRMED: self.done.confirmed,
        }
        to = finding.to or order.state
        failed = to is OrderState.QUEUED and finding.outcome in {AttemptOutcome.FAILED, AttemptOutcome.NO_EFFECT}
        why = finding.note or finding.why
        lists.get(to, self.done.skipped).append(row_of(order, sight, why, to=to, failed=failed))


def _settling(order: Order, sight: Observation) -> str | None:
    """Tells why an order isn't called yet: an earlier call about the same follower may still have worked."""
    begun = call_begun(order)
    return settling_words(begun) if begun is not None and sight.read_at < begun + SETTLING else None


def _finding_of(order: Order, answer: FollowAnswer) -> CheckResult:
    if not (answer.following or answer.pending):
        return failure(order, AttemptOutcome.NO_EFFECT, "X answered, and didn't follow.")
    why = "Our request waits to be accepted." if answer.pending else None
    return CheckResult(OrderState.SENT, why, AttemptOutcome.SENT)
