"""Numbers with their nouns: `1 account`, `3 accounts`."""

import re

_THINGS = re.compile(r"\{n\} ((?:more |new )?)(\w+)s\b")


def counted(number: int, one: str, many: str = "") -> str:
    """`1 account`, `3 accounts`, `0 accounts`; `many` where that isn't the one with an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def filled(text: str, number: str) -> str:
    """The text with the number in the place of {n}, and the noun behind it in the singular where that is 1."""
    return (_THINGS.sub(r"{n} \1\2", text) if number == "1" else text).format(n=number)
