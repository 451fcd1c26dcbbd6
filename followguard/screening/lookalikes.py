"""Look-alikes that arrive together: bought followers, an attack. Ordinary people of one night aren't look-alikes.

Three things bring profiles together: the same bio but for its numbers and links; a link to the same little-known site
by accounts made within a month; and, the most telling of all, accounts of one look that were made within a week, far
more than in the weeks before and after. Everybody who has just come to X was made within two weeks and has little to
show, so among them the look must be a generated username with no bio or no picture.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from followguard.domain.follower import Profile
from followguard.screening.profile_shape import (
    LONG_BIO_LETTERS,
    Look,
    bio_template,
    has_picture,
    letters_in,
    look_of,
    looks_generated,
    own_host,
)

FEWEST = 8
ONE_IN = 500
"""A group is also at least the 500th part of the night, and the 25th part of those who are new to X."""
NEW_ONE_IN = 25
NEW_TO_X = timedelta(days=14)
WINDOW = timedelta(days=7)
AROUND = timedelta(days=30)
TIMES_AS_MANY = 5
"""A week must hold at least five times what an even spread over the 30 days before and after would give it."""
LINK_WINDOW = timedelta(days=30)
NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """A batch: followers of one night who look alike. `alike` says in words what they share."""

    members: tuple[str, ...]
    alike: str


def find_lookalikes(profiles: Sequence[Profile]) -> list[Lookalikes]:
    """Returns the batches of one night, the largest first, each follower in at most one; nearly linear."""
    each_once = list({profile.id: profile for profile in profiles}.values())
    groups = _Groups()
    for core in (*_same_bio(each_once), *_same_site(each_once), *_made_together(each_once)):
        groups.join(profile.id for profile in core)
    by_id = {profile.id: profile for profile in each_once}
    found = [[by_id[member] for member in members] for members in groups.all() if len(members) >= FEWEST]
    found.sort(key=lambda group: (-len(group), group[0].id))
    return [Lookalikes(tuple(p.id for p in group), in_words(group)) for group in found]


class _Groups:
    """Sets that grow together when they share a member."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, ids: Iterable[str]) -> None:
        """Puts all of them into one group."""
        first, *others = [self._top(each) for each in ids]
        for other in others:
            self._above[self._top(other)] = self._top(first)

    def all(self) -> list[list[str]]:
        """Returns the groups, members in the order of their ids."""
        groups: dict[str, list[str]] = defaultdict(list)
        for each in sorted(self._above, key=int):
            groups[self._top(each)].append(each)
        return list(groups.values())

    def _top(self, each: str) -> str:
        above = self._above.setdefault(each, each)
        while above != self._above[above]:
            self._above[above] = self._above[self._above[above]]
            above = self._above[above]
        self._above[each] = above
        return above


def _by(keys: Iterable[tuple[Hashable, Profile]]) -> Iterator[list[Profile]]:
    """Returns profiles with the same key, where the key says anything and enough have it."""
    groups: dict[Hashable, list[Profile]] = defaultdict(list)
    for key, profile in keys:
        if key:
            groups[key].append(profile)
    return (group for group in groups.values() if len(group) >= FEWEST)


def _same_bio(profiles: Sequence[Profile]) -> Iterator[list[Profile]]:
    """Yields groups of one bio; where it is short, a saying perhaps, the counts must lie near each other too."""
    for group in _by((bio_template(profile.description), profile) for profile in profiles):
        looks = [look_of(profile) for profile in group]
        usual = Counter(looks).most_common(1)[0][0]
        is_long = letters_in(bio_template(group[0].description)) >= LONG_BIO_LETTERS
        near = [p for p, look in zip(group, looks, strict=True) if is_long or look.near(usual)]
        if len(near) >= FEWEST:
            yield near


def _same_site(profiles: Sequence[Profile]) -> Iterator[list[Profile]]:
    for group in _by((own_host(profile.url), profile) for profile in profiles):
        yield from _dense(group, LINK_WINDOW, FEWEST)


def _made_together(profiles: Sequence[Profile]) -> Iterator[list[Profile]]:
    """Returns accounts of one look made within a week, and those of a near look made on the same days."""
    dated = [profile for profile in profiles if profile.created_at is not None]
    new = [profile for profile in dated if _is_new(profile)]
    hasty = [profile for profile in new if _looks_hasty(profile)]
    grown = [profile for profile in dated if not _is_new(profile)]
    looks = {profile.id: look_of(profile) for profile in dated}
    calendar = _calendar(dated, looks)
    for part, fewest in (
        (grown, max(FEWEST, len(profiles) // ONE_IN)),
        (hasty, max(FEWEST, len(new) // NEW_ONE_IN)),
    ):
        groups = _by((looks[profile.id].kind, profile) for profile in part)
        cores = [core for group in groups for core in _dense(group, WINDOW, fewest, calendar[looks[group[0].id].kind])]
        yield from cores
        yield from _widened(cores, part, looks)


def _calendar(dated: Sequence[Profile], looks: dict[str, Look]) -> dict[Hashable, list[datetime]]:
    """Returns, for each kind of look, when its accounts were made, in order."""
    times: dict[Hashable, list[datetime]] = defaultdict(list)
    for profile in dated:
        if profile.created_at is not None:
            times[looks[profile.id].kind].append(profile.created_at)
    return {kind: sorted(made) for kind, made in times.items()}


def _is_new(profile: Profile) -> bool:
    return profile.created_at is not None and profile.observed_at - profile.created_at < NEW_TO_X


def _looks_hasty(profile: Profile) -> bool:
    bare = not (profile.description or "").strip() or not has_picture(profile)
    return looks_generated(profile.username) and bare


def _dense(
    group: Sequence[Profile], window: timedelta, fewest: int, calendar: Sequence[datetime] = ()
) -> Iterator[list[Profile]]:
    """Returns stretches of time whose windows hold at least `fewest` of the group and stand out from the calendar."""
    made = sorted((p.created_at, p.id, p) for p in group if p.created_at is not None)
    times = [row[0] for row in made]
    stretch: list[Profile] = []
    end = 0
    for first, start in enumerate(times):
        last = bisect_right(times, start + window)
        if last - first < fewest or not _stands_out(start, last - first, calendar, group[0].observed_at):
            continue
        if stretch and first >= end:
            yield stretch
            stretch = []
        stretch += [row[2] for row in made[max(first, end) : last]]
        end = last
    if stretch:
        yield stretch


def _stands_out(start: datetime, held: int, calendar: Sequence[datetime], seen: datetime) -> bool:
    """Tells whether the week from `start` is far above the weeks round it; `seen` ends all of them."""
    begin, end = start - AROUND, min(start + WINDOW + AROUND, seen)
    around = bisect_right(calendar, end) - bisect_left(calendar, begin)
    return held >= TIMES_AS_MANY * around * (min(WINDOW, seen - start) / (end - begin))


def _widened(
    cores: Sequence[list[Profile]], part: Sequence[Profile], looks: dict[str, Look]
) -> Iterator[list[Profile]]:
    """Adds to core members others of a near look made on the same days: a script's counts spread over steps."""
    by_day: dict[tuple[object, bool], list[Profile]] = defaultdict(list)
    for profile in part:
        by_day[_day(profile), looks[profile.id].picture].append(profile)
    for core in cores:
        look = looks[core[0].id]
        days = Counter(_day(profile) for profile in core)
        for day, members in days.items():
            if members < FEWEST // 2:
                continue
            near = [p for p in by_day[day, look.picture] if look.near(looks[p.id])]
            yield [core[0], *near]


def _day(profile: Profile) -> object:
    return profile.created_at.date() if profile.created_at else None


def in_words(group: Sequence[Profile]) -> str:
    """Returns what nearly all of the group share: when they were made, and what they have or lack."""
    said = [_made_when(group)]
    for holds, words in _TRAITS:
        if sum(holds(profile) for profile in group) >= NEARLY_ALL * len(group):
            said.append(words)
    template, sharing = Counter(bio_template(p.description) for p in group).most_common(1)[0]
    if template and sharing >= NEARLY_ALL * len(group):
        said.append(f"the same bio but for numbers and links: “{template[:80]}”")
    said += [_range(group, "followers_count", "followers"), _range(group, "following_count", "following")]
    return "; ".join(words for words in said if words)


_TRAITS = (
    (lambda p: looks_generated(p.username), "usernames that look generated"),
    (lambda p: not has_picture(p), "no picture"),
    (lambda p: not (p.description or "").strip(), "no bio"),
    (lambda p: p.tweet_count is not None and p.tweet_count <= 5, "hardly a post"),
)


def _middle(values: Sequence[int]) -> tuple[int, int]:
    """Returns the range that holds the middle nine tenths."""
    ordered = sorted(values)
    cut = len(ordered) // 20
    return ordered[cut], ordered[-1 - cut]


def _made_when(group: Sequence[Profile]) -> str:
    days = sorted(profile.created_at for profile in group if profile.created_at is not None)
    if len(days) < NEARLY_ALL * len(group):
        return ""
    cut = len(days) // 20
    first, last = days[cut].date(), days[-1 - cut].date()
    return f"made on {first}" if first == last else f"made between {first} and {last}"


def _range(group: Sequence[Profile], column: str, words: str) -> str:
    known = [count for profile in group if (count := getattr(profile, column)) is not None]
    if len(known) < NEARLY_ALL * len(group):
        return ""
    low, high = _middle(known)
    return f"{low} {words}" if low == high else f"{low} to {high} {words}"
