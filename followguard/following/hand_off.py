"""Hand-off: links for the person who is signed in as the account, each only while it is fresh and still holds."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from followguard.domain.follower import Observation
from followguard.domain.order import Attempt, AttemptOutcome, Order, OrderState, Step
from followguard.domain.units import day_of
from followguard.errors import FollowguardError, NotProved, TryLater, XError
from followguard.followers.look_up import FollowContext, LookAgain, recorded_sights
from followguard.following.checks import CheckResult
from followguard.following.rows import Link, OrderRow, row_of
from followguard.following.settle import left_in_doubt, settle
from followguard.following.store import Orders
from followguard.store.work import Work
from followguard.x.contract import FollowerReader

INTENT = "https://x.com/intent/follow?user_id="
"""X's documented web intent: it opens the profile, and a person presses Follow. Opening it twice does no harm."""
NOBODY_READ = "Not read within 24 hours. Run it where the account's credentials are, or after the next nightly."
LINKED = frozenset({OrderState.QUEUED, OrderState.HANDED_OFF})


@dataclass(slots=True, kw_only=True)
class HandedOff:
    """The result of a hand-off. `confirmed` were followed already; `error` kept some from being looked up."""

    links: list[Link] = field(default_factory=list)
    skipped: list[OrderRow] = field(default_factory=list)
    confirmed: list[OrderRow] = field(default_factory=list)
    unproved: list[NotProved] = field(default_factory=list)
    error: FollowguardError | None = None


@dataclass(slots=True, kw_only=True)
class HandOff:
    """One opening of the list for one account. `reader` is None where there are no credentials."""

    desk: FollowContext
    reader: FollowerReader | None
    actor: str = "followguard"
    done: HandedOff = field(default_factory=HandedOff)

    def run(self) -> HandedOff:
        """Settles what was handed off before, then hands off what is due today, as far as our pace goes."""
        today = day_of(self.desk.clock())
        with self.desk.store.begin() as work:
            queued = Orders(work).open(self.desk.account.id, {OrderState.QUEUED})
            again = Orders(work).open(self.desk.account.id, {OrderState.HANDED_OFF, OrderState.SENDING})
        due = [order for order in queued if order.due <= today]
        self._take(again)
        while due and (room := self._room()) > 0:
            part, due = due[:room], due[room:]
            self._take(part)
        self._hold(due)
        return self.done

    def _room(self) -> int:
        with self.desk.store.begin() as work:
            used = Orders(work).used(self.desk.account.id, day_of(self.desk.clock()))
        return self.desk.settings.policy.max_follow_backs_per_day - used

    def _take(self, orders: Sequence[Order]) -> None:
        sights = self._look([order.follower_id for order in orders])
        for order in orders:
            with self.desk.store.begin() as work:
                current = Orders(work).get(order.id)
                self._one(work, current, sights[order.follower_id])

    def _look(self, ids: list[str]) -> dict[str, Observation]:
        """Returns what X shows now; where it can't be asked, what was read last."""
        with self.desk.store.begin() as work:
            sights = recorded_sights(work, self.desk.account.id, ids)
        if self.reader is not None and self.done.error is None:
            try:
                for part in LookAgain(desk=self.desk, reader=self.reader).sights(ids):
                    sights |= part
            except XError as error:
                self.done.error = error
        return sights

    def _one(self, work: Work, order: Order, sight: Observation) -> None:
        now = self.desk.clock()
        if order.state not in LINKED | {OrderState.SENDING}:
            return
        if left_in_doubt(work, order, sight, self.desk.account.handle, self.done):
            return
        finding = settle(work, self.desk, order, sight, "handoff")
        if finding.to is not None or order.state not in LINKED:
            self._report(order, sight, finding)
        elif not sight.fresh(now):
            self.done.skipped.append(row_of(order, sight, NOBODY_READ, failed=True))
            if order.state is OrderState.QUEUED and isinstance(self.done.error, TryLater):
                Orders(work).hold(order, now)
        elif order.state is OrderState.HANDED_OFF or self._hand_over(work, order, now):
            self._link(order, sight, now)

    def _hand_over(self, work: Work, order: Order, now: datetime) -> bool:
        """Hands an order off; returns False when another run was faster."""
        attempt = Attempt(executor="handoff", outcome=AttemptOutcome.HANDED_OFF)
        step = Step(to=OrderState.HANDED_OFF, now=now, actor=self.actor, attempt=attempt)
        return Orders(work).move(order, step)

    def _hold(self, orders: Sequence[Order]) -> None:
        """Holds what waits for a pace that is used up, so that it doesn't lapse meanwhile."""
        if not orders:
            return
        with self.desk.store.begin() as work:
            for order in orders:
                Orders(work).hold(order, self.desk.clock())

    def _link(self, order: Order, sight: Observation, now: datetime) -> None:
        self.done.links.append(
            Link(
                item=order.item_id,
                follower_id=order.follower_id,
                username=sight.profile.username,
                url=f"{INTENT}{order.follower_id}",
                checked_at=sight.read_at,
                handed_off_at=order.handed_off_at or now,
                again=order.handed_off_at is not None,
            )
        )

    def _report(self, order: Order, sight: Observation, finding: CheckResult) -> None:
        if finding.to is OrderState.CONFIRMED:
            self.done.confirmed.append(row_of(order, sight, to=finding.to))
        else:
            why = finding.note or finding.why or "An API call is under way; the next night settles it."
            self.done.skipped.append(row_of(order, sight, why, to=finding.to))
