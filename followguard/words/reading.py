"""What words say of a profile: look marks and reasons, a verdict with them, and what a score on record keeps of it."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from math import exp, log
from typing import Any

from followguard.domain.follower import Profile
from followguard.domain.policy import IMITATES_US, LookMark, Reason, Says, Verdict, WordList
from followguard.words.imitation import Imitation
from followguard.words.kinds import CODE, WordKind, kinds
from followguard.words.phrases import PhraseBook, plain_phrase
from followguard.words.text import WIDTH, tokens, username_tokens

OWN_WORDS = "own_words:"
"""Begins the code of a reason, or mark, that a list of the company's own words gives."""
BIO_UNREAD = "bio_unread"
UNREAD = Reason(BIO_UNREAD, "has a bio without a letter or a digit, so no word list could read it", 0.0)
START_WEIGHT = 0.7
"""Log-odds of a list until decisions say better: twice the odds."""
_SIGN = {Says.SPAM: 1.0, Says.GENUINE: -1.0, Says.LOOK: 0.0}
_SURE = 1e-6
_FIELDS = (("description", "bio"), ("name", "name"), ("url", "link"))
_HANDS = re.compile("[\N{WHITE DOWN POINTING BACKHAND INDEX}\N{WHITE UP POINTING BACKHAND INDEX}\u2b07\u2b06\u2193]")


def start_weight(says: Says) -> float:
    """Returns the log-odds that a list weighs before anything was learned."""
    return START_WEIGHT * _SIGN[says]


@dataclass(frozen=True, slots=True)
class ListRecord:
    """The record of a list: how many decided cards it stood on, how many of them were spam, what it weighs by now."""

    weight: float
    spam: int = 0
    decided: int = 0

    def right(self, says: Says) -> int:
        """Counts the cards on which people said what the list says."""
        return self.spam if says is Says.SPAM else self.decided - self.spam


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase that stands in a text. `owner`: the kind or the list; `where`: `bio`, `name`, `username` or `link`."""

    owner: str
    phrase: str
    where: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words of one profile say. `lists`: the names of the company's lists that stand in it."""

    look: tuple[LookMark, ...] = ()
    reasons: tuple[Reason, ...] = ()
    lists: tuple[str, ...] = ()

    @property
    def shift(self) -> float:
        """The log-odds by which the company's words move the score."""
        return sum(reason.weight for reason in self.reasons)


NOTHING_READ = Reading()


class TextReader:
    """The built-in kinds, an account's own words with their records, and our names, to read profiles with."""

    def __init__(
        self,
        lists: Sequence[WordList] = (),
        imitation: Imitation | None = None,
        records: Mapping[str, ListRecord] | None = None,
    ) -> None:
        self.lists = tuple(lists)
        self.imitation = imitation
        self.records = dict(records or {})

    def with_records(self, records: Mapping[str, ListRecord]) -> "TextReader":
        """Returns the same reader with what the lists weigh by now."""
        return TextReader(self.lists, self.imitation, records)

    @cached_property
    def signature(self) -> str:
        """Twelve hex digits that name what is looked for: the kinds' versions, the lists and our names."""
        own = sorted(name.written for name in self.imitation.names) if self.imitation else []
        looked_for = [[[kind.name, kind.version] for kind in kinds()], list(map(asdict, self.lists)), own]
        return hashlib.sha256(json.dumps(looked_for).encode()).hexdigest()[:12]

    @cached_property
    def _kind_book(self) -> PhraseBook:
        return PhraseBook.of(phrase for kind in kinds() for phrase in kind.phrases)

    @cached_property
    def _own_book(self) -> PhraseBook:
        return PhraseBook.of(plain_phrase(each.name, written) for each in self.lists for written in each.any_of)

    def readings(self, profiles: Iterable[Profile]) -> list[Reading]:
        """Returns one reading for each profile, in order."""
        return [self.read(profile) for profile in profiles]

    def read(self, profile: Profile) -> Reading:
        """Reads name, username, bio and link, each cut to a width."""
        texts = _texts_of(profile)
        hits = self.kind_hits(texts)
        own = self.own_hits(texts)
        marks = [*self._imitation_marks(profile, texts)]
        marks += [LookMark(kind.code, _kind_text(kind, hits[kind.name])) for kind in kinds() if kind.name in hits]
        notes = [Reason(mark.code, mark.text, 0.0) for mark in marks]
        notes += [UNREAD] if (profile.description or "").strip() and not texts["bio"] else []
        said = {each: self._reason(each, own[each.name]) for each in self.lists if each.name in own}
        marks += [LookMark(reason.code, reason.text) for each, reason in said.items() if each.says is Says.LOOK]
        reasons = (*said.values(), *notes)
        return Reading(tuple(marks), reasons, tuple(each.name for each in said)) if reasons else NOTHING_READ

    def kind_hits(self, texts: Mapping[str, Sequence[str]]) -> dict[str, Hit]:
        """Maps the built-in kinds that stand in the texts to where."""
        found = _hits(self._kind_book, texts)
        name = "".join(texts["username"])
        for kind in kinds():
            word = next((word for word in kind.inside if word in name), None)
            if word is not None:
                found.setdefault(kind.name, Hit(kind.name, word, "username"))
        return found

    def own_hits(self, texts: Mapping[str, Sequence[str]]) -> dict[str, Hit]:
        """Maps the company's lists that stand in the texts to where."""
        return _hits(self._own_book, texts) if self.lists else {}

    def lists_in(self, profile: Profile) -> tuple[str, ...]:
        """Returns the names of the company's lists that stand in a profile."""
        return tuple(self.own_hits(_texts_of(profile)))

    def _imitation_marks(self, profile: Profile, texts: Mapping[str, Sequence[str]]) -> Iterable[LookMark]:
        found = self.imitation.found_in(profile, texts) if self.imitation else None
        if found is not None:
            how = "speaks for" if found.where == "bio" else "looks like"
            yield LookMark(IMITATES_US, f"the {found.where} {how} our “{found.own}”, and the account isn't ours")

    def _reason(self, of: WordList, hit: Hit) -> Reason:
        record = self._record(of)
        text = f"the {hit.where} has “{hit.phrase}”, of your words “{of.name}”{record_words(of.says, record)}"
        return Reason(OWN_WORDS + of.name, text, self.weight_of(of))

    def weight_of(self, of: WordList) -> float:
        """Returns the log-odds that a list weighs by now."""
        return 0.0 if of.says is Says.LOOK else self._record(of).weight

    def _record(self, of: WordList) -> ListRecord:
        return self.records.get(of.name) or ListRecord(start_weight(of.says))


def record_words(says: Says, record: ListRecord) -> str:
    """Returns ` (right 41 of 44 times)`; nothing while no card with it was decided."""
    if not record.decided:
        return ""
    if says is Says.LOOK:
        return f" (spam {record.spam} of {_times(record.decided)})"
    return f" (right {record.right(says)} of {_times(record.decided)})"


def _times(number: int) -> str:
    return f"{number} time{'' if number == 1 else 's'}"


def _kind_text(kind: WordKind, hit: Hit) -> str:
    return f"the {hit.where} {kind.sentence}"


def _texts_of(profile: Profile) -> dict[str, list[str]]:
    texts = {name: tokens(_pointing(getattr(profile, field))) for field, name in _FIELDS}
    return texts | {"username": username_tokens(profile.username)}


def _pointing(text: str | None) -> str | None:
    """Returns the text with a hand or an arrow that points at a link as the word for it."""
    return text if text is None or text.isascii() else _HANDS.sub(" below ", text[:WIDTH])


def _hits(book: PhraseBook, texts: Mapping[str, Sequence[str]]) -> dict[str, Hit]:
    found: dict[str, Hit] = {}
    for where, words in texts.items():
        for owner, phrase in book.found_in(words).items():
            found.setdefault(owner, Hit(owner, phrase, where))
    return found


def with_words(verdict: Verdict, reading: Reading) -> Verdict:
    """Returns the verdict with what words say: reasons before the last one, marks, and the score moved by weights.

    The reasons' weights still add up to logit(p_spam) - base_logit: what a cut at the ends takes off, the last bears,
    and what isn't told beside a look mark.
    """
    if reading is NOTHING_READ:
        return verdict
    *told, last = verdict.reasons
    kept = beside_marks(told) if reading.look else told
    before = logit(verdict.p_spam)
    p_spam = moved(verdict.p_spam, reading.shift)
    cut = logit(p_spam) - before - reading.shift if reading.shift else 0.0
    untold = sum(each.weight for each in told) - sum(each.weight for each in kept)
    rest = replace(last, weight=last.weight + untold + cut)
    return replace(verdict, p_spam=p_spam, reasons=(*kept, *reading.reasons, rest), look=reading.look)


def beside_marks(told: Sequence[Reason]) -> list[Reason]:
    """Returns the model's reasons as they stand beside a look mark, which what a text says contradicts.

    Activity that speaks for genuine is a fact without a side there. The rest isn't told: of name and profile, which the
    mark is about, and of the audience, whose numbers stand in the head of the card.
    """
    against = [each for each in told if each.weight > 0.0]
    return against + [each.as_fact() for each in told if each.weight <= 0.0 and each.code not in _UNTOLD]


BUILT_IN = TextReader()
"""The built-in kinds alone, for whoever has no configuration at hand."""
_UNTOLD = ("name", "profile", "audience")
"""Codes of the model's reasons that aren't told beside a look mark, where they speak for genuine."""
_CODES = (OWN_WORDS, CODE, IMITATES_US, BIO_UNREAD)


def kept_reading(reasons: Sequence[Mapping[str, Any]] | None, look: Sequence[Mapping[str, str]] | None) -> Reading:
    """Returns the reading that stored reasons and marks hold."""
    kept = tuple(Reason(r["code"], r["text"], r["weight"]) for r in reasons or () if is_of_words(r["code"]))
    marks = tuple(LookMark(mark["code"], mark["text"]) for mark in look or ())
    return Reading(marks, kept, lists_named([reason.code for reason in kept])) if kept or marks else NOTHING_READ


def is_of_words(code: str) -> bool:
    """Tells whether a reason's code is one that words give."""
    return code.startswith(_CODES)


def lists_named(codes: Sequence[str]) -> tuple[str, ...]:
    """Returns the names of the company's lists among codes of reasons."""
    return tuple(code.removeprefix(OWN_WORDS) for code in codes if code.startswith(OWN_WORDS))


def reading_again(reading: Reading, words: TextReader) -> Reading:
    """Returns an earlier reading with what its lists weigh by now; a list that is gone weighs what it did."""
    now = {OWN_WORDS + each.name: words.weight_of(each) for each in words.lists}
    reasons = tuple(replace(reason, weight=now.get(reason.code, reason.weight)) for reason in reading.reasons)
    return reading if reasons == reading.reasons else replace(reading, reasons=reasons)


def moved(p_spam: float, shift: float) -> float:
    """Returns the probability moved by log-odds; the very same number where nothing moves it."""
    return probability(logit(p_spam) + shift) if shift else p_spam


def logit(p_spam: float) -> float:
    """Returns the log-odds, of a probability cut to [1e-6, 1 - 1e-6]."""
    p = min(max(p_spam, _SURE), 1.0 - _SURE)
    return log(p / (1.0 - p))


def probability(log_odds: float) -> float:
    """Returns the probability of log-odds, within [1e-6, 1 - 1e-6]."""
    return min(max(1.0 / (1.0 + exp(-max(-50.0, min(50.0, log_odds)))), _SURE), 1.0 - _SURE)
