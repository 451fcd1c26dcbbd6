"""Texts as matrices of code points, and what of their shape can be counted without reading them."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
Floats = NDArray[np.float64]
Measure = Callable[[Codes], Floats]


def codes_of(texts: Sequence[str | None], width: int) -> Codes:
    """(n, width) code points; texts are cut at `width` and filled up with 0. Unknown reads as empty."""
    cut = [(text or "")[:width] for text in texts]
    return np.array(cut, dtype=f"U{width}").view(np.uint32).reshape(len(cut), width)


def count_of(character: str) -> Measure:
    """A measure: how often the character stands in each text."""
    return lambda codes: _number(codes == ord(character))


def digits(codes: Codes) -> Floats:
    """How many digits 0 to 9 each text holds."""
    return _number(_is_digit(codes))


def links(codes: Codes) -> Floats:
    """How many `://` each text holds."""
    found = (codes[:, :-2] == ord(":")) & (codes[:, 1:-1] == ord("/")) & (codes[:, 2:] == ord("/"))
    return _number(found)


def _is_digit(codes: Codes) -> NDArray[np.bool_]:
    return (codes >= ord("0")) & (codes <= ord("9"))


def _number(found: NDArray[np.bool_]) -> Floats:
    return np.asarray(found.sum(axis=1), dtype=np.float64)
