"""Look-alikes that arrive together: bought followers, an attack. Ordinary people of one night aren't look-alikes.

Three things bring profiles together: the same bio but for its numbers and links; a link to the same little-known site
by accounts made within a month; and, the most telling of all, accounts of one look that were made within three days.
Among accounts that are young tonight many are made within three days, so there the look must be a generated username
with no bio or no picture, and the group must stand out among the night's young accounts.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from followguard.domain.follower import Profile
from followguard.domain.profile_shape import Look, bio_template, has_picture, look_of, looks_generated, own_host

FEWEST = 8
ONE_IN = 500
"""A group is also at least the 500th part of the night, and of the young ones (`YOUNG_ONE_IN`)."""
YOUNG = timedelta(days=14)
YOUNG_ONE_IN = 25
WINDOW = timedelta(days=3)
LINK_WINDOW = timedelta(days=30)
NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """A batch: followers of one night who look alike. `alike` says in words what they share."""

    members: tuple[str, ...]
    alike: str


def find_lookalikes(profiles: Sequence[Profile]) -> list[Lookalikes]:
    """The batches of one night, the largest first; each follower is in at most one. Nearly linear in the profiles."""
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
        """All of them are in one group from now on."""
        first, *others = [self._top(each) for each in ids]
        for other in others:
            self._above[self._top(other)] = self._top(first)

    def all(self) -> list[list[str]]:
        """The groups, members in the order of their ids."""
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
    """Profiles with the same key, where the key says anything and enough have it."""
    groups: dict[Hashable, list[Profile]] = defaultdict(list)
    for key, profile in keys:
        if key:
            groups[key].append(profile)
    return (group for group in groups.values() if len(group) >= FEWEST)


def _same_bio(profiles: Sequence[Profile]) -> Iterator[list[Profile]]:
    return _by((bio_template(profile.description), profile) for profile in profiles)


def _same_site(profiles: Sequence[Profile]) -> Iterator[list[Profile]]:
    for group in _by((own_host(profile.url), profile) for profile in profiles):
        yield from _dense(group, LINK_WINDOW, FEWEST)


def _made_together(profiles: Sequence[Profile]) -> Iterator[list[Profile]]:
    """Accounts of one look made within three days, and those near them in looks that were made in the same days."""
    young = [profile for profile in profiles if _is_young(profile)]
    suspect = [profile for profile in young if _looks_hasty(profile)]
    grown = [profile for profile in profiles if profile.created_at is not None and not _is_young(profile)]
    for part, fewest in (
        (grown, max(FEWEST, len(profiles) // ONE_IN)),
        (suspect, max(FEWEST, len(young) // YOUNG_ONE_IN)),
    ):
        looks = {profile.id: look_of(profile) for profile in part}
        cores = [
            core for group in _by((looks[p.id], p) for p in part) for core in _dense(group, WINDOW, fewest)
        ]
        yield from cores
        yield from _widened(cores, part, looks)


def _is_young(profile: Profile) -> bool:
    return profile.created_at is not None and profile.observed_at - profile.created_at < YOUNG


def _looks_hasty(profile: Profile) -> bool:
    bare = not (profile.description or "").strip() or not has_picture(profile)
    return looks_generated(profile.username) and bare


def _dense(group: Sequence[Profile], window: timedelta, fewest: int) -> Iterator[list[Profile]]:
    """Stretches of the group in which every member has `fewest` others made within one window round it."""
    made = sorted((p.created_at, p.id, p) for p in group if p.created_at is not None)
    stretch: list[Profile] = []
    end = -1
    for first in range(len(made)):
        last = max(end, first)
        while last + 1 < len(made) and made[last + 1][0] - made[first][0] <= window:
            last += 1
        if last - first + 1 < fewest:
            continue
        if stretch and first > end:
            yield stretch
            stretch = []
        stretch += [row[2] for row in made[max(first, end + 1) : last + 1]]
        end = last
    if stretch:
        yield stretch


def _widened(
    cores: Sequence[list[Profile]], part: Sequence[Profile], looks: dict[str, Look]
) -> Iterator[list[Profile]]:
    """Core members with others of a near look made on the same days: a script's counts spread over several steps."""
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
    """What nearly all of the group share: when they were made, and what they have or lack."""
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
    """The range that holds the middle nine tenths."""
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
