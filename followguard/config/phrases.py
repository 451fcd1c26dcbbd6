"""Phrases and own names in the configuration: one that would match everybody or nobody is an error."""

from collections import Counter
from collections.abc import Sequence
from typing import Protocol, TypeVar

from pydantic_core import PydanticCustomError

from followguard.domain.phrase import name_fault, phrase_fault

MATCHES_TOO_MUCH = "matches_too_much"


class Named(Protocol):
    """A table with a name."""

    name: str


_T = TypeVar("_T", bound=Named)


def phrase(text: str) -> str:
    """Returns the phrase as it stands. Raises PydanticCustomError for one that says nothing."""
    return _checked(text, phrase_fault(text), 'Write a word or a phrase, such as "airdrop" or "double your".')


def own_name(text: str) -> str:
    """Returns the name as it stands. Raises PydanticCustomError for one that everybody would imitate."""
    return _checked(text, name_fault(text), "Write the brand, product or person in full, or take it away.")


def each_once(lists: list[_T]) -> list[_T]:
    """Returns the lists as they stand. Raises PydanticCustomError where two have one name."""
    twice = _twice([each.name for each in lists])
    fault = f"has two lists named {twice!a}" if twice else ""
    return _checked(lists, fault, "A reason names its list: give each its own name.")


_C = TypeVar("_C")


def _checked(value: _C, fault: str, then: str) -> _C:
    if fault:
        raise PydanticCustomError(MATCHES_TOO_MUCH, "matches too much", {"fault": fault, "then": then})
    return value


def _twice(names: Sequence[str]) -> str:
    return next((name for name, number in Counter(names).items() if number > 1), "")
