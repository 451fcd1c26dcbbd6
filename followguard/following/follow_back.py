"""Follow-back for one account: what is due now, by the way that the account is set to. Night and command share it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from followguard.accounts.accounts import executor_in_force, identify
from followguard.accounts.store import Accounts
from followguard.cli.opened import seed_of
from followguard.domain.installation import Installation
from followguard.domain.order import Order, OrderState, Unfollow
from followguard.domain.policy import Executor
from followguard.domain.units import day_of
from followguard.errors import PARTLY, FollowguardError, MissingCredentials, NotProved, XError
from followguard.followers.look_up import FollowContext, recorded_sights
from followguard.following.by_api import CallTiming, Execute
from followguard.following.hand_off import HandOff
from followguard.following.pace import days_ahead, slow_words
from followguard.following.recheck import Rechecked
from followguard.following.rows import Link, OrderRow, orders_standing, row_of
from followguard.following.settle import finding_about, left_in_doubt
from followguard.following.store import Orders
from followguard.following.unfollow_store import Unfollows
from followguard.store.store import Store
from followguard.store.work import Work
from followguard.x.contract import FollowerReader, FollowWriter


def call_timing(installation: "Installation", store: "Store") -> CallTiming:
    """Returns the time between two follow calls: spread out, but for a stand-in on this machine."""
    import time
    from random import Random

    from followguard.following.pace import AT_ONCE, Spacing

    spacing = AT_ONCE if installation.on_loopback else Spacing()
    return CallTiming(spacing=spacing, sleep=time.sleep, rng=Random(seed_of(installation, store)))


@dataclass(frozen=True, slots=True, kw_only=True)
class XAccess:
    """The ways to reach X for one account. The openers are None where its credentials aren't at hand.

    `open_writer` takes the account's id on X.
    """

    rhythm: CallTiming
    open_reader: Callable[[], FollowerReader] | None = None
    open_writer: Callable[[str], FollowWriter] | None = None


@dataclass(slots=True, kw_only=True)
class FollowBack:
    """The result for one account. `waiting`: how many orders go on later days, `until`: the last of these.

    `unfollow`: whose approval was overruled after the follow, to be unfollowed by hand.

    `paused_at`: since when nobody is followed for it; then `queued` orders wait, whatever their day.
    """

    account: str
    executor: Executor
    handed_off: list[Link] = field(default_factory=list)
    sent: list[OrderRow] = field(default_factory=list)
    parked: list[OrderRow] = field(default_factory=list)
    skipped: list[OrderRow] = field(default_factory=list)
    confirmed: list[OrderRow] = field(default_factory=list)
    would: list[OrderRow] = field(default_factory=list)
    unfollow: list[Unfollow] = field(default_factory=list)
    waiting: int = 0
    until: str | None = None
    warning: str | None = None
    paused_at: datetime | None = None
    queued: int = 0
    unproved: list[NotProved] = field(default_factory=list)
    error: FollowguardError | None = None

    @property
    def exit_code(self) -> int:
        """0 done; 3 when something was done and something couldn't be; else the code of what kept it."""
        if self.error is None and not any(row.failed for row in self.skipped):
            return 0
        done = self.handed_off or self.sent or self.confirmed or self.parked
        if done or any(row.state is OrderState.VOID for row in self.skipped):
            return PARTLY
        return self.error.exit_code if self.error else FollowguardError.exit_code

    def as_json(self) -> dict[str, Any]:
        """Returns one of `accounts` in the JSON of `follow-back`."""
        return {
            "account": self.account,
            "executor": self.executor.value,
            "handed_off": [link.as_json() for link in self.handed_off],
            "sent": [row.as_json() for row in self.sent],
            "parked": [row.as_json() for row in self.parked],
            "skipped": [row.as_json() for row in self.skipped],
            "confirmed": [row.as_json() for row in self.confirmed],
            "would": [row.as_json() for row in self.would],
            "unfollow": [each.as_json() for each in self.unfollow],
            "waiting": self.waiting,
            "until": self.until,
            "warning": self.warning,
            "paused_at": self.paused_at,
            "errors": [each.as_json() for each in (self.error, *self.unproved) if each],
        }


def follow_back(
    desk: FollowContext, ways: XAccess, *, opened: bool, actor: str = "followguard", dry_run: bool = False
) -> FollowBack:
    """Carries out, hands off, or says what it would do.

    `opened`: a person looks at the result; without one nothing is handed off, for a link that nobody sees isn't. For
    the API executor the account's lock must be held. Raises `MissingCredentials` when that executor has none.
    """
    desk = _as_of_now(desk)
    executor = Executor.DRY_RUN if dry_run else executor_in_force(desk.settings, desk.account)
    result = FollowBack(account=desk.account.handle, executor=executor, paused_at=desk.account.paused_at)
    if executor is Executor.DRY_RUN:
        _rehearse(desk, result)
    elif desk.account.paused_at is not None:
        _rest(desk, result)
    elif executor is Executor.API:
        _by_api(desk, ways, result, actor=actor, opened=opened)
    elif opened:
        _by_hand(desk, ways, result, actor)
    _look_ahead(desk, result)
    return result


def night_counts(work: Work, account_id: int, rechecked: Rechecked, done: FollowBack) -> dict[str, int]:
    """Returns `follow_back` in the JSON of `nightly`: what stands open or parked now, and what tonight came to."""
    live, parked = orders_standing(work, account_id)
    return {
        "open": live,
        "confirmed": rechecked.confirmed + len(done.confirmed),
        "void": rechecked.void + sum(row.state is OrderState.VOID for row in done.skipped),
        "sent": len(done.sent),
        "parked": parked,
    }


def follow_back_all(
    plans: Sequence[tuple[FollowContext, XAccess]], *, actors: Sequence[str], dry_run: bool = False
) -> list[FollowBack]:
    """Follows back for several accounts; one that fails doesn't keep the others back."""
    results = []
    for (desk, ways), actor in zip(plans, actors, strict=True):
        try:
            results.append(_alone(desk, ways, actor, dry_run=dry_run))
        except FollowguardError as error:
            results.append(FollowBack(account=desk.account.handle, executor=desk.settings.executor, error=error))
    return results


def exit_code_of(results: Sequence[FollowBack]) -> int:
    """Returns the code that all accounts agree on, else 3."""
    codes = {result.exit_code for result in results}
    return codes.pop() if len(codes) == 1 else PARTLY if codes else 0


def _alone(desk: FollowContext, ways: XAccess, actor: str, *, dry_run: bool) -> FollowBack:
    """Holds the account's lock where calls may be made that mustn't be made twice."""
    desk = _as_of_now(desk)
    if dry_run or executor_in_force(desk.settings, desk.account) is not Executor.API:
        return follow_back(desk, ways, opened=True, actor=actor, dry_run=dry_run)
    with desk.store.lock(desk.account.handle):
        return follow_back(desk, ways, opened=True, actor=actor)


def _as_of_now(desk: FollowContext) -> FollowContext:
    """Returns the account as it stands: paused or not, switched or not, known to X or not."""
    with desk.store.begin() as work:
        return replace(desk, account=Accounts(work).ensure(desk.account.handle, desk.clock()))


def _due(desk: FollowContext) -> list[Order]:
    today = day_of(desk.clock())
    return [order for order in _open_orders(desk, {OrderState.QUEUED}) if order.due <= today]


def _rest(desk: FollowContext, result: FollowBack) -> None:
    """Lets orders of a paused account wait; that time doesn't make them lapse."""
    why = f"The account is paused. To go on: followguard account resume --account {desk.account.handle} --by NAME"
    due = _due(desk)
    with desk.store.begin() as work:
        sights = recorded_sights(work, desk.account.id, [order.follower_id for order in due])
        for order in due:
            Orders(work).hold(order, desk.clock())
    result.skipped.extend(row_of(order, sights[order.follower_id], why) for order in due)


def _rehearse(desk: FollowContext, result: FollowBack) -> None:
    """Tells what today's run would come to by what was read last; asks, writes and shows nothing."""
    now, due = desk.clock(), _due(desk)
    with desk.store.begin() as work:
        room = desk.settings.policy.max_follow_backs_per_day - Orders(work).used(desk.account.id, day_of(now))
        sights = recorded_sights(work, desk.account.id, [order.follower_id for order in due])
        for order in due:
            sight = sights[order.follower_id]
            finding = finding_about(work, desk, order, sight)
            if left_in_doubt(work, order, sight, desk.account.handle, result):
                continue
            if finding.to is not None:
                result.skipped.append(row_of(order, sight, finding.note or finding.why or "Followed already."))
            elif len(result.would) < room:
                result.would.append(row_of(order, sight))


def _by_hand(desk: FollowContext, ways: XAccess, result: FollowBack, actor: str) -> None:
    try:
        reader = _known_reader(desk, ways)
    except XError as error:
        result.error, reader = result.error or error, None
    done = HandOff(desk=desk, reader=reader, actor=actor).run()
    linked = {link.follower_id for link in done.links}
    result.handed_off = done.links
    result.skipped = [row for row in result.skipped if row.follower_id not in linked] + done.skipped
    result.confirmed += done.confirmed
    result.unproved += [each for each in done.unproved if str(each) not in map(str, result.unproved)]
    result.error = result.error or done.error


def _by_api(desk: FollowContext, ways: XAccess, result: FollowBack, *, actor: str, opened: bool) -> None:
    if not _open_orders(desk, {OrderState.QUEUED, OrderState.SENDING}):
        return
    if ways.open_reader is None or ways.open_writer is None or desk.account.x_id is None:
        raise MissingCredentials(
            f"@{desk.account.handle} follows by API, but its credentials aren't all here.",
            "Set its four FOLLOWGUARD_<HANDLE>_... secrets, then run: followguard doctor",
        )
    reader = (_known_reader(desk, ways) if opened else None) or ways.open_reader()
    writer = ways.open_writer(desk.account.x_id)
    done = Execute(desk=desk, reader=reader, writer=writer, rhythm=ways.rhythm, actor=actor).run()
    result.sent, result.parked, result.skipped = done.sent, done.parked, done.skipped
    result.confirmed, result.error, result.unproved = done.confirmed, done.error, done.unproved
    if done.switched:
        result.executor = Executor.HANDOFF
        if opened:
            _by_hand(desk, ways, result, actor)


def _known_reader(desk: FollowContext, ways: XAccess) -> FollowerReader | None:
    """Opens a reader that surely is the account's: by another's credentials everybody would seem to have left.

    The night asks X for itself, before it reads. Raises `WrongCredentials`, or what else X says.
    """
    looked_at = {OrderState.QUEUED, OrderState.HANDED_OFF, OrderState.SENDING}
    if ways.open_reader is None or not _open_orders(desk, looked_at):
        return None
    reader = ways.open_reader()
    identify(desk.store, reader, desk.account, desk.clock)
    return reader


def _open_orders(desk: FollowContext, states: Collection[OrderState]) -> Sequence[Order]:
    with desk.store.begin() as work:
        return Orders(work).open(desk.account.id, states)


def _look_ahead(desk: FollowContext, result: FollowBack) -> None:
    """Tells when the rest will follow at our pace: orders in no list of today's, on later days."""
    now, per_day = desk.clock(), desk.settings.policy.max_follow_backs_per_day
    listed = {row.follower_id for row in [*result.skipped, *result.would]}
    with desk.store.begin() as work:
        queued = Orders(work).open(desk.account.id, {OrderState.QUEUED})
        result.unfollow = Unfollows(work).open(desk.account.id)
        used = Orders(work).used(desk.account.id, day_of(now)) + len(result.would)
    rest = [order for order in queued if order.follower_id not in listed]
    later = [day for day in days_ahead(rest, used, per_day, now).values() if day > day_of(now)]
    result.queued, result.waiting, result.until = len(queued), len(later), max(later, default=None)
    if result.until is not None:
        lapses = desk.settings.policy.order_lapses_days
        result.warning = slow_words(result.until, day_of(now), per_day, lapses) or None
