"""The blind test: a person judges cards from both sides of the hold-back cutoff without the machine's word.

Under `holding_back = "earned"` nobody is held back by a model before such a test of it was passed.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from followguard.domain.policy import Band, Policy
from followguard.screening.holding_back import moved_to

CARDS = 30
FEWEST_A_SIDE = 10
FEWEST_SURE = 2 / 3
"""Of the cards above the cutoff, the share that must be called spam: "can't tell" passes no test."""
RECENT = timedelta(days=90)
"""Followers first seen this long ago or later are drawn."""
OWN_RESTS = timedelta(days=14)
"""Followers whom the person judged later than this are never drawn; others of theirs only where the rest don't do."""
RESUMABLE = timedelta(days=7)
"""An interrupted test goes on within this time; later another one is drawn."""


class BlindAnswer(StrEnum):
    """A person's word about a card of a test."""

    REAL = "real"
    SPAM = "spam"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A follower who can be drawn. `p_spam`: by the model, before it had learned of them.

    `above`: would be held back today; `own_at`: when this person last judged them, None for never.
    """

    follower_id: str
    snapshot_id: int
    score_id: int
    p_spam: float
    base_logit: float
    above: bool
    own_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindCard:
    """A card of a test. `above`: it would have been held back when it was drawn; `answer` None: not answered yet."""

    id: int
    place: int
    follower_id: str
    snapshot_id: int
    score_id: int
    p_spam: float
    base_logit: float
    above: bool
    own: bool = False
    answer: BlindAnswer | None = None
    at: datetime | None = None

    def is_above(self, policy: Policy, base_logit: float | None) -> bool:
        """Tells whether it was above the cutoff when it was drawn, or is by today's cutoff and start."""
        score = moved_to(base_logit, self.p_spam, self.base_logit)
        return self.above or policy.cutoffs.band_of(score) is Band.SPAM


@dataclass(frozen=True, slots=True, kw_only=True)
class BlindTest:
    """One person's test of one model. Cards of followers who were forgotten since are missing."""

    id: int
    person: str
    model: str
    started_at: datetime
    cards: tuple[BlindCard, ...]

    @property
    def finished_at(self) -> datetime | None:
        """When the last card was answered, None before that."""
        times = [card.at for card in self.cards if card.at is not None]
        return max(times) if times and len(times) == len(self.cards) else None

    def said(self, answer: BlindAnswer, *, above: bool) -> int:
        """Counts the cards of one side, as it was drawn, that got this answer."""
        return sum(card.answer == answer and card.above == above for card in self.cards)

    def passes(self, policy: Policy, base_logit: float | None) -> bool:
        """Tells whether it is finished and no card above the cutoff, then or today, was called real.

        At least two thirds of those above must have been called spam.
        """
        above = [card.answer for card in self.cards if card.is_above(policy, base_logit)]
        sure = above.count(BlindAnswer.SPAM) >= FEWEST_SURE * len(above)
        return self.finished_at is not None and bool(above) and BlindAnswer.REAL not in above and sure

    def can_go_on(self, model: str, now: datetime) -> bool:
        """Tells whether it was interrupted and is still of this model and recent."""
        return self.finished_at is None and self.model == model and now - self.started_at <= RESUMABLE


def newest_finished(tests: Iterable[BlindTest], model: str | None, by: datetime | None = None) -> list[BlindTest]:
    """Returns each person's newest test of the model that was finished, before `by` if that is given."""
    newest: dict[str, BlindTest] = {}
    for test in sorted(tests, key=lambda each: each.id):
        done = test.finished_at
        if done is not None and test.model == model and (by is None or done < by):
            newest[test.person] = test
    return list(newest.values())


def is_tested(
    tests: Iterable[BlindTest],
    policy: Policy,
    model: str | None,
    base_logit: float | None = None,
    by: datetime | None = None,
) -> bool:
    """Tells whether the newest test of the model by at least one person passes."""
    return any(test.passes(policy, base_logit) for test in newest_finished(tests, model, by))


def rescored_by(
    tests: Iterable[BlindTest], model: str, score: Callable[[int], tuple[float, float] | None]
) -> list[BlindTest]:
    """Returns the tests as if they had been of another model, by whose scores alone a card is above the cutoff or not.

    `score` gives p_spam and base_logit that it would have made in the place of a score on record, None where it can't.
    """
    return [
        replace(test, model=model, cards=tuple(_rescored(card, score(card.score_id)) for card in test.cards))
        for test in tests
    ]


def _rescored(card: BlindCard, found: tuple[float, float] | None) -> BlindCard:
    p_spam, base_logit = found or (card.p_spam, card.base_logit)
    return replace(card, p_spam=p_spam, base_logit=base_logit, above=False)


def sides(candidates: Iterable[Candidate], now: datetime) -> tuple[list[Candidate], list[Candidate]]:
    """Returns who can be drawn above and below the cutoff: nobody whom the person judged in the last two weeks."""
    fresh = [each for each in candidates if each.own_at is None or now - each.own_at >= OWN_RESTS]
    return [each for each in fresh if each.above], [each for each in fresh if not each.above]


def draw(above: Sequence[Candidate], below: Sequence[Candidate], key: str) -> list[Candidate]:
    """Returns 30 cards in the order in which they are shown: half from each side, more of one where the other is short.

    Within a side those whom the person never judged come first, then by sha256 of key and follower; what is shown
    where is mixed by another one, so that its place says nothing. `key`: whatever makes this draw this one.
    """
    first, second = (
        sorted(side, key=lambda each: (each.own_at is not None, _hash(key, each.follower_id)))
        for side in (above, below)
    )
    half = CARDS // 2
    upper = min(len(first), max(half, CARDS - len(second)))
    chosen = first[:upper] + second[: CARDS - upper]
    return sorted(chosen, key=lambda each: _hash(f"{key} place", each.follower_id))


def _hash(key: str, follower_id: str) -> str:
    return hashlib.sha256(f"blind {key} {follower_id}".encode()).hexdigest()


def blind_test_command(account: str) -> str:
    """Returns the command that takes a blind test; where it is printed, `--by` is added."""
    return f"followguard trust test --account {account}"
