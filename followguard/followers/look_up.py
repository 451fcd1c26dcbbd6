"""Looking recorded followers up by id, at most 100 a call, within the budget; each answer is booked and recorded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from followguard.accounts.budget import Ask, Clock, Reservation, Spending, released_on_failure, reserve
from followguard.accounts.ledger_store import Runs
from followguard.domain.account import Account
from followguard.domain.follower import Observation, Profile, with_connections
from followguard.domain.policy import AccountSettings
from followguard.domain.run import Call
from followguard.followers.store import Followers
from followguard.followers.tombstone_store import Tombstones
from followguard.store.store import Store
from followguard.store.work import Work
from followguard.x.contract import FollowerReader, LookedUp

MOST_IDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowContext:
    """One account of ours, as every job about follow orders needs it."""

    store: Store
    account: Account
    settings: AccountSettings
    spending: Spending
    clock: Clock


@dataclass(slots=True, kw_only=True)
class LookAgain:
    """Reads followers again. Counts what it reads: profiles, requests, and micro-dollars.

    `limit` takes the place of the night's limit (reconcile's `--max-usd`): micro-dollars for all that it reads.
    """

    desk: FollowContext
    reader: FollowerReader
    limit: int | None = None
    lookups: int = 0
    requests: int = 0
    cost_micro: int = 0
    seen: dict[str, Observation] = field(default_factory=dict)

    def sights(self, ids: Sequence[str]) -> Iterator[dict[str, Observation]]:
        """Yields what X shows now, one call after the other, each saved before it is given out.

        An id that X says nothing about is left out. Raises `BudgetUsedUp` or an `XError`; what came before is saved.
        """
        rest = list(dict.fromkeys(ids))
        while rest:
            reservation = self._reserve(len(rest))
            part, rest = rest[: reservation.size], rest[reservation.size :]
            with released_on_failure(self.desk.store, reservation):
                answer = self.reader.look_up(part)
            yield self._save(part, answer, reservation.entry)

    def _reserve(self, wanted: int) -> Reservation:
        desk = self.desk
        limit = None if self.limit is None else max(0, self.limit - self.cost_micro)
        ask = Ask(call="lookup", wanted=min(wanted, MOST_IDS), price=desk.spending.lookup_price, limit=limit)
        with desk.store.begin() as work:
            return reserve(work, desk.spending, desk.account, ask, desk.clock())

    def _save(self, asked: Sequence[str], answer: LookedUp, entry: int) -> dict[str, Observation]:
        now, account_id = self.desk.clock(), self.desk.account.id
        ids = [profile.id for profile in answer.profiles]
        with self.desk.store.begin() as work:
            known = Followers(work).known(account_id, ids)
            unknown = [each for each in ids if each not in known]
            forgotten = Tombstones(work).among(unknown) if unknown else {}
            paid = tuple(forgotten.get(each, each) for each in ids)
            call = Call(name="lookup", requests=answer.requests, ids=paid, returned=answer.returned)
            self.cost_micro += Runs(work).settle(entry, call, self.desk.spending.lookup_price, now)
            sights = _recorded_answer(work, account_id, answer, now)
        self.lookups += answer.returned
        self.requests += answer.requests
        self.seen |= sights
        return {follower_id: sights[follower_id] for follower_id in asked if follower_id in sights}


def _recorded_answer(work: Work, account_id: int, answer: LookedUp, now: datetime) -> dict[str, Observation]:
    followers = Followers(work)
    before = followers.presence(account_id, [profile.id for profile in answer.profiles])
    known = {follower_id: presence.connection for follower_id, presence in before.items()}
    profiles = with_connections(answer.profiles, known)
    followers.observe(account_id, profiles, now)
    sights = {
        profile.id: Observation(profile=profile, read_at=now, asked=True)
        for profile in profiles
        if profile.id in before
    }
    last = followers.latest(account_id, list(answer.gone))
    sights |= {
        i: Observation(profile=last[i], read_at=now, asked=True, gone=why)
        for i, why in answer.gone.items()
        if i in last
    }
    followers.mark_left(account_id, [i for i, sight in sights.items() if sight.follows_us is False], now)
    return sights


def recorded_sights(work: Work, account_id: int, ids: Sequence[str]) -> dict[str, Observation]:
    """Returns what was read last, without asking X."""
    latest: dict[str, Profile] = Followers(work).latest(account_id, ids)
    presence = Followers(work).presence(account_id, ids)
    return {
        i: Observation(profile=latest[i], read_at=presence[i].last_seen_at, left=presence[i].left_at is not None)
        for i in ids
        if i in latest
    }
