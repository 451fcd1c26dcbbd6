"""Pydantic's complaints about a configuration, put for the person who wrote it: key, fault, and what to write."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from followguard.config.keys import FileKeys
from followguard.config.names import MATCHES_NOBODY
from followguard.config.phrases import MATCHES_TOO_MUCH
from followguard.errors import ConfigurationError

SHOWN = 60
Place = tuple[int | str, ...]


def key_name(place: Place) -> str:
    """Returns `accounts.acme.policy.never_follow[0]`."""
    name = ""
    for part in place:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def wrong_keys(error: ValidationError, file: str, top: type[BaseModel] = FileKeys) -> ConfigurationError:
    """Returns the first thing that is wrong, unknown keys first, and how many more there are.

    `top` is the table that the file as a whole is.
    """
    found = sorted(error.errors(include_url=False), key=lambda one: one["type"] != "extra_forbidden")
    unknown = found[0]["type"] == "extra_forbidden"
    what, then = _unknown(found[0], key_name(found[0]["loc"]), top) if unknown else _explain(found[0])
    more = f" ({len(found) - 1} more after this one.)" if len(found) > 1 else ""
    return ConfigurationError(f"{file}: {what}", f"{then}{more}")


def _explain(one: ErrorDetails) -> tuple[str, str]:
    key = key_name(one["loc"])
    if one["type"] in _WHOLE:
        return _WHOLE[one["type"]](one, key)
    limits = one.get("ctx", {})
    wanted = next((words for types, words in _WANTED if one["type"] in types), one["msg"]).format(**limits)
    return f"{key} must be {wanted}{_but_is(one['input'])}.", f"Correct {key} there."


def _unknown(one: ErrorDetails, key: str, top: type[BaseModel]) -> tuple[str, str]:
    known = _keys_at(one["loc"][:-1], top)
    close = get_close_matches(str(one["loc"][-1]), known, n=1)
    hint = f"Did you mean {key_name((*one['loc'][:-1], close[0]))}?" if close else f"Known there: {', '.join(known)}."
    return f"unknown key {key}.", hint


def _missing(one: ErrorDetails, key: str) -> tuple[str, str]:
    return f"{key} is missing.", _SAY.get(str(one["loc"][-1]), f"Add {key}.")


_SAY = {
    "training_basis": 'The company decides: write training_basis = "none", "own-decisions" or "written-permission".',
    "accounts": "Add a table [accounts.HANDLE] with training_basis in it.",
}


def _matches_nobody(one: ErrorDetails, key: str) -> tuple[str, str]:
    entry = str(one["input"]).strip()
    shown = f" ({entry[:SHOWN]!a})" if entry and "@" not in entry[1:] else ""
    instead = one["ctx"]["instead"]
    then = f'Write "{instead}" there.' if instead else "Write a username or an id as X has it, or take it away."
    return f"{key}{shown} can match nobody: a username has 1 to 15 letters, digits and _, an id only digits.", then


def _too_much(one: ErrorDetails, key: str) -> tuple[str, str]:
    return f"{key} {one['ctx']['fault']}.", one["ctx"]["then"]


_WHOLE: dict[str, Callable[[ErrorDetails, str], tuple[str, str]]] = {
    "missing": _missing,
    MATCHES_NOBODY: _matches_nobody,
    MATCHES_TOO_MUCH: _too_much,
}
_WANTED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("int_type", "int_from_float", "int_parsing_size"), "a whole number"),
    (("float_type",), "a number"),
    (("finite_number",), "a finite number"),
    (("bool_type",), "true or false"),
    (("string_type",), "text in quotes"),
    (("string_too_short",), "text with at least one character"),
    (("string_too_long",), "at most {max_length} characters long"),
    (("string_pattern_mismatch",), "letters, digits, _ and - only, at most 40"),
    (("list_type",), "a list in [ ]"),
    (("too_short",), "filled with at least one entry"),
    (("too_long",), "at most {max_length} entries long"),
    (("model_type", "model_attributes_type", "dict_type"), "a table"),
    (("date_type", "date_from_datetime_inexact"), "a date such as 2026-08-22, without quotes"),
    (("enum", "literal_error"), "one of {expected}"),
    (("greater_than_equal",), "at least {ge}"),
    (("less_than_equal",), "at most {le}"),
)


def _but_is(found: Any) -> str:
    """Tells what stands there instead; only one word is repeated, for an address could hold a password."""
    if isinstance(found, str):
        return f", not {found!r}" if found.isidentifier() and len(found) <= 30 else ", not this text"
    return f", not {str(found).lower() if isinstance(found, bool) else found}" if isinstance(found, int | float) else ""


def _keys_at(place: Place, top: type[BaseModel]) -> list[str]:
    """Returns the keys that the table at a place may have."""
    model: Any = top
    for part in place:
        model = model.model_fields[part].annotation if _is_table(model) else (get_args(model) or (model,))[-1]
    return list(model.model_fields)


def _is_table(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, BaseModel)
