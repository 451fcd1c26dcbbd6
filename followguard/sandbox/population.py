"""Everybody the sandbox knows, made when asked for: person number n is the same under the same seed, always."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate
from random import Random

from followguard.domain.follower import Profile
from followguard.errors import UnreadableFile
from followguard.sandbox import genuine, spam
from followguard.sandbox.sketch import Sketch
from followguard.sandbox.words import HOSTILE_NAMES

FIRST_ID = 9_000_000_000_000_000_000
"""Above any id that X has given out (its ids grow with time, and are at about 2.1e18 in 2026)."""
DEFAULT_PICTURE = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png"


@dataclass(frozen=True, slots=True)
class SandboxPerson:
    """`kind` is the ground truth. `link` is what the t.co link of `profile.url` leads to, None where unknown."""

    profile: Profile
    kind: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class FollowerKind:
    """`spam` is None where nobody knows (a profile file without a label)."""

    name: str
    spam: bool | None
    weight: int
    draw: Callable[[Random, int], Sketch]


GENUINE = (
    FollowerKind("casual", False, 46, genuine.casual),
    FollowerKind("professional", False, 22, genuine.professional),
    FollowerKind("organisation", False, 8, genuine.organisation),
    FollowerKind("lurker", False, 13, genuine.lurker),
    FollowerKind("newcomer", False, 9, genuine.newcomer),
    FollowerKind("well_known", False, 2, genuine.well_known),
)
SPAM = (
    FollowerKind("bought_follower", True, 32, spam.bought_follower),
    FollowerKind("promoter", True, 16, spam.promoter),
    FollowerKind("giveaway", True, 14, spam.giveaway),
    FollowerKind("job_feed", True, 9, spam.job_feed),
    FollowerKind("follow_ring", True, 10, spam.follow_ring),
    FollowerKind("lure", True, 12, spam.lure),
    FollowerKind("disguised", True, 7, spam.disguised),
)
LOOK_ALIKE = FollowerKind("look_alike", True, 1, spam.look_alike)
FROM_FILE = "from_file"
IS_SPAM: dict[str, bool | None] = {kind.name: kind.spam for kind in (*GENUINE, *SPAM, LOOK_ALIKE)} | {FROM_FILE: None}
_GENUINE, _SPAM = ((kinds, list(accumulate(kind.weight for kind in kinds))) for kinds in (GENUINE, SPAM))
KEPT = 4_096
"""People kept at hand, as the newest are read again and again."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """People numbered `first` up to the next cohort's, who came at `at`; their ages are measured then."""

    first: int
    at: datetime
    spam_share: float = 0.0
    attack: bool = False
    profiles: Sequence[Profile] = ()

    def kind(self, rng: Random) -> FollowerKind:
        """Draws the kind first of all, so that the ground truth can be told without drawing the rest."""
        if self.attack:
            return LOOK_ALIKE
        kinds, totals = _SPAM if rng.random() < self.spam_share else _GENUINE
        return kinds[bisect_right(totals, rng.random() * totals[-1])]


class Population:
    """Grows by cohorts. Changes of a profile and suspensions are kept beside."""

    def __init__(self, seed: int, hostile_share: float) -> None:
        self._seed = Random(f"population {seed}").getrandbits(64)
        self._hostile_share = hostile_share
        self._cohorts: list[Cohort] = []
        self._starts: list[int] = []
        self._size = 0
        self._from_file: dict[str, int] = {}
        self._changed: dict[int, SandboxPerson] = {}
        self.suspended: set[int] = set()
        self._made = lru_cache(KEPT)(self._make)

    def grow(self, size: int, at: datetime, *, spam_share: float = 0.0, attack: bool = False) -> range:
        """Adds `size` more made-up people and returns their numbers."""
        return self._add(Cohort(self._size, at, spam_share, attack), size)

    def adopt(self, profiles: Sequence[Profile], at: datetime) -> range:
        """Adds the people of a profile file and returns the numbers of the new ones.

        An id that is here already keeps its number. Raises UnreadableFile for an id that isn't all digits.
        """
        fresh = {profile.id: profile for profile in profiles if profile.id not in self._from_file}
        for follower_id in fresh:
            if not follower_id.isascii() or not follower_id.isdigit():
                raise UnreadableFile(f"The profile {follower_id!r} has an id that X couldn't have.", "Use digits only.")
        numbers = self._add(Cohort(self._size, at, profiles=tuple(fresh.values())), len(fresh))
        self._from_file.update(zip(fresh, numbers, strict=True))
        return numbers

    def _add(self, cohort: Cohort, size: int) -> range:
        if size:
            self._cohorts.append(cohort)
            self._starts.append(cohort.first)
        self._size += size
        return range(cohort.first, self._size)

    def number_of(self, follower_id: str) -> int | None:
        """Finds the number of the person with this id; None for nobody."""
        if follower_id in self._from_file:
            return self._from_file[follower_id]
        if len(follower_id) != len(str(FIRST_ID)):
            return None
        number = int(follower_id) - FIRST_ID
        return number if 0 <= number < self._size and not self._cohort(number).profiles else None

    def id_of(self, number: int) -> str:
        """Gives the X id of a person."""
        cohort = self._cohort(number)
        return cohort.profiles[number - cohort.first].id if cohort.profiles else str(FIRST_ID + number)

    def kind_of(self, number: int) -> str:
        """Tells the ground truth about a person, cheaply."""
        cohort = self._cohort(number)
        return FROM_FILE if cohort.profiles else cohort.kind(Random(self._seed + number)).name

    def person(self, number: int) -> SandboxPerson:
        """Gives the person as X shows them today."""
        return self._changed[number] if number in self._changed else self._made(number)

    def _make(self, number: int) -> SandboxPerson:
        cohort = self._cohort(number)
        if cohort.profiles:
            return SandboxPerson(_aged(cohort.profiles[number - cohort.first], cohort.at), FROM_FILE)
        rng = Random(self._seed + number)
        kind = cohort.kind(rng)
        sketch = kind.draw(rng, number)
        if rng.random() < self._hostile_share:
            _make_hostile(rng, sketch)
        return SandboxPerson(_profile(rng, sketch, FIRST_ID + number, cohort.at), kind.name, sketch.link)

    def change(self, number: int, **fields: object) -> None:
        """Gives a person another name, bio, link, count and so on from now on; the fields of `Profile`."""
        person = self.person(number)
        link = None if "url" in fields else person.link
        self._changed[number] = replace(person, profile=replace(person.profile, **fields), link=link)  # type: ignore[arg-type]

    def _cohort(self, number: int) -> Cohort:
        return self._cohorts[bisect_right(self._starts, number) - 1]


def short_link(link: str) -> str:
    """Makes a t.co link, as X shows every link; it belongs to `link` alone."""
    return f"https://t.co/{blake2b(link.encode(), digest_size=5).hexdigest()}"


def _make_hostile(rng: Random, sketch: Sketch) -> None:
    if rng.random() < 0.6:
        sketch.name = rng.choice(HOSTILE_NAMES).format(name=sketch.name)
    else:
        sketch.bio = rng.choice(HOSTILE_NAMES).format(name=sketch.bio or sketch.name)


def _aged(profile: Profile, at: datetime) -> Profile:
    """Ages the row to `at`: the account is as old then as it was when it was observed."""
    created = profile.created_at and at - max(profile.observed_at - profile.created_at, timedelta(0))
    return replace(profile, created_at=created, observed_at=at)


def _profile(rng: Random, sketch: Sketch, number: int, at: datetime) -> Profile:
    picture = f"https://pbs.twimg.com/profile_images/{number}/{rng.getrandbits(40):010x}_normal.jpg"
    return Profile(
        id=str(number),
        observed_at=at,
        username=sketch.username,
        name=sketch.name,
        description=sketch.bio,
        location=sketch.location,
        url=sketch.link and short_link(sketch.link),
        created_at=(at - timedelta(days=sketch.age_days)).replace(microsecond=0),
        followers_count=sketch.followers,
        following_count=sketch.following,
        tweet_count=sketch.posts,
        listed_count=sketch.listed,
        like_count=sketch.likes,
        media_count=sketch.media,
        profile_image_url=picture if sketch.picture else DEFAULT_PICTURE,
        protected=sketch.protected,
        verified=sketch.verified_type != "none",
        verified_type=sketch.verified_type,
    )
