"""A follower's story in order: seen, changed, gone and back, decided about, followed, written about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from followguard.domain.decision import Decision
from followguard.domain.note import CardNote, Routing
from followguard.domain.wording import safe_text
from followguard.review.words import decision_words
from followguard.web.pages.follower_store import Happened, LookThen, OnRecord
from followguard.web.strings import t

LONGEST = 300
FIELDS = {
    "name": "field.name",
    "username": "field.username",
    "description": "field.bio",
    "url": "field.link",
    "profile_image_url": "field.picture",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed in a look: the field in words, and its text before and after, safe to show."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened, in words. `undone`: a decision that was taken back."""

    at: datetime
    words: str
    differences: tuple[Difference, ...] = ()
    undone: bool = False


def timeline(
    of: OnRecord,
    looks: Sequence[LookThen],
    decisions: Iterable[Decision],
    orders: Iterable[Happened],
    written: Iterable[CardNote | Routing],
) -> list[TimelineEntry]:
    """Returns everything, the newest first; what happened at the same moment in the reverse of this order."""
    found = [
        *_comings(of),
        *_changes(looks),
        *(_decided(each) for each in decisions),
        *(TimelineEntry(each.at, _with(t(f"timeline.{each.what}"), each.detail)) for each in orders),
        *(_noted(each) for each in written),
    ]
    return sorted(found, key=lambda each: each.at)[::-1]


def _comings(of: OnRecord) -> Iterator[TimelineEntry]:
    yield TimelineEntry(of.first_seen_at, t("timeline.first_seen"))
    if of.left_at is not None:
        yield TimelineEntry(of.left_at, t("timeline.left"))
    if of.returned_at is not None:
        yield TimelineEntry(of.returned_at, t("timeline.returned"))


def _changes(looks: Sequence[LookThen]) -> Iterator[TimelineEntry]:
    """Yields each change of what a person sees; between looks whose text is gone none can be told."""
    for before, after in pairwise(looks):
        changed = after.profile.changes_since(before.profile)
        if not changed or before.cleared or after.cleared:
            continue
        told = tuple(
            Difference(t(FIELDS[name]), _shown(name, was), _shown(name, now)) for name, (was, now) in changed.items()
        )
        words = t("timeline.renamed") if "username" in changed else t("timeline.changed")
        yield TimelineEntry(after.profile.observed_at, words, told)


def _difference(field: str, before: str | None, after: str | None) -> Difference:
    return Difference(t(FIELDS[field]), _shown(field, before), _shown(field, after))


def _shown(field: str, text: str | None) -> str:
    if field == "profile_image_url":
        return t("field.one_picture") if text else t("field.nothing")
    return safe_text(text, LONGEST) or t("field.nothing")


def _decided(decision: Decision) -> TimelineEntry:
    words = safe_text(decision_words(decision), LONGEST)
    return TimelineEntry(decision.at, words.partition(" ")[2].partition(" ")[2], undone=decision.undone)


def _noted(each: CardNote | Routing) -> TimelineEntry:
    if isinstance(each, Routing):
        return TimelineEntry(each.at, t("timeline.routed", name=each.person, route=safe_text(each.route, 60)))
    text = t("timeline.cleared") if each.text is None else safe_text(each.text, 2 * LONGEST)
    key = "timeline.asked" if each.asked else "timeline.note"
    return TimelineEntry(each.at, t(key, name=each.person, asked=each.asked or "", text=text))


def _with(words: str, detail: str) -> str:
    return f"{words} ({safe_text(detail, LONGEST)})" if detail else words
