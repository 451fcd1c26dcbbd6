"""Python programs run in processes of their own, with the time and memory that they take."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from tempfile import TemporaryFile


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that ended: its exit code, what it printed, CPU seconds, the clock's seconds, MiB at most."""

    code: int
    out: str
    seconds: float
    clock: float
    mebibytes: float


def ran(*arguments: str, environment: Mapping[str, str] | None = None) -> Ran:
    """Runs Python with these arguments; passes on what it complains of where it fails."""
    started = time.monotonic()
    with TemporaryFile("w+") as said, TemporaryFile("w+") as complained:
        child = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=said, stderr=complained)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode, clock = os.waitstatus_to_exitcode(status), time.monotonic() - started
        for each in (said, complained):
            each.seek(0)
        out = said.read()
        if child.returncode:
            print(complained.read(), file=sys.stderr)
    return Ran(child.returncode, out, used.ru_utime + used.ru_stime, clock, used.ru_maxrss / 1024)
