"""Reads an account's whole follower list: whom the nights missed, and who wasn't in it. X is asked who of them left."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from followguard.accounts.accounts import identify
from followguard.accounts.budget import Clock, Spending
from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.follower import Observation
from followguard.domain.policy import AccountSettings
from followguard.domain.units import micro, usd
from followguard.errors import FollowguardError, ListEndedEarly, PartlyDone, TryLater
from followguard.followers.list_end import ENDED_EARLY, READ, covers
from followguard.followers.list_reading import Ending, ListReading, ReadingTally
from followguard.followers.look_up import FollowContext, LookAgain
from followguard.followers.page_size import LONGEST
from followguard.followers.passes_store import Passes
from followguard.followers.stop_rule import NAMELESS, ListRow
from followguard.followers.store import Followers
from followguard.store.store import Store
from followguard.x.contract import FollowerReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """The cost of a whole reading. `followers` is None where X doesn't say how many there are.

    `unseen`: the list was read before, and so many who weren't in it are still to be looked up; else None.
    """

    followers: int | None
    already_read: int
    usd: float | None
    unseen: int | None = None


@dataclass(slots=True)
class Reconciled:
    """The result of a run. `later` says why it isn't finished yet, None when it is.

    Those not met in the list: `left` by X's word; `still_following` by X's word; `untold`, X didn't say; `unseen`, not
    looked up yet.
    """

    left: int = 0
    still_following: int = 0
    untold: int = 0
    unseen: int = 0
    lookups: int = 0
    lookup_requests: int = 0
    lookup_cost: int = 0
    read_to_end: bool = False
    tally: ReadingTally = field(default_factory=ReadingTally)
    later: TryLater | None = None

    @property
    def finished(self) -> bool:
        """Whether nothing is left for another run."""
        return self.read_to_end and self.later is None

    @property
    def cost(self) -> int:
        """Micro-dollars for the list and the look-ups."""
        return self.tally.cost + self.lookup_cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """One account's reconciliation; an unfinished one goes on where it stopped."""

    store: Store
    reader: FollowerReader
    settings: AccountSettings
    spending: Spending
    clock: Clock
    say: Callable[[str], None]

    def forecast(self) -> Forecast:
        """Asks X how many followers there are: one call. Raises `XError`."""
        account, followers = self._account()
        with self.store.begin() as work:
            pass_id = Passes(work).unsettled(account.id)
            unseen = None if pass_id is None else len(Followers(work).unseen_since(account.id, pass_id))
            reading = Passes(work).open_pass(account.id, "reconcile")
        if unseen is not None:
            return Forecast(
                followers=followers, already_read=0, usd=usd(unseen * self.spending.lookup_price), unseen=unseen
            )
        seen = 0 if reading is None else int(reading.progress["seen"])
        cost = None if followers is None else usd(max(0, followers - seen) * self.spending.list_price)
        return Forecast(followers=followers, already_read=seen, usd=cost)

    def run(self, max_usd: float | None) -> Reconciled:
        """Reads to the end of the list, or as far as `max_usd` goes in this run, the month's budget in any case.

        Followers whom a list that is proven whole doesn't show are looked up, and have left where X says so. Raises
        `XError` that isn't for later.
        """
        account, followers = self._account()
        limit = self.spending.month_limit if max_usd is None else micro(max_usd)
        result = Reconciled()
        with self.store.lock(account.handle):
            try:
                self._run(account, followers, limit, result)
            except TryLater as later:
                result.later = later
        return result

    def _run(self, account: Account, followers: int | None, limit: int, result: Reconciled) -> None:
        with self.store.begin() as work:
            pass_id = Passes(work).unsettled(account.id)
        if pass_id is None:
            pass_id, ending = self._read(account, followers, limit, result.tally)
            if ending.outcome != READ:
                result.tally.errors.append(_ended_early(account.handle, ending.met or 0, followers))
                return
        result.read_to_end = True
        self._settle(account, pass_id, limit - result.tally.cost, result)

    def _read(self, account: Account, followers: int | None, limit: int, tally: ReadingTally) -> tuple[int, Ending]:
        with self.store.begin() as work:
            reading = Passes(work).open_pass(account.id, "reconcile")
            if reading is None:
                begun = WholeList(followers_count=followers).as_json()
                reading = Passes(work).start_pass(account.id, "reconcile", begun, self.clock())
        course = WholeList.from_json(reading.progress, counted=followers)
        ending = ListReading(
            store=self.store,
            reader=self.reader,
            account=account,
            x_id=account.x_id or "",
            spending=self.spending,
            clock=self.clock,
            say=self.say,
            tally=tally,
            run_limit=limit,
        ).run(reading, course)
        return reading.id, ending

    def _settle(self, account: Account, pass_id: int, limit: int, result: Reconciled) -> None:
        """Asks X about everybody unseen; who was answered about isn't asked about again by a later run."""
        with self.store.begin() as work:
            Passes(work).overtake(account.id, pass_id, self.clock())
            unseen = Followers(work).unseen_since(account.id, pass_id)
        result.unseen = len(unseen)
        desk = FollowContext(
            store=self.store, account=account, settings=self.settings, spending=self.spending, clock=self.clock
        )
        look = LookAgain(desk=desk, reader=self.reader, limit=limit)
        try:
            for sights in look.sights(unseen):
                self._note(account, pass_id, sights, result)
        finally:
            result.lookups, result.lookup_requests, result.lookup_cost = look.lookups, look.requests, look.cost_micro
        self._finish(account, pass_id, [each for each in unseen if each not in look.seen], result)

    def _note(self, account: Account, pass_id: int, sights: dict[str, Observation], result: Reconciled) -> None:
        """Counts what X said; the look-up itself marks those who left."""
        with self.store.begin() as work:
            Followers(work).count_as_met(pass_id, account.id, list(sights))
        says = [sight.follows_us for sight in sights.values()]
        result.left += says.count(False)
        result.still_following += says.count(True)
        result.untold += says.count(None)
        result.unseen -= len(says)
        self.say(f"@{account.handle}: {result.unseen} who weren't in the list still to be looked up")

    def _finish(self, account: Account, pass_id: int, unanswered: Sequence[str], result: Reconciled) -> None:
        with self.store.begin() as work:
            Followers(work).count_as_met(pass_id, account.id, unanswered)
            Passes(work).settle_pass(pass_id)
        result.untold, result.unseen = result.untold + len(unanswered), 0
        result.tally.errors.extend(_left_out(account.handle, result))

    def _account(self) -> tuple[Account, int | None]:
        with self.store.begin() as work:
            account = Accounts(work).ensure(self.settings.handle, self.clock())
        me = identify(self.store, self.reader, account, self.clock)
        with self.store.begin() as work:
            return Accounts(work).ensure(self.settings.handle, self.clock()), me.followers_count


def _ended_early(handle: str, met: int, counted: int | None) -> ListEndedEarly:
    counts = "how many there are, X doesn't say" if counted is None else f"X counts {counted}"
    return ListEndedEarly(
        f"@{handle}: X's list ended after {met} followers; {counts}.",
        "So nobody who wasn't in it was taken for gone; run reconcile again tomorrow.",
    )


def _left_out(handle: str, result: Reconciled) -> Iterable[FollowguardError]:
    """Returns what X's word on single followers says against its list."""
    if result.still_following or result.untold:
        said = f"{result.still_following} of them still follow, and of {result.untold} it doesn't say"
        yield PartlyDone(
            f"@{handle}: X's list left some known followers out; looked up, X says that {said}.",
            "They count as followers; run reconcile again another day to see whether the list shows them.",
        )


@dataclass(slots=True, kw_only=True)
class WholeList:
    """The course of a whole reading: every page to the end of the list.

    `followers_count` is X's count when the pass began, `counted` that of now: a reading may take days, and who comes
    meanwhile stands above it.
    """

    seen: int = 0
    nameless: int = 0
    followers_count: int | None = None
    counted: int | None = None

    def next_size(self) -> int:
        """Returns a full page: each follower is paid for anyway."""
        return LONGEST

    def take(self, rows: Sequence[tuple[str, ListRow]]) -> None:
        """Counts followers that this pass hadn't met."""
        self.seen += sum(row is not ListRow.AGAIN for _, row in rows)
        self.nameless += sum(row in NAMELESS for _, row in rows)

    def restart(self) -> None:
        """Forgets nameless rows: they can't be told from those of before."""
        self.nameless = 0

    def outcome_at_end(self, met: int) -> str:
        """Returns the outcome: a list is whole when it showed nearly as many as X counts, now or at its beginning."""
        counts = [count for count in (self.followers_count, self.counted) if count is not None]
        return READ if counts and covers(met, min(counts)) else ENDED_EARLY

    def missing(self) -> list[str]:
        """Returns nothing: followers who aren't in a whole list are looked up."""
        return []

    def as_json(self) -> dict[str, Any]:
        """Returns what a checkpoint keeps."""
        return {"seen": self.seen, "nameless": self.nameless, "followers_count": self.followers_count}

    @classmethod
    def from_json(cls, saved: Mapping[str, Any], counted: int | None) -> "WholeList":
        """Reads a checkpoint; an empty one begins anew."""
        return cls(
            seen=int(saved.get("seen", 0)),
            nameless=int(saved.get("nameless", 0)),
            followers_count=saved.get("followers_count"),
            counted=counted,
        )
