"""An account with followers, cards and approvals in a real database, and an X that keeps its word or doesn't."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from followguard.accounts.budget import Spending
from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts, People
from followguard.domain.account import Account
from followguard.domain.follower import Profile
from followguard.domain.order import Order
from followguard.domain.policy import AccountSettings, Executor, Policy, Prices
from followguard.domain.units import day_of
from followguard.errors import FollowguardError
from followguard.followers.look_up import FollowContext
from followguard.followers.passes_store import Passes
from followguard.followers.store import Followers
from followguard.following.by_api import CallTiming
from followguard.following.follow_back import FollowBack, XAccess, follow_back
from followguard.following.pace import AT_ONCE, due_day
from followguard.following.recheck import Rechecked, recheck
from followguard.following.store import Orders
from followguard.store.tables import attempts, decisions, items, log
from followguard.testing import START, made_up_profile
from followguard.x.contract import FollowAnswer, LookedUp, Me
from tests.builders.mortal_store import Killed, MortalStore


@dataclass
class FakeX:
    """Reader and writer over a few people in memory. `lags`: follows don't show in look-ups yet."""

    people: dict[str, Profile] = field(default_factory=dict)
    gone: dict[str, str] = field(default_factory=dict)
    following: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    before_follow: list[Callable[[], None]] = field(default_factory=list)
    after_follow: list[Callable[[], None]] = field(default_factory=list)
    before_look_up: list[Callable[[], None]] = field(default_factory=list)
    pending: bool = False
    effect: bool = True
    lags: bool = False
    says_no: bool = False
    handle: str = "acme"
    now: datetime = START

    def me(self) -> Me:
        return Me(id="900", username=self.handle)

    def look_up(self, follower_ids: list[str]) -> LookedUp:
        if self.before_look_up:
            self.before_look_up.pop(0)()
        shown = tuple(self._shown(i) for i in follower_ids if i in self.people and i not in self.gone)
        gone = {i: self.gone[i] for i in follower_ids if i in self.gone}
        return LookedUp(profiles=shown, gone=gone, returned=len(shown), requests=1)

    def _shown(self, follower_id: str) -> Profile:
        profile = self.people[follower_id]
        words = set(profile.connection or ())
        words |= {"following"} if follower_id in self.following and not self.lags else set()
        words |= {"follow_request_sent"} if follower_id in self.asked and not self.lags else set()
        connection = None if profile.connection is None else frozenset(words)
        return replace(profile, connection=connection, observed_at=self.now)

    def follow(self, account_id: str, follower_id: str) -> FollowAnswer:
        assert account_id == "900"
        if self.before_follow:
            self.before_follow.pop(0)()
        self.calls.append(follower_id)
        if self.says_no:
            return FollowAnswer(following=False, pending=False)
        if self.effect:
            (self.asked if self.pending else self.following).add(follower_id)
        if self.after_follow:
            self.after_follow.pop(0)()
        return FollowAnswer(following=not self.pending, pending=self.pending)

    def change(self, follower_id: str, **fields: Any) -> None:
        self.people[follower_id] = replace(self.people[follower_id], **fields)

    def leave(self, follower_id: str) -> None:
        self.change(follower_id, connection=frozenset())


@dataclass
class House:
    """One account at work: `now` is the time everywhere, `x` the platform."""

    store: Any
    settings: AccountSettings
    account: Account
    ann: int
    x: FakeX = field(default_factory=FakeX)
    now: datetime = START
    slept: list[float] = field(default_factory=list)
    max_usd: float = 50.0

    @property
    def desk(self) -> FollowContext:
        with self.store.begin() as work:
            account = Accounts(work).ensure("acme", self.now)
        spending = Spending.under(self.settings, Prices(), self.max_usd)
        return FollowContext(
            store=self.store, account=account, settings=self.settings, spending=spending, clock=lambda: self.now
        )

    @property
    def ways(self) -> XAccess:
        rhythm = CallTiming(spacing=AT_ONCE, sleep=self.slept.append, rng=Random(1))
        return XAccess(rhythm=rhythm, open_reader=lambda: self.x, open_writer=lambda _: self.x)  # type: ignore[arg-type, return-value]

    @property
    def no_credentials(self) -> XAccess:
        return replace(self.ways, open_reader=None, open_writer=None)

    def under(self, executor: Executor, **policy: Any) -> "House":
        self.settings = replace(self.settings, executor=executor, policy=Policy(**policy))
        return self

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.x.now = self.now

    def add(self, *ids: str, state: str = "approved", **fields: Any) -> None:
        """New followers, read just now, each with a card in `state`."""
        with self.store.begin() as work:
            reading = Passes(work).open_pass(self.account.id, "night") or Passes(work).start_pass(
                self.account.id, "night", {}, self.now
            )
            profiles = [replace(made_up_profile(i, self.now), **fields) for i in ids]
            Followers(work).record(reading, profiles, self.now)
            for profile in profiles:
                self.x.people[profile.id] = profile
                values = {"account_id": self.account.id, "follower_id": profile.id, "state": state}
                values |= {"updated_at": self.now, "due": day_of(self.now)}
                work.connection.execute(insert(items).values(held_back=False, audit=False, **values))

    def decide(self, follower_id: str, kind: str = "approve", by: int | None = None, **more: Any) -> int:
        """A decision on what the card shows now."""
        with self.store.begin() as work:
            look = Followers(work).latest(self.account.id, [follower_id])[follower_id]
            card = work.connection.execute(select(items).where(items.c.follower_id == follower_id)).one()
            values = {"item_id": card.id, "account_id": self.account.id, "follower_id": follower_id, "kind": kind}
            values |= {"person_id": by or self.ann, "at": self.now, "shown_hash": look.appearance_hash()}
            values |= {"shown_because": "listed", "real_account": False} | more
            return int(work.covered.insert(insert(decisions).values(values)).id)

    def order(self, follower_id: str, by: int | None = None, due: str | None = None) -> int:
        """Approves a recorded follower as the card is now; returns the order's id."""
        decision = self.decide(follower_id, by=by)
        with self.store.begin() as work:
            look = Followers(work).latest(self.account.id, [follower_id])[follower_id]
            per_day = self.settings.policy.max_follow_backs_per_day
            day = due or due_day(Orders(work).taken(self.account.id, day_of(self.now)), per_day, self.now)
            return int(
                Orders(work).create(self.account.id, follower_id, decision, look.appearance_hash(), day, self.now)
            )

    def approved(self, *ids: str) -> list[int]:
        """New followers, approved at once."""
        self.add(*ids)
        return [self.order(i) for i in ids]

    def get(self, order_id: int) -> Order:
        with self.store.begin() as work:
            found: Order = Orders(work).get(order_id)
        return found

    def states(self, *order_ids: int) -> list[str]:
        return [self.get(order_id).state.value for order_id in order_ids]

    def insert(self, table: Any, **values: Any) -> None:
        """A row past all our code, as a hostile hand would write it."""
        with self.store.begin() as work:
            work.connection.execute(insert(table).values(values))

    def card(self, follower_id: str) -> Any:
        with self.store.begin() as work:
            return work.connection.execute(select(items).where(items.c.follower_id == follower_id)).one()

    def set_card(self, follower_id: str, **values: Any) -> None:
        with self.store.begin() as work:
            work.connection.execute(update(items).where(items.c.follower_id == follower_id).values(values))

    def outcomes(self, order_id: int) -> list[str]:
        with self.store.begin() as work:
            query = select(attempts.c.outcome).where(attempts.c.order_id == order_id).order_by(attempts.c.id)
            return list(work.connection.execute(query).scalars())

    def log_kinds(self) -> list[str]:
        with self.store.begin() as work:
            kinds = select(log.c.kind).where(log.c.kind != "rows").order_by(log.c.seq)
            return list(work.connection.execute(kinds).scalars())

    def run(self, *, opened: bool = True, ways: XAccess | None = None, dry_run: bool = False) -> FollowBack:
        return follow_back(self.desk, ways or self.ways, opened=opened, dry_run=dry_run)

    def recheck(self) -> Rechecked:
        """Rechecks as the night does: reservations of a killed run are given back first."""
        with self.store.begin() as work:
            Runs(work).release_all(self.account.id)
        return recheck(self.desk, self.x)  # type: ignore[arg-type]


def furnish(store: Any) -> House:
    """The account @acme (id 900 on X) and Ann, who approves."""
    with store.begin() as work:
        account = Accounts(work).ensure("acme", START)
        Accounts(work).set_x_id(account.id, "900")
        ann = People(work).add("Ann", "p-ann", START)
        People(work).grant(ann.id, "approver", None, None, START)
    return House(store, AccountSettings(handle="acme", training_basis="none"), account, ann.id)


@pytest.fixture
def house(store: Any) -> House:
    """A house on each kind of database in turn."""
    return furnish(store)


@pytest.fixture
def quick_house(sqlite_store: Any) -> House:
    """A house on SQLite, where the database makes no difference."""
    return furnish(sqlite_store)


@pytest.fixture
def killed() -> type[BaseException]:
    """Exception that stands for the death of the process."""
    return Killed


@pytest.fixture
def dying() -> Callable[[House, int, bool, Callable[[], object]], None]:
    """Does something with a house whose `dies_at`-th commit is its last, if it comes that far."""

    def do(house: House, dies_at: int, after: bool, deed: Callable[[], object]) -> None:
        whole = house.store
        house.store = MortalStore(whole, dies_at, after=after)
        with suppress(Killed):
            deed()
        house.store = whole

    return do


def raising(error: type[FollowguardError]) -> Callable[[], None]:
    def fail() -> None:
        raise error("X says no.", "Look there.")

    return fail


def links(result: Any) -> list[str]:
    return [link.follower_id for link in result.handed_off]
