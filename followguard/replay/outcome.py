"""What another policy would have meant for the followers that came: cards, waiting, and who would have been hidden."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from followguard.domain.labels import Label
from followguard.domain.policy import Band, Policy
from followguard.screening.holding_back import upper_bound

POINTS_REAL_HELD_BACK = 10.0
POINTS_SPAM_LISTED = 1.0
POINTS_UNSURE = 0.2
"""SpamBayes' objective: $10 per false positive, $1 per false negative, $0.20 per unsure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """One scored follower: the ISO day they came, the score, whether lack of data keeps them on the desk.

    `label` is what people decided, None where they haven't or where the decision says nothing about spam. `look`: the
    card has look marks.
    """

    day: str
    p_spam: float
    thin: bool
    label: Label | None = None
    look: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyOutcome:
    """What a policy comes to. Expected numbers add up p_spam, and are as good as its calibration.

    `decided_held` and `real_held` count decided cards that would have been hidden, and the real people among them;
    `bound` is the exact 95 % upper bound on their share. `longest_wait` is in days, for a desk that decides every card
    it shows; None for a desk that shows none. `points` are SpamBayes' dollars.
    """

    cards: int
    cards_a_day: float
    longest_wait: int | None
    genuine: int
    unsure: int
    spam_listed: int
    held_back: int
    expected_spam_listed: float
    expected_real_held_back: float
    decided_held: int
    real_held: int
    bound: float
    points: float


def what_if(arrived: Sequence[Arrived], policy: Policy) -> PolicyOutcome:
    """Returns the outcome under `policy`, with holding back taken as earned."""
    bands = [policy.cutoffs.band_of(each.p_spam, look=each.look) for each in arrived]
    held = [band is Band.SPAM and not each.thin for each, band in zip(arrived, bands, strict=True)]
    shown = [each for each, hidden in zip(arrived, held, strict=True) if not hidden]
    hidden_ones = [each for each, hidden in zip(arrived, held, strict=True) if hidden]
    counts = Counter(band for band, hidden in zip(bands, held, strict=True) if not hidden)
    labels = [each.label for each in hidden_ones if each.label is not None]
    real = sum(label is Label.GENUINE for label in labels)
    days = len({each.day for each in arrived})
    spam_in_genuine = sum(each.p_spam for each, band in zip(arrived, bands, strict=True) if band is Band.GENUINE)
    real_hidden = sum(1.0 - each.p_spam for each in hidden_ones)
    return PolicyOutcome(
        cards=len(shown),
        cards_a_day=len(shown) / days if days else 0.0,
        longest_wait=longest_wait((each.day for each in shown), policy.max_cards_per_day),
        genuine=counts[Band.GENUINE],
        unsure=counts[Band.UNSURE],
        spam_listed=counts[Band.SPAM],
        held_back=len(hidden_ones),
        expected_spam_listed=sum(each.p_spam for each in shown),
        expected_real_held_back=real_hidden,
        decided_held=len(labels),
        real_held=real,
        bound=upper_bound(real, len(labels)),
        points=POINTS_REAL_HELD_BACK * real_hidden
        + POINTS_SPAM_LISTED * spam_in_genuine
        + POINTS_UNSURE * counts[Band.UNSURE],
    )


def longest_wait(days: Iterable[str], per_day: int) -> int | None:
    """Days that the last in line waits at most, when `per_day` cards are decided each day; 0 without cards.

    None when cards came and none is decided: they wait for ever.
    """
    came = sorted(Counter(days).items())
    if per_day < 1:
        return None if came else 0
    waiting, longest, today = 0, 0, None
    for day, number in came:
        now = date.fromisoformat(day)
        if today is not None:
            waiting = max(0, waiting - per_day * (now - today) // timedelta(days=1))
        waiting, today = waiting + number, now
        longest = max(longest, (waiting - 1) // per_day)
    return longest
