"""The three streams of the process: made safe before a command runs, and looked at once it has printed."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TextIO

from followguard.errors import FAILED

ONLY_PRINT = (
    "status",
    "doctor",
    "disclose",
    "prove",
    "score",
    "whatif",
    "review list",
    "review show",
    "review second-look",
    "account list",
    "person list",
    "db check",
    "model list",
    "model show",
    "model drift",
    "model evaluate",
)
"""Commands that keep nothing: their result is what they print."""


def delivered(code: int, args: Sequence[str], say: Callable[[str], None]) -> int:
    """Returns the exit code, once everything is printed.

    A result that can't be written changes the code of commands that only print. A reader who has seen enough
    (`| head`) is no failure.
    """
    sys.stdout.flush()
    refusal = refusal_of(sys.stdout)
    if refusal is None or isinstance(refusal, BrokenPipeError):
        return code
    what = "What it printed couldn't be written"
    kept = "Run it again where there is room." if only_prints(args) else "What it did is saved: followguard status"
    say(f"{what} ({refusal.strerror or refusal}). {kept}")
    return code or FAILED if only_prints(args) else code


def only_prints(args: Sequence[str]) -> bool:
    """Tells whether a command line names one of `ONLY_PRINT`, or only tells what a command would do."""
    words = " ".join(args)
    unkept = not any(arg.startswith("--output") for arg in args)
    named = any(words == name or words.startswith(f"{name} ") for name in ONLY_PRINT)
    return unkept and (named or "--dry-run" in args)


STREAMS = (("stdin", 0, os.O_RDONLY), ("stdout", 1, os.O_WRONLY), ("stderr", 2, os.O_WRONLY))


def make_safe() -> None:
    """Gives the process three streams that hold, whatever it was started with.

    A stream that is closed becomes /dev/null, so that no file that is opened later gets its number.
    """
    for name, number, mode in STREAMS:
        if not _is_open(number):
            _fill(number, mode)
        if getattr(sys, name) is None:
            reading = mode == os.O_RDONLY
            setattr(sys, name, os.fdopen(os.open(os.devnull, mode), "r" if reading else "w", encoding="utf-8"))
    sys.stdout, sys.stderr = forgiving(sys.stdout), forgiving(sys.stderr)


def forgiving(stream: TextIO) -> TextIO:
    """Returns the same stream with an end that forgives; letters that its encoding lacks are shown as escapes."""
    with suppress(OSError, ValueError):
        stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(Forgiving(stream)),
        encoding=stream.encoding,
        errors="backslashreplace",
        line_buffering=getattr(stream, "line_buffering", False),
        write_through=getattr(stream, "write_through", False),
    )


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _fill(number: int, mode: int) -> None:
    opened = os.open(os.devnull, mode)
    if opened == number:
        os.set_inheritable(number, True)
        return
    os.dup2(opened, number)
    os.close(opened)


class Forgiving(io.RawIOBase):
    """The end of a stream: writes through until the other side refuses, and drops everything after that."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream  # which would close its end when nobody holds it any more
        self._raw: Any = getattr(stream.buffer, "raw", stream.buffer)
        self.refusal: OSError | None = None

    def write(self, data: Any) -> int:
        """Counts all as written, also what is dropped."""
        view = memoryview(data).cast("B")
        while self.refusal is None and view.nbytes:
            view = view[self._taken(view) :]
        return memoryview(data).nbytes

    def _taken(self, view: memoryview) -> int:
        try:
            return self._raw.write(view) or 0
        except OSError as error:
            self.refusal = error
        except ValueError:  # closed, as at the very end of the program
            self.refusal = OSError("it is closed")
        return view.nbytes

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._raw.fileno())

    def isatty(self) -> bool:
        return self.refusal is None and bool(self._raw.isatty())


def refusal_of(stream: Any) -> OSError | None:
    """Returns why the stream's other side takes no more; None where everything arrived, or where that is unknown."""
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw.refusal if isinstance(raw, Forgiving) else None
