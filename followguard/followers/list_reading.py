"""One pass over a follower list, page by page: each page, its checkpoint and its cost are one transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from followguard.accounts.budget import Ask, Clock, Spending, released_on_failure, reserve
from followguard.accounts.ledger_store import Runs
from followguard.domain.account import Account
from followguard.domain.follower import Profile
from followguard.domain.run import Call
from followguard.domain.wording import counted
from followguard.errors import FollowguardError, PartlyDone, PlatformDown, TokenExpired
from followguard.followers.list_end import DONE, ENDED_EARLY
from followguard.followers.passes_store import Passes, ReadingPass
from followguard.followers.stop_rule import ListRow
from followguard.followers.store import Followers
from followguard.followers.tombstone_store import Tombstones
from followguard.store.store import Store
from followguard.store.work import Work
from followguard.x.contract import FollowerReader, Page

EMPTY_PAGES = 20
"""So many pages without a row in a row, and X isn't answering the question."""
RESTARTS = 2
"""How often a pass may begin again at page 1 in one run, when X no longer takes its token."""


class ReadingPlan(Protocol):
    """Decides how far a pass goes."""

    nameless: int
    """Rows met since the top of the list that leave no follower on record: forgotten, or unreadable."""

    def next_size(self) -> int:
        """Returns rows to ask for, 1..1000; 0 when enough was read."""
        ...

    def take(self, rows: Sequence[tuple[str, ListRow]]) -> None:
        """Takes in one page, top to bottom."""
        ...

    def restart(self) -> None:
        """Begins the pass again at the top of the list."""
        ...

    def outcome_at_end(self, met: int) -> str:
        """Returns the outcome of a pass whose list ends before the course is run, after so many followers."""
        ...

    def missing(self) -> list[str]:
        """Returns known followers who should have been met and weren't; asked when the course is run."""
        ...

    def as_json(self) -> dict[str, object]:
        """Returns what a checkpoint keeps."""
        ...


@dataclass(slots=True)
class ReadingTally:
    """The counts of one run; `cost` in micro-dollars."""

    new: int = 0
    returned: int = 0
    reads: int = 0
    requests: int = 0
    cost: int = 0
    errors: list[FollowguardError] = field(default_factory=list)
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a pass: its outcome and, where the list ended first, how many followers it met (else None)."""

    outcome: str
    met: int | None = None


@dataclass(slots=True, kw_only=True)
class ListReading:
    """Reads on from where `reading` stands until its course is run, the list ends, or something stops it.

    What stops it for now (budget, rate limit, credits, platform) is raised after everything read was saved.
    """

    store: Store
    reader: FollowerReader
    account: Account
    x_id: str
    spending: Spending
    clock: Clock
    say: Callable[[str], None]
    tally: ReadingTally = field(default_factory=ReadingTally)
    run_limit: int | None = None
    """Micro-dollars this run may spend in place of the night's limit (reconcile's `--max-usd`)."""

    def run(self, reading: ReadingPass, course: ReadingPlan) -> Ending:
        """Raises `XError` and `BudgetUsedUp`; the checkpoint says where the next run goes on."""
        seen_tokens: set[str] = set()
        empty = restarts = 0
        while wanted := course.next_size():
            try:
                page, entry = self._ask(reading, wanted)
            except TokenExpired:
                restarts += 1
                if restarts > RESTARTS:
                    raise
                self.say(f"@{self.account.handle}: X no longer takes the page token; reading again from the top")
                reading = self._restart(reading, course)
                seen_tokens.clear()
                continue
            empty = 0 if page.returned else empty + 1
            if reading.token:
                seen_tokens.add(reading.token)
            reading, ending = self._keep(reading, page, course, entry)
            if ending is not None:
                return ending
            self._refuse_loops(reading, course, seen_tokens, empty)
        with self.store.begin() as work:
            ending = self._end(work, reading, course, list_ended=False)
        self.tally.finished = True
        return ending

    def _ask(self, reading: ReadingPass, wanted: int) -> tuple[Page, int]:
        """Reads a page of as many as the budget pays for; returns it with the ledger's entry."""
        limit = None if self.run_limit is None else max(0, self.run_limit - self.tally.cost)
        ask = Ask(call="followers", wanted=wanted, price=self.spending.list_price, limit=limit)
        with self.store.begin() as work:
            reservation = reserve(work, self.spending, self.account, ask, self.clock())
        with released_on_failure(self.store, reservation):
            return self.reader.followers(self.x_id, reservation.size, reading.token), reservation.entry

    def _restart(self, reading: ReadingPass, course: ReadingPlan) -> ReadingPass:
        """Goes back to the top; a follower who is met again gets a new place there."""
        course.restart()
        restarted = reading.moved(None, 0, dict(course.as_json()))
        with self.store.begin() as work:
            Passes(work).save_pass(restarted)
        return restarted

    def _keep(
        self, reading: ReadingPass, page: Page, course: ReadingPlan, entry: int
    ) -> tuple[ReadingPass, Ending | None]:
        """Saves a page, its cost and its place in one transaction; after the last one the end of the pass too."""
        now = self.clock()
        with self.store.begin() as work:
            known = Followers(work).known(self.account.id, [profile.id for profile in page.profiles])
            forgotten = Tombstones(work).among({p.id for p in page.profiles if p.id not in known})
            cost = Runs(work).settle(entry, _call_of(page, forgotten), self.spending.list_price, now)
            rows, new, returned = self._record(work, reading, page.profiles, known, forgotten)
            course.take([*rows, *((row.raw, ListRow.UNREADABLE) for row in page.rejected)])
            moved = reading.moved(page.next_token, reading.position + len(rows), dict(course.as_json()))
            Passes(work).save_pass(moved)
            ended = page.next_token is None
            ending = self._end(work, moved, course, list_ended=ended) if ended or not course.next_size() else None
        self._count(page, cost, new, returned)
        self.tally.finished = ending is not None and ending.outcome != ENDED_EARLY
        return moved, ending

    def _record(
        self,
        work: Work,
        reading: ReadingPass,
        profiles: Sequence[Profile],
        known: Mapping[str, int],
        forgotten: Collection[str],
    ) -> tuple[list[tuple[str, ListRow]], int, int]:
        """Returns the page's rows for the course, how many are new, how many had left and are back.

        Nothing is kept about a follower who was forgotten.
        """
        now = self.clock()
        unique = list({profile.id: profile for profile in profiles}.values())
        followers = Followers(work)
        seen = followers.observe(self.account.id, [p for p in unique if p.id in known], now, in_list=True)
        back = {follower_id for follower_id, one in seen.items() if one.returned}
        new = followers.record(reading, [p for p in unique if p.id not in known and p.id not in forgotten], now)
        again = {follower_id for follower_id, pass_id in known.items() if pass_id == reading.id}
        kinds = dict.fromkeys(followers.unproven(self.account.id, list(known)), ListRow.UNPROVEN)
        kinds |= (
            dict.fromkeys(again, ListRow.AGAIN)
            | dict.fromkeys(back, ListRow.NEW)
            | dict.fromkeys(forgotten, ListRow.FORGOTTEN)
        )
        rows = [(p.id, kinds.get(p.id, ListRow.KNOWN if p.id in known else ListRow.NEW)) for p in unique]
        followers.place(reading, [p.id for p in unique if p.id not in forgotten], reading.position)
        return rows, new, len(back)

    def _count(self, page: Page, cost: int, new: int, returned: int) -> None:
        tally = self.tally
        tally.new += new
        tally.returned += returned
        tally.reads += page.returned
        tally.requests += page.requests
        tally.cost += cost
        if page.rejected:
            tally.errors.append(_unreadable_rows(self.account.handle, page))
        self.say(f"@{self.account.handle}: {counted(tally.reads, 'profile')} read, {tally.new} new")

    def _refuse_loops(self, reading: ReadingPass, course: ReadingPlan, seen_tokens: set[str], empty: int) -> None:
        again = reading.token in seen_tokens
        if again or empty >= EMPTY_PAGES:
            self._restart(reading, course)
            what = "a page token a second time" if again else f"{empty} empty pages in a row"
            raise PlatformDown(
                f"@{self.account.handle}: X sent {what}; reading on would never end.",
                "What was read is saved; the next run begins at the top.",
            )

    def _end(self, work: Work, reading: ReadingPass, course: ReadingPlan, *, list_ended: bool) -> Ending:
        """Ends the pass. Marks nobody as missing where the list ended: they may be in the rest."""
        if list_ended and course.next_size():
            met = Followers(work).met_since(self.account.id, reading.id) + course.nameless
            ending = Ending(course.outcome_at_end(met), met)
        else:
            when_met = Followers(work).known(self.account.id, course.missing())
            unmet = [follower_id for follower_id, pass_id in when_met.items() if pass_id < reading.id]
            Followers(work).mark_missing(self.account.id, unmet, self.clock())
            ending = Ending(DONE)
        Passes(work).save_pass(reading.moved(None, reading.position, dict(course.as_json())))
        Passes(work).finish_pass(reading.id, ending.outcome, self.clock())
        return ending


def _call_of(page: Page, forgotten: Mapping[str, str]) -> Call:
    """Returns what X bills for; whom was forgotten goes by an alias there, too."""
    bad = [f"unreadable:{sha256(row.raw.encode(errors='replace')).hexdigest()[:24]}" for row in page.rejected]
    ids = tuple(dict.fromkeys([*(forgotten.get(p.id, p.id) for p in page.profiles), *bad]))
    return Call(name="followers", requests=page.requests, ids=ids, returned=page.returned)


def _unreadable_rows(handle: str, page: Page) -> PartlyDone:
    first = page.rejected[0]
    return PartlyDone(
        f"@{handle}: {counted(len(page.rejected), 'row')} of the list could not be read (first: {first.error}).",
        "The others are recorded; if it goes on, X has changed its format: see docs/x-gateway.md.",
    )
