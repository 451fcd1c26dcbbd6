"""Findings of a check of an installation."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Only `fail` stops a night; `warn` wants a look."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One row. `account` is None for what concerns all of them."""

    check: str
    state: State
    text: str
    next_step: str = ""
    account: str | None = None
