"""One pass over a follower list, page by page: each page, its checkpoint and its cost are one transaction."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from followguard.domain.counting import counted
from followguard.domain.follower import Profile
from followguard.domain.mark import Row
from followguard.domain.ports import FollowerReader, Page
from followguard.domain.stores.accounts import Account
from followguard.domain.stores.reading import ReadingPass
from followguard.domain.stores.runs import Call
from followguard.domain.stores.work import Store, Work
from followguard.errors import FollowguardError, PartlyDone, PlatformDown, TokenExpired
from followguard.jobs.budget import Ask, Clock, Spending, released_on_failure, reserve

EMPTY_PAGES = 20
"""So many pages without a row in a row, and X isn't answering the question."""
RESTARTS = 2
"""How often a pass may begin again at page 1 in one run, when X no longer takes its token."""


class Course(Protocol):
    """Decides how far a pass goes."""

    def next_size(self) -> int:
        """Rows to ask for, 1..1000; 0 when enough was read."""
        ...

    def take(self, rows: Sequence[tuple[str, Row]]) -> None:
        """Takes in one page, top to bottom."""
        ...

    def missing(self) -> list[str]:
        """Known followers who should have been met, and weren't; asked when the course is run."""
        ...

    def as_json(self) -> dict[str, object]:
        """For the checkpoint."""
        ...


@dataclass(slots=True)
class Tally:
    """What a run read and what it cost. `cost` in micro-dollars."""

    new: int = 0
    returned: int = 0
    reads: int = 0
    requests: int = 0
    cost: int = 0
    errors: list[FollowguardError] = field(default_factory=list)
    finished: bool = False


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
    tally: Tally = field(default_factory=Tally)
    run_limit: int | None = None
    """Micro-dollars this run may spend in place of the night's limit (reconcile's `--max-usd`)."""

    def run(self, reading: ReadingPass, course: Course) -> Tally:
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
                reading = self._restart(reading)
                seen_tokens.clear()
                continue
            empty = 0 if page.returned else empty + 1
            if reading.token:
                seen_tokens.add(reading.token)
            reading = self._keep(reading, page, course, entry)
            self._refuse_loops(reading, seen_tokens, empty)
            if page.next_token is None:
                break
        self._finish(reading, course)
        return self.tally

    def _ask(self, reading: ReadingPass, wanted: int) -> tuple[Page, int]:
        """A page of as many as the budget pays for, and the ledger's entry for it."""
        limit = None if self.run_limit is None else max(0, self.run_limit - self.tally.cost)
        ask = Ask(call="followers", wanted=wanted, price=self.spending.list_price, limit=limit)
        with self.store.begin() as work:
            reservation = reserve(work, self.spending, self.account, ask, self.clock())
        with released_on_failure(self.store, reservation):
            return self.reader.followers(self.x_id, reservation.size, reading.token), reservation.entry

    def _restart(self, reading: ReadingPass) -> ReadingPass:
        restarted = reading.moved(None, reading.position, reading.progress)
        with self.store.begin() as work:
            work.reading.save_pass(restarted)
        return restarted

    def _keep(self, reading: ReadingPass, page: Page, course: Course, entry: int) -> ReadingPass:
        """The page, what it cost and where it ends, in one transaction."""
        now = self.clock()
        with self.store.begin() as work:
            known = work.reading.known(self.account.id, [profile.id for profile in page.profiles])
            forgotten = work.forgetting.among({p.id for p in page.profiles if p.id not in known})
            cost = work.runs.settle(entry, _call_of(page, forgotten), self.spending.list_price, now)
            rows, new, returned = self._record(work, reading, page.profiles, known, forgotten)
            course.take(rows)
            moved = reading.moved(page.next_token, reading.position + len(rows), dict(course.as_json()))
            work.reading.save_pass(moved)
        self._count(page, cost, new, returned)
        return moved

    def _record(
        self,
        work: Work,
        reading: ReadingPass,
        profiles: Sequence[Profile],
        known: Mapping[str, int],
        forgotten: Collection[str],
    ) -> tuple[list[tuple[str, Row]], int, int]:
        """The page's rows for the course, how many are new, how many had left and are back.

        Of whom was forgotten nothing is kept.
        """
        now = self.clock()
        unique = list({profile.id: profile for profile in profiles}.values())
        seen = work.reading.observe(self.account.id, [p for p in unique if p.id in known], now, in_list=True)
        back = {follower_id for follower_id, one in seen.items() if one.returned}
        new = work.reading.record(reading, [p for p in unique if p.id not in known and p.id not in forgotten], now)
        rows = [(p.id, Row.FORGOTTEN if p.id in forgotten else _row_of(p.id, known, back, reading.id)) for p in unique]
        fresh = [follower_id for follower_id, row in rows if row not in (Row.AGAIN, Row.FORGOTTEN)]
        work.reading.place(reading, fresh, reading.position)
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

    def _refuse_loops(self, reading: ReadingPass, seen_tokens: set[str], empty: int) -> None:
        again = reading.token in seen_tokens
        if again or empty >= EMPTY_PAGES:
            self._restart(reading)
            what = "a page token a second time" if again else f"{empty} empty pages in a row"
            raise PlatformDown(
                f"@{self.account.handle}: X sent {what}; reading on would never end.",
                "What was read is saved; the next run begins at the top.",
            )

    def _finish(self, reading: ReadingPass, course: Course) -> None:
        with self.store.begin() as work:
            work.reading.mark_missing(self.account.id, course.missing(), self.clock())
            work.reading.finish_pass(reading.id, "done", self.clock())
        self.tally.finished = True


def _row_of(follower_id: str, known: Mapping[str, int], back: set[str], pass_id: int) -> Row:
    if follower_id not in known or follower_id in back:
        return Row.NEW
    return Row.AGAIN if known[follower_id] == pass_id else Row.KNOWN


def _call_of(page: Page, forgotten: Mapping[str, str]) -> Call:
    """What X bills for; whom was forgotten goes by an alias there, too."""
    bad = [f"unreadable:{sha256(row.raw.encode(errors='replace')).hexdigest()[:24]}" for row in page.rejected]
    ids = tuple(dict.fromkeys([*(forgotten.get(p.id, p.id) for p in page.profiles), *bad]))
    return Call(name="followers", requests=page.requests, ids=ids, returned=page.returned)


def _unreadable_rows(handle: str, page: Page) -> PartlyDone:
    first = page.rejected[0]
    return PartlyDone(
        f"@{handle}: {counted(len(page.rejected), 'row')} of the list could not be read (first: {first.error}).",
        "The others are recorded; if it goes on, X has changed its format: see docs/x-gateway.md.",
    )
