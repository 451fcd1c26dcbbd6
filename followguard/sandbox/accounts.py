"""One of our accounts on the sandbox: its secrets, its followers, whom it follows itself."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from followguard.domain.follower import Profile
from followguard.sandbox.follower_list import FollowerList
from followguard.sandbox.plan import AccountPlan

FIRST_ACCOUNT_ID = 8_900_000_000_000_000_001
SECRETS = ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")


@dataclass(slots=True, kw_only=True)
class SandboxAccount:
    """`came` and `left` hold, per night, whom that night brought and took away (numbers of people)."""

    plan: AccountPlan
    id: str
    secrets: dict[str, str]
    bearer: str
    followers: FollowerList = field(default_factory=FollowerList)
    following: set[int] = field(default_factory=set)
    requested: set[int] = field(default_factory=set)
    muting: set[int] = field(default_factory=set)
    blocking: set[int] = field(default_factory=set)
    came: list[list[int]] = field(default_factory=list)
    left: list[list[int]] = field(default_factory=list)
    count_before: int = 0
    """How many followers X counted before the last night."""

    @property
    def handle(self) -> str:
        """The username, without @."""
        return self.plan.handle

    def connection(self, person: int) -> list[str]:
        """Gives X's `connection_status` between this account and a person."""
        sets = (
            ("blocking", self.blocking),
            ("follow_request_sent", self.requested),
            ("followed_by", self.followers),
            ("following", self.following),
            ("muting", self.muting),
        )
        return [word for word, people in sets if person in people]

    def counted(self, suspended: set[int]) -> int:
        """Gives the number of followers as X counts them: without the suspended ones."""
        return len(self.followers) - sum(person in self.followers for person in suspended)

    def profile(self, at: datetime, suspended: set[int]) -> Profile:
        """Gives the account's own profile, as `me` and a look-up show it."""
        return Profile(
            id=self.id,
            observed_at=at,
            username=self.handle,
            name=self.handle.capitalize(),
            description=f"The official account of {self.handle}.",
            created_at=datetime(2012, 3, 4, 9, 30, tzinfo=at.tzinfo),
            followers_count=self.counted(suspended),
            following_count=len(self.following),
            tweet_count=4_812,
            listed_count=77,
            like_count=1_930,
            media_count=655,
            protected=False,
            verified=True,
            verified_type="business",
        )


def open_account(plan: AccountPlan, number: int, seed: int) -> SandboxAccount:
    """Opens an account without followers, with secrets of its own that only the sandbox knows."""
    rng = Random(f"secrets {seed} {plan.handle.lower()}")
    account_id = str(FIRST_ACCOUNT_ID + number)
    secrets = {
        "CONSUMER_KEY": f"{rng.getrandbits(100):025x}",
        "CONSUMER_SECRET": f"{rng.getrandbits(200):050x}",
        "ACCESS_TOKEN": f"{account_id}-{rng.getrandbits(120):030x}",
        "ACCESS_TOKEN_SECRET": f"{rng.getrandbits(180):045x}",
    }
    return SandboxAccount(plan=plan, id=account_id, secrets=secrets, bearer=f"{rng.getrandbits(200):050x}")


def environment(account: SandboxAccount) -> dict[str, str]:
    """Gives the account's secrets under the names of the environment variables that followguard reads."""
    name = "".join(letter if letter.isalnum() else "_" for letter in account.handle.upper())
    return {f"FOLLOWGUARD_{name}_{secret}": value for secret, value in account.secrets.items()}
