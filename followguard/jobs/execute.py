"""The API executor: one follower after the other, each read again just before, each step committed before the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

from followguard.domain.outbox import Attempt, Order, OrderState, Outcome, Step
from followguard.domain.pace import Spacing, day_of
from followguard.domain.ports import FollowAnswer, FollowerReader, FollowWriter
from followguard.domain.sight import Finding, Sight, failure
from followguard.domain.stores.runs import Call
from followguard.domain.stores.work import Work
from followguard.errors import (
    AccessRefused,
    AnswerLost,
    FollowguardError,
    NotFound,
    RequestRefused,
    TargetRefused,
    TryLater,
    XError,
)
from followguard.jobs.hand_off import Skipped
from followguard.jobs.look_again import Desk, LookAgain, approver_stands, settle, void_withdrawn

UNTOLD = "X doesn't say whether they still follow us, so nothing was sent."


@dataclass(frozen=True, slots=True)
class Reaction:
    """What an error on the follow call does: to the order, and to the rest of the batch."""

    error: type[XError]
    outcome: Outcome
    to: OrderState | None
    stops: bool = False


REACTIONS = (
    Reaction(TargetRefused, Outcome.REFUSED, OrderState.VOID),
    Reaction(AccessRefused, Outcome.NOT_NOW, OrderState.QUEUED, stops=True),
    Reaction(AnswerLost, Outcome.FAILED, None, stops=True),
    Reaction(NotFound, Outcome.FAILED, OrderState.QUEUED),
    Reaction(RequestRefused, Outcome.FAILED, OrderState.QUEUED),
    Reaction(XError, Outcome.NOT_NOW, OrderState.QUEUED, stops=True),
)
"""The first row that fits. A lost answer leaves the order at `sending`, for the next run's reading to settle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An order that was sent or parked."""

    item: int
    follower_id: str
    username: str | None
    why: str | None = None


@dataclass(slots=True, kw_only=True)
class Carried:
    """What came of it. `error` stopped it; `switched`: to hand-off, by a plan-level refusal."""

    sent: list[Moved] = field(default_factory=list)
    parked: list[Moved] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    confirmed: list[Order] = field(default_factory=list)
    failed: list[FollowguardError] = field(default_factory=list)
    error: FollowguardError | None = None
    switched: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Time between two calls: how long, how to wait it out, and the chance in it."""

    spacing: Spacing
    sleep: Callable[[float], None]
    rng: Random


@dataclass(slots=True, kw_only=True)
class Execute:
    """Carries out what is due now for one account. Its lock must be held."""

    desk: Desk
    reader: FollowerReader
    writer: FollowWriter
    rhythm: Rhythm
    actor: str = "followguard"
    done: Carried = field(default_factory=Carried)
    _calls: int = 0

    def run(self) -> Carried:
        """First settles calls whose answer was lost, then follows, until something stops it or the pace is used."""
        self._settle_sending()
        due = self._due()
        while due and self._may_go_on(due[0]):
            order, due = due[0], due[1:]
            self._one(order)
        self._hold(due)
        return self.done

    def _settle_sending(self) -> None:
        with self.desk.store.begin() as work:
            sending = work.orders.open(self.desk.account.id, {OrderState.SENDING})
        for order in sending:
            sight = None if self.done.error else self._look(order)
            if sight is not None:
                with self.desk.store.begin() as work:
                    self._report(order, sight, settle(work, self.desk, order, sight, "api"))

    def _due(self) -> Sequence[Order]:
        today = day_of(self.desk.clock())
        with self.desk.store.begin() as work:
            queued = work.orders.open(self.desk.account.id, {OrderState.QUEUED})
        return [order for order in queued if order.due <= today]

    def _may_go_on(self, order: Order) -> bool:
        """Asked before each order: nothing stopped us, the account isn't paused, the day has room."""
        if self.done.error is not None:
            return False
        now, policy = self.desk.clock(), self.desk.settings.policy
        with self.desk.store.begin() as work:
            paused = work.accounts.ensure(self.desk.account.handle, now).paused_at
            used = work.orders.used(order.account_id, day_of(now))
        return paused is None and used < policy.max_follow_backs_per_day

    def _one(self, order: Order) -> None:
        if self._calls:
            self.rhythm.sleep(self.rhythm.spacing.draw(self.rhythm.rng))
        if not self._may_go_on(order):
            self._hold([order])
            return
        sight = self._look(order)
        if sight is not None and self._take(order, sight):
            self._calls += 1
            self._call(order, sight)

    def _look(self, order: Order) -> Sight | None:
        """The follower as X shows them now; None when that can't be had."""
        look = LookAgain(desk=self.desk, reader=self.reader)
        try:
            found = next(look.sights([order.follower_id]))
        except (TryLater, XError) as error:
            self.done.error = error
            self._hold([order])
            return None
        if order.follower_id not in found:
            self._skip(order, None, "X says nothing of them, so nothing was sent.")
        return found.get(order.follower_id)

    def _take(self, order: Order, sight: Sight) -> bool:
        """Commits the intent. False when there is nothing to send: judged otherwise, or another run was faster."""
        now = self.desk.clock()
        with self.desk.store.begin() as work:
            current = work.orders.get(order.id)
            if current.state is not OrderState.QUEUED:
                return False
            finding = settle(work, self.desk, current, sight, "api")
            if finding.to is None and not approver_stands(work, current):
                finding = void_withdrawn(work, current, now)
            if finding.to is not None:
                self._report(current, sight, finding)
                return False
            if sight.follows_us is None:
                self._skip(current, sight, UNTOLD, stale=True)
                return False
            attempt = Attempt(executor="api", outcome=Outcome.SENDING)
            return work.orders.move(current, Step(to=OrderState.SENDING, now=now, actor=self.actor, attempt=attempt))

    def _call(self, order: Order, sight: Sight) -> None:
        x_id = self.desk.account.x_id or ""
        try:
            answer = self.writer.follow(x_id, order.follower_id)
        except XError as error:
            self._react(order, sight, error)
        except TryLater as error:
            self._put_back(order, sight, error)
        else:
            self._answered(order, sight, answer)

    def _answered(self, order: Order, sight: Sight, answer: FollowAnswer) -> None:
        if not (answer.following or answer.pending):
            self._finish(order, sight, failure(order, Outcome.NO_EFFECT, "X answered, and didn't follow."))
            return
        why = "Our request waits to be accepted." if answer.pending else None
        self._finish(order, sight, Finding(OrderState.SENT, why, Outcome.SENT))
