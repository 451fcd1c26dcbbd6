"""A secret that can't be printed by accident."""

import hmac
from typing import Final

SHOWN: Final = "***"


class Secret:
    """Shows `***` wherever it is printed, logged or formatted; only `reveal()` gives the text.

    Not a dataclass on purpose: `dataclasses.asdict` would lay its text open.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Raises ValueError when there is nothing to keep secret."""
        if not text:
            raise ValueError("a secret can't be empty")
        self._text = text

    def reveal(self) -> str:
        """The text itself: for the one place that signs with it."""
        return self._text

    def __repr__(self) -> str:
        return SHOWN

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __deepcopy__(self, _: object) -> "Secret":
        return self

    def __reduce__(self) -> str:
        raise TypeError("a secret isn't written to files")
