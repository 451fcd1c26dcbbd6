"""The keys of both desks, in the browser and on the terminal: one table, changed by `[desk.keys]`."""

from collections.abc import Mapping
from types import MappingProxyType

DEFAULT_KEYS: Mapping[str, str] = MappingProxyType(
    {
        "approve": "a",
        "spam": "r",
        "impersonation": "i",
        "not_relevant": "n",
        "competitor": "c",
        "brand_risk": "b",
        "private_person": "p",
        "other": "e",
        "later": "l",
        "skip": "s",
        "undo": "u",
        "note": "m",
        "ask": "w",
        "open": "o",
        "held_back": "h",
        "reveal": "v",
        "guidelines": "g",
        "reject_all": "x",
        "search": "/",
        "help": "?",
        "quit": "q",
    }
)
"""Action -> key. The reasons to reject have their own names; `other` asks which of the rarer ones it is."""


def key_table(changed: Mapping[str, str]) -> dict[str, str]:
    """Returns action -> key with `changed` laid over the defaults.

    Raises ValueError where two actions would have one key; the message names both. Letters count in lower case, since
    a capital stands for "a real account all the same".
    """
    table = {**DEFAULT_KEYS, **{action: key.lower() for action, key in changed.items()}}
    taken: dict[str, str] = {}
    for action, key in table.items():
        other = taken.setdefault(key, action)
        if other != action:
            raise ValueError(f"{other} and {action} would both be {key!r}")
    return table
