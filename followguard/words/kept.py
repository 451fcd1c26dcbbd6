"""What words said of a text that may be gone: the marks and reasons that a score on record keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from followguard.domain.policy import IMITATES_US, LookMark, Reason
from followguard.words.kinds import CODE
from followguard.words.reading import BIO_UNREAD, NOTHING_READ, OWN_WORDS, Reading, TextReader

BUILT_IN = TextReader()
"""The built-in kinds alone, for whoever has no configuration at hand."""
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
