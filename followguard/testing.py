"""Test doubles for the ports, written by hand and shipped, so that users' own tests can have them too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import log

from followguard.domain.account import Account
from followguard.domain.follower import Profile
from followguard.domain.policy import Reason, Verdict
from followguard.store.store import Store
from followguard.x.contract import LookedUp, Me, Page

START = datetime(2026, 1, 5, 0, 10, tzinfo=UTC)


def made_up_profile(follower_id: str, observed_at: datetime = START) -> Profile:
    """Returns a believable profile for an id."""
    return Profile(
        id=follower_id,
        observed_at=observed_at,
        username=f"person_{follower_id}",
        name=f"Person {follower_id}",
        description="Gardens, maps and slow trains.",
        created_at=datetime(2019, 3, 1, tzinfo=UTC),
        followers_count=120,
        following_count=180,
        tweet_count=900,
        listed_count=2,
        like_count=400,
        profile_image_url="https://pbs.twimg.com/profile_images/1/a_normal.jpg",
        protected=False,
        connection=frozenset({"followed_by"}),
    )


@dataclass(slots=True)
class ListReader:
    """A follower list in memory, newest first, read by tokens that stay where they are when others follow."""

    handle: str
    ids: list[str]
    now: datetime = START
    counts_followers: bool = True
    profile: Callable[[str, datetime], Profile] = made_up_profile
    returned: int = 0
    calls: int = 0
    before_page: list[Callable[[], None]] = field(default_factory=list)
    """What happens before a page is answered, one a page: a test raises, or changes the list, in here."""

    def me(self) -> Me:
        """Returns the account itself."""
        return Me(id="900", username=self.handle, followers_count=len(self.ids) if self.counts_followers else None)

    def followers(self, account_id: str, max_results: int, token: str | None) -> Page:  # noqa: ARG002
        """Returns followers from just below the one that the token names."""
        self.calls += 1
        if self.before_page:
            self.before_page.pop(0)()
        start = 0 if token is None else self.ids.index(token) + 1
        found = self.ids[start : start + max_results]
        self.returned += len(found)
        more = start + max_results < len(self.ids)
        return Page(
            profiles=tuple(self.profile(follower_id, self.now) for follower_id in found),
            rejected=(),
            next_token=found[-1] if more and found else None,
            returned=len(found),
            requests=1,
        )

    def look_up(self, follower_ids: list[str]) -> LookedUp:
        """Returns everybody; those who don't follow have no `followed_by`."""
        self.calls += 1
        profiles = tuple(self._looked_up(follower_id) for follower_id in follower_ids)
        return LookedUp(profiles=profiles, gone={}, returned=len(profiles), requests=1)

    def _looked_up(self, follower_id: str) -> Profile:
        profile = self.profile(follower_id, self.now)
        if follower_id in self.ids or profile.connection is None:
            return profile
        return replace(profile, connection=profile.connection - {"followed_by"})


@dataclass(slots=True)
class RuleScorer:
    """Scores by a rule of the test's own: `p_of` gives the probability, and may raise what an odd profile would."""

    p_of: Callable[[Profile], float]
    name: str = "rule-1"
    rate_from_scores: bool = False
    moved_by_decisions: bool = False

    def verdicts(self, profiles: Sequence[Profile]) -> list[Verdict]:
        """Returns one reason, which carries all of the score; features that are no model's."""
        return [self._verdict(self.p_of(profile)) for profile in profiles]

    def _verdict(self, p_spam: float) -> Verdict:
        p = min(max(p_spam, 1e-6), 1 - 1e-6)
        reason = Reason("rule", "what the test says", log(p / (1 - p)))
        return Verdict(p_spam=p_spam, base_logit=0.0, reasons=(reason,), model=self.name, features=b"\x00\x00\x80?")


def record_followers(store: Store, handle: str, profiles: Sequence[Profile], now: datetime) -> Account:
    """Records what a night that read these followers, newest first, leaves behind; returns the account."""
    from followguard.accounts.store import Accounts
    from followguard.followers.passes_store import Passes
    from followguard.followers.store import Followers

    with store.begin() as work:
        account = Accounts(work).ensure(handle, now)
        reading = Passes(work).start_pass(account.id, "night", {}, now)
        Followers(work).record(reading, profiles, now)
        Followers(work).place(reading, [profile.id for profile in profiles], 0)
        Passes(work).finish_pass(reading.id, "done", now)
    return account
