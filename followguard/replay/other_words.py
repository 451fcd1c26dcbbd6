"""What lists of words would have changed on past nights, as far as the texts are kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from followguard.domain.follower import Profile
from followguard.domain.labels import Label
from followguard.domain.policy import Cutoffs, Says, WordList
from followguard.replay.past import PastCard, PastScore
from followguard.words.reading import OWN_WORDS, Reading, TextReader, moved, start_weight


@dataclass(frozen=True, slots=True)
class OtherWords:
    """Lists to try, and the file that they stand in. A list takes the place of the configured one of its name."""

    file: str
    lists: tuple[WordList, ...]

    @property
    def codes(self) -> frozenset[str]:
        """The codes of reasons and marks that these lists give."""
        return frozenset(OWN_WORDS + each.name for each in self.lists)


@dataclass(frozen=True, slots=True)
class PastText:
    """The text that a score was made of, None once it was cleared, and what words said of it then."""

    profile: Profile | None
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTried:
    """What one list comes to: cards that have it in their newest text, and what people decided about these."""

    name: str
    says: Says
    cards: int
    spam: int
    real: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsTried:
    """What the lists would have changed: `bands` maps `genuine to unsure` and the like to how many cards moved so.

    `cleared` of the `cards` have no text left and stay as they were.
    """

    file: str
    cards: int
    cleared: int
    lists: tuple[ListTried, ...]
    bands: dict[str, int]


def reworded(cards: Sequence[PastCard], other: OtherWords, texts: Mapping[int, PastText]) -> list[PastCard]:
    """Returns the same cards with scores and marks as these lists would have made them, at their start weights."""
    reader = TextReader(other.lists)
    return [
        replace(card, scores=tuple(_reworded(score, other, texts.get(score.id), reader) for score in card.scores))
        for card in cards
    ]


def _reworded(score: PastScore, other: OtherWords, text: PastText | None, reader: TextReader) -> PastScore:
    if text is None or text.profile is None:
        return score
    standing = _standing(other, text.profile, reader)
    taken = sum(reason.weight for reason in text.reading.reasons if reason.code in other.codes)
    change = sum(start_weight(each.says) for each in standing) - taken
    marked = any(mark.code not in other.codes for mark in text.reading.look)
    look = marked or any(each.says is Says.LOOK for each in standing)
    return replace(score, p_spam=moved(score.p_spam, change), shift=score.shift + change, look=look)


def _standing(other: OtherWords, profile: Profile, reader: TextReader) -> list[WordList]:
    names = reader.lists_in(profile)
    return [each for each in other.lists if each.name in names]


def words_tried(
    cards: Sequence[PastCard], other: OtherWords, texts: Mapping[int, PastText], cutoffs: Cutoffs
) -> WordsTried:
    """Returns what the lists come to on these cards' newest scores."""
    scored = [card for card in cards if card.scores]
    reader, hits = TextReader(other.lists), Counter[tuple[str, Label | None]]()
    for card in scored:
        text = texts.get(card.scores[-1].id)
        if text is not None and text.profile is not None:
            label = card.decision.label if card.decision else None
            hits.update((each.name, label) for each in _standing(other, text.profile, reader))
    return WordsTried(
        file=other.file,
        cards=len(scored),
        cleared=sum(not _kept(card, texts) for card in scored),
        lists=tuple(_tried(each, hits) for each in other.lists),
        bands=_moves(scored, reworded(scored, other, texts), cutoffs),
    )


def _kept(card: PastCard, texts: Mapping[int, PastText]) -> bool:
    text = texts.get(card.scores[-1].id)
    return text is not None and text.profile is not None


def _tried(each: WordList, hits: Mapping[tuple[str, Label | None], int]) -> ListTried:
    spam, real = hits[each.name, Label.SPAM], hits[each.name, Label.GENUINE]
    return ListTried(name=each.name, says=each.says, cards=spam + real + hits[each.name, None], spam=spam, real=real)


def _moves(before: Sequence[PastCard], after: Sequence[PastCard], cutoffs: Cutoffs) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one, other in zip(before, after, strict=True):
        was, becomes = (cutoffs.band_of(card.scores[-1].p_spam, look=card.scores[-1].look) for card in (one, other))
        if was is not becomes:
            found[f"{was.value} to {becomes.value}"] += 1
    return dict(sorted(found.items()))
