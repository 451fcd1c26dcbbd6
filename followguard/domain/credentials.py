"""Credentials with which an account calls X: the four secrets of OAuth 1.0a user context."""

import hmac
from dataclasses import dataclass, fields
from typing import Final

SHORTEST_REDACTED = 8
"""Characters. A shorter secret is a stand-in's; blotting it out would garble every text that holds it."""


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
        """Returns the text itself: for the one place that signs with it."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Consumer key and secret of the developer app, access token and secret of the account."""

    consumer_key: Secret
    consumer_secret: Secret
    access_token: Secret
    access_token_secret: Secret

    def redact(self, text: str) -> str:
        """Replaces every one of the four secrets in the text by `***`."""
        for name in (field.name for field in fields(self)):
            secret = getattr(self, name).reveal()
            if len(secret) >= SHORTEST_REDACTED:
                text = text.replace(secret, SHOWN)
        return text
