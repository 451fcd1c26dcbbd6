"""What a replay of past nights comes to: cards, minutes, and real people held back, corrected for who was shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from followguard.domain.labels import Label
from followguard.replay.course import CardHistory
from followguard.replay.past import PastCard, PastNight
from followguard.replay.replay import NightSeen, Replayed
from followguard.screening.audit import AuditDraw, HeldBackShare
from followguard.screening.plan import QueueCounts

Estimate = Callable[[Sequence[AuditDraw]], HeldBackShare]
COMPARED = ("listed", "held_back", "audit", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedNight:
    """One night's desk: the counts that its receipt has too. `day` is the ISO day."""

    day: str
    listed: int
    held_back: int
    audit: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongHolds:
    """Real people among the `held` cards that the setting held back at some time; `real` of `labelled` as counted.

    `estimate` people, with its 95 % limits and one-sided bound, weighs what is known by how it came to be known: cards
    that were hidden in what happened by 1 / the probability of their audit draw, cards that were on the desk, or came
    there when holding back stopped, by 1 / the share of them that was decided, those that somebody asked for by 1. None
    where hidden ones were never drawn.
    """

    held: int
    labelled: int
    real: int
    estimate: float | None
    low: float
    high: float
    bound: float

    @property
    def share(self) -> float | None:
        """The share of real people among those held back; None without an estimate, or where nobody was."""
        return None if self.estimate is None or not self.held else self.estimate / self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayFigures:
    """What the nights of a replay come to.

    `cards` came onto the desk for the first time in these nights, `cards_a_day` on average of the calendar days.
    `longest_wait`: days between arriving and being shown, of these cards. `never_shown`: held back and never drawn.
    """

    cards: int
    cards_a_day: float
    minutes_a_day: float
    longest_wait: int
    never_shown: int
    audited: int
    wrong_holds: WrongHolds
    nights: tuple[ReplayedNight, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayWindow:
    """The nights looked at: ISO days from old to new, the seconds a card takes, and how shares are estimated."""

    days: Sequence[str]
    seconds: float
    estimate: Estimate

    @property
    def calendar_days(self) -> int:
        """From the first to the last, both counted; 0 without any."""
        return (date.fromisoformat(self.days[-1]) - date.fromisoformat(self.days[0])).days + 1 if self.days else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NightDifference:
    """A night whose replay isn't what its receipt says: name of the count -> (receipt, replay)."""

    day: str
    counts: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Whether the replay of what happened agrees with the receipts. `other_policy`: days whose policy was another."""

    nights: int
    same: int
    other_policy: tuple[str, ...]
    differing: tuple[NightDifference, ...]


def figures(replayed: Replayed, lived: Replayed, span: ReplayWindow) -> ReplayFigures:
    """Returns the figures for the nights of `span`; `lived` is the replay of what happened."""
    wanted = frozenset(span.days)
    courses = list(replayed.courses.values())
    shown = [course for course in courses if course.shown_day in wanted]
    held = [course for course in courses if course.held_day in wanted]
    a_day = len(shown) / span.calendar_days if wanted else 0.0
    return ReplayFigures(
        cards=len(shown),
        cards_a_day=a_day,
        minutes_a_day=a_day * span.seconds / 60,
        longest_wait=max((_waited(course) for course in shown), default=0),
        never_shown=sum(course.shown_day is None for course in held),
        audited=sum(draw.day in wanted for course in courses for draw in course.draws),
        wrong_holds=wrong_holds(held, lived, span.estimate),
        nights=tuple(_night(each, counts) for each in replayed.nights if (counts := _counts_in(each, wanted))),
    )


def wrong_holds(held: Sequence[CardHistory], lived: Replayed, estimate: Estimate) -> WrongHolds:
    """Returns the estimate for these cards; what is known of each comes from what happened (`lived`)."""
    seen = [lived.courses[course.card.item] for course in held if course.card.item in lived.courses]
    known, hidden = _known(seen, _last_clear_day(lived))
    found = estimate(known)
    labelled = [course for course in seen if _label(course.card)]
    share = None if hidden else found.share
    return WrongHolds(
        held=len(held),
        labelled=len(labelled),
        real=sum(_is_real(course.card) for course in labelled),
        estimate=0.0 if not held else None if share is None else share * len(held),
        low=0.0 if hidden else found.low * len(held),
        high=float(len(held)) if hidden else found.high * len(held),
        bound=float(len(held)) if hidden else found.bound * len(held),
    )


def _known(seen: Sequence[CardHistory], clear_day: str) -> tuple[list[AuditDraw], bool]:
    """Returns cards whose answer is known, with its probability, and whether a hidden part isn't known at all."""
    asked = [c for c in seen if c.asked and _label(c.card)]
    rest = [c for c in seen if not (c.asked and _label(c.card))]
    listed = [c for c in rest if c.held_day is None or c.held_day < clear_day]
    hidden = [c for c in rest if c.held_day is not None and c.held_day >= clear_day]
    told = [c for c in listed if _label(c.card)]
    drawn = [c for c in hidden if c.draws and _label(c.card)]
    known = [AuditDraw(_is_real(c.card), 1.0) for c in asked]
    known += [AuditDraw(_is_real(c.card), len(told) / len(listed)) for c in told]
    known += [AuditDraw(_is_real(c.card), c.draws[-1].probability) for c in drawn]
    return known, bool(hidden and not drawn)


def _last_clear_day(lived: Replayed) -> str:
    """Returns the last day on which nobody was hidden, after which all came onto the desk; "" for none."""
    return max((each.night.day for each in lived.nights if each.counts.held_back == 0), default="")


def check(lived: Replayed, policy_hash: str) -> Check:
    """Returns every night of what happened beside its receipt."""
    nights = [each for each in lived.nights if each.night.counts is not None]
    differing = [found for each in nights if (found := _difference(each.night, each.counts)) is not None]
    others = sorted({each.night.day for each in nights if each.night.policy_hash != policy_hash})
    return Check(
        nights=len(nights), same=len(nights) - len(differing), other_policy=tuple(others), differing=tuple(differing)
    )


def _difference(night: PastNight, replayed: QueueCounts) -> NightDifference | None:
    if night.counts is None:
        return None
    both = {name: (getattr(night.counts, name), getattr(replayed, name)) for name in COMPARED}
    apart = {name: pair for name, pair in both.items() if pair[0] != pair[1]}
    return NightDifference(day=night.day, counts=apart) if apart else None


def _counts_in(seen: NightSeen, days: frozenset[str]) -> QueueCounts | None:
    return seen.counts if seen.night.counts is not None and seen.night.day in days else None


def _night(seen: NightSeen, counts: QueueCounts) -> ReplayedNight:
    return ReplayedNight(day=seen.night.day, **{name: getattr(counts, name) for name in COMPARED})


def _waited(course: CardHistory) -> int:
    came, shown = course.card.first_seen_day, course.shown_day or course.card.first_seen_day
    return (date.fromisoformat(shown) - date.fromisoformat(came)).days


def _label(card: PastCard) -> Label | None:
    return card.decision.label if card.decision else None


def _is_real(card: PastCard) -> bool:
    return _label(card) is Label.GENUINE
