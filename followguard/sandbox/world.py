"""Everything the sandbox stands for at one moment: clock, nights, people and our accounts."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from followguard.errors import ConfigurationError, UnknownAccount, UnknownFollower
from followguard.sandbox.accounts import SandboxAccount, open_account
from followguard.sandbox.nights import SandboxNight, bring, settle_in
from followguard.sandbox.plan import SandboxPlan
from followguard.sandbox.population import IS_SPAM, Population


class World:
    """The clock stands at the time of the last night, and from there runs with `elapsed` (seconds, monotonic)."""

    def __init__(self, plan: SandboxPlan, elapsed: Callable[[], float] = time.monotonic) -> None:
        self.plan = plan
        self.night = 0
        self.people = Population(plan.seed, plan.hostile_share)
        self._elapsed = elapsed
        self.set_clock(plan.start)
        opened = (open_account(part, number, plan.seed) for number, part in enumerate(plan.accounts))
        self.accounts = {account.handle.lower(): account for account in opened}
        for account in self.accounts.values():
            settle_in(account, self.people, plan.start, Random(f"start {plan.seed} {account.handle}"))

    def now(self) -> datetime:
        """Gives the sandbox's time, aware UTC."""
        return self._base + timedelta(seconds=self._elapsed() - self._set_at)

    def set_clock(self, at: datetime) -> None:
        """Puts the clock to `at` (aware); it runs on from there."""
        if at.tzinfo is None:
            raise ConfigurationError(
                f"The time {at.isoformat()} has no time zone.", "Give it in UTC, as in …T00:05:00Z."
            )
        self._base, self._set_at = at.astimezone(UTC), self._elapsed()

    def next_night(self, at: datetime | None = None) -> dict[str, object]:
        """Brings the next night to all accounts, a day after the last one unless `at` says when."""
        then = at or self._base + timedelta(days=1)
        if then.tzinfo and then < self._base:
            raise ConfigurationError(
                f"The night can't be brought at {then.isoformat()}.", "The clock only runs forward."
            )
        self.set_clock(then)
        self.night += 1
        return {"night": self.night, "now": iso(self._base)} | {"accounts": self._bring_all()}

    def _bring_all(self) -> dict[str, dict[str, int]]:
        counts = {}
        for account in self.accounts.values():
            seed = f"night {self.plan.seed} {account.handle} {self.night}"
            others = [other for other in self.accounts.values() if other is not account] if self.plan.overlap else []
            elsewhere = sorted({person for other in others for person in other.followers.people()[:5_000]})
            night = SandboxNight(
                number=self.night, at=self._base, rng=Random(seed), elsewhere=elsewhere, overlap=self.plan.overlap
            )
            counts[account.handle] = bring(account, self.people, night)
        return counts

    def account(self, handle: str) -> SandboxAccount:
        """Finds one of our accounts by its handle. Raises UnknownAccount."""
        if handle.lower() not in self.accounts:
            raise UnknownAccount(f"The sandbox has no account @{handle}.", f"It has {', '.join(self.accounts)}.")
        return self.accounts[handle.lower()]

    def account_by_id(self, account_id: str) -> SandboxAccount | None:
        """Finds one of our accounts by its X id; None for anybody else."""
        return next((account for account in self.accounts.values() if account.id == account_id), None)

    def person(self, follower_id: str) -> int:
        """Finds the number of a person by their X id. Raises UnknownFollower."""
        number = self.people.number_of(follower_id) if follower_id.isascii() and follower_id.isdigit() else None
        if number is None:
            raise UnknownFollower(
                f"The sandbox knows nobody with the id {follower_id!r}.", "Take an id from its state."
            )
        return number

    def truth(self) -> dict[str, object]:
        """Gives what tests compare with: followers newest first with kinds, and each account's follows."""
        return {
            "night": self.night,
            "now": iso(self.now()),
            "suspended": sorted(map(self.people.id_of, self.people.suspended)),
            "accounts": {account.handle: self._truth_of(account) for account in self.accounts.values()},
        }

    def _truth_of(self, account: SandboxAccount) -> dict[str, object]:
        id_of = self.people.id_of
        sets = {"following": account.following, "follow_request_sent": account.requested}
        sets |= {"muting": account.muting, "blocking": account.blocking}
        connected: dict[str, object] = {word: sorted(map(id_of, people)) for word, people in sets.items()}
        return {"id": account.id, "followers": [self._row(person) for person in account.followers.people()]} | connected

    def _row(self, person: int) -> dict[str, object]:
        kind = self.people.kind_of(person)
        return {"id": self.people.id_of(person), "kind": kind, "spam": IS_SPAM[kind]}


def iso(at: datetime) -> str:
    """Writes ISO 8601 in UTC, to the second, with Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
