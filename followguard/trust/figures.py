"""How often the machine's word and a person's differed, each beside the base rate."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from followguard.domain.labels import Label
from followguard.domain.policy import Band, Reason
from followguard.screening.audit import NOTHING_AUDITED, AuditDraw, HeldBackShare

SPAN = timedelta(days=28)
OWN_WORDS = "own_words:"
"""What the code of a reason begins with that a company's own word list gave; the rest is the list's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCard:
    """A person's newest word about a card that stands, and what the machine had said. `band` as the card showed it.

    `asked`: somebody had to ask to see it. `draw_probability` of the audit that showed it, None where none did.
    """

    item: int
    label: Label
    band: Band
    model: str
    asked: bool = False
    draw_probability: float | None = None
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordAgainstWord:
    """Cards that the machine called one thing: of `said`, people said the other thing of `wrong`."""

    said: int
    wrong: int

    @property
    def share(self) -> float | None:
        """The share of them, None without any."""
        return self.wrong / self.said if self.said else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """What came of a machine's words. `decided` cards, of which people called `spam` spam: that is the base rate.

    `spam_was_real`: it said spam, a person real. `genuine_was_spam` the reverse. `unsure`: it gave no answer.
    """

    name: str
    decided: int
    spam: int
    spam_was_real: WordAgainstWord
    genuine_was_spam: WordAgainstWord
    unsure: int
    held_back: HeldBackShare = NOTHING_AUDITED

    @property
    def base_rate(self) -> float | None:
        """The share of spam among all that were decided, None without any."""
        return self.spam / self.decided if self.decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRecord:
    """The track record of a company's word list: on `hits` decided cards, `right` on so many.

    `says` is spam, genuine or look (which claims nothing: `right` counts spam then).
    """

    name: str
    says: str
    hits: int
    right: int
    base_rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """Decisions of the span: how many their author turned (undo, overrule), and how many somebody else."""

    decisions: int = 0
    by_author: int = 0
    by_others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustFigures:
    """An account over the last 28 days. `machine` over all models, `models` one by one; `ever` over all audits."""

    account: str
    since: datetime
    until: datetime
    machine: TrackRecord
    models: tuple[TrackRecord, ...] = ()
    words: tuple[WordRecord, ...] = ()
    turned: Turned = field(default_factory=Turned)
    ever: HeldBackShare = NOTHING_AUDITED


Estimate = Callable[[Sequence[AuditDraw]], HeldBackShare]


def track_record(name: str, cards: Sequence[JudgedCard], estimate: Estimate) -> TrackRecord:
    """Counts what people said of cards by what the machine had said of them.

    Cards that somebody asked to see count only in what was wrong: which ones a person picks out isn't a fair sample.
    """
    fair = [card for card in cards if not card.asked]
    draws = [AuditDraw(c.label is Label.GENUINE, c.draw_probability) for c in cards if c.draw_probability is not None]
    return TrackRecord(
        name=name,
        decided=len(fair),
        spam=sum(card.label is Label.SPAM for card in fair),
        spam_was_real=_against(cards, Band.SPAM, Label.GENUINE),
        genuine_was_spam=_against(cards, Band.GENUINE, Label.SPAM),
        unsure=sum(card.band is Band.UNSURE for card in fair),
        held_back=estimate(draws) if draws else NOTHING_AUDITED,
    )


def _against(cards: Iterable[JudgedCard], said: Band, other: Label) -> WordAgainstWord:
    counted = [card for card in cards if card.band is said and (not card.asked or card.label is other)]
    return WordAgainstWord(said=len(counted), wrong=sum(card.label is other for card in counted))


def model_records(cards: Sequence[JudgedCard], estimate: Estimate) -> tuple[TrackRecord, ...]:
    """Returns the record of each model that scored one of the cards, by name."""
    names = sorted({card.model for card in cards})
    return tuple(track_record(name, [c for c in cards if c.model == name], estimate) for name in names)


def word_records(cards: Sequence[JudgedCard]) -> tuple[WordRecord, ...]:
    """Returns the record of each of the company's word lists that gave a reason on one of the cards, by name.

    Beside it the share of spam among all cards: what a list that says nothing would be right in.
    """
    fair = [card for card in cards if not card.asked]
    hits: dict[str, list[tuple[float, Label]]] = {}
    for card in fair:
        for reason in card.reasons:
            if reason.code.startswith(OWN_WORDS):
                hits.setdefault(reason.code.removeprefix(OWN_WORDS), []).append((reason.weight, card.label))
    rate = sum(card.label is Label.SPAM for card in fair) / len(fair) if fair else 0.0
    return tuple(_word_record(name, found, rate) for name, found in sorted(hits.items()))


def _word_record(name: str, found: Sequence[tuple[float, Label]], rate: float) -> WordRecord:
    newest = found[-1][0]
    says = "spam" if newest > 0.0 else "genuine" if newest < 0.0 else "look"
    meant = Label.GENUINE if says == "genuine" else Label.SPAM
    right = sum(label is meant for _, label in found)
    return WordRecord(name=name, says=says, hits=len(found), right=right, base_rate=rate)


def as_json(figures: TrustFigures) -> dict[str, Any]:
    """Returns the figures for `trust --json`."""
    return {
        "account": figures.account,
        "since": figures.since,
        "until": figures.until,
        "machine": _record_json(figures.machine),
        "models": [_record_json(each) for each in figures.models],
        "words": [
            {"name": w.name, "says": w.says, "hits": w.hits, "right": w.right, "base_rate": w.base_rate}
            for w in figures.words
        ],
        "turned": figures.turned,
        "held_back_ever": figures.ever,
    }


def _record_json(record: TrackRecord) -> dict[str, Any]:
    return {
        "model": record.name,
        "decided": record.decided,
        "spam": record.spam,
        "base_rate": record.base_rate,
        **{
            name: {"said": each.said, "wrong": each.wrong, "share": each.share}
            for name, each in (
                ("spam_was_real", record.spam_was_real),
                ("genuine_was_spam", record.genuine_was_spam),
            )
        },
        "unsure": record.unsure,
        "real_people_held_back": record.held_back,
    }
