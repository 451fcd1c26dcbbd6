"""Steps that no signal breaks off: one that asks the program to end waits until the outermost of them has ended.

A KeyboardInterrupt in the middle of a driver's or SQLAlchemy's own code leaves a transaction open, and its lock taken,
for as long as the traceback lives: whatever is written next, as the night's receipt, would find the database busy.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class _Steps:
    """How many steps are open in the main thread, which alone hears signals, and what was asked for meanwhile."""

    depth = 0
    asked: type[KeyboardInterrupt] | None = None


@contextmanager
def unbroken() -> Iterator[None]:
    """Lets the block end before a signal ends the program; what it was asked to raise then comes in place of all else.

    Such blocks may stand in each other.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _Steps.depth += 1
    try:
        yield
    finally:
        _Steps.depth -= 1
        asked = _Steps.asked
        if asked is not None and _Steps.depth == 0:
            _Steps.asked = None
            raise asked


def end_soon(how: type[KeyboardInterrupt] = KeyboardInterrupt) -> None:
    """Raises `how`, at once or when the open step ends; asked a second time, at once. For handlers of signals."""
    if _Steps.depth == 0 or _Steps.asked is not None:
        _Steps.asked = None
        raise how
    _Steps.asked = how
