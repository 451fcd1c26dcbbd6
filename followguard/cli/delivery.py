"""What becomes of a command whose result didn't arrive: on a full disk, or in a pipe that nobody reads."""

import sys
from collections.abc import Sequence

from followguard.cli import output
from followguard.cli.streams import refusal_of
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
"""Commands that keep nothing: without what they print they have done nothing."""


def delivered(code: int, args: Sequence[str]) -> int:
    """The exit code, once everything is printed.

    It tells what was saved: a result that can't be written changes it only where there is nothing else. A reader who
    has seen enough (`| head`) is no failure.
    """
    sys.stdout.flush()
    refusal = refusal_of(sys.stdout)
    if refusal is None or isinstance(refusal, BrokenPipeError):
        return code
    what = "What it printed couldn't be written"
    kept = "Run it again where there is room." if only_prints(args) else "What it did is saved: followguard status"
    output.warn(f"{what} ({refusal.strerror or refusal}). {kept}")
    return code or FAILED if only_prints(args) else code


def only_prints(args: Sequence[str]) -> bool:
    """Whether a command line names one of `ONLY_PRINT`, or only tells what a command would do."""
    words = " ".join(args)
    unkept = not any(arg.startswith("--output") for arg in args)
    named = any(words == name or words.startswith(f"{name} ") for name in ONLY_PRINT)
    return unkept and (named or "--dry-run" in args)
