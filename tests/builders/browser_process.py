"""`followguard desk serve` as a process on a fixed port, to be killed at the worst moment and started again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.builders.browser_desk import RunningDesk


@dataclass
class DeskProcess:
    """A desk of its own process over the database at `url`."""

    folder: Path
    url: str
    port: int = 0
    child: Any = None

    def start(self) -> str:
        """Starts it, on the port it had before; returns the address once it listens."""
        known = {"FOLLOWGUARD_DATABASE_URL": self.url, "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "followguard", "desk", "serve", "--port", str(self.port)]
        errors = (self.folder / "desk.err").open("w")
        self.child = subprocess.Popen(
            command, cwd=self.folder, env=os.environ | known, text=True, stdout=subprocess.PIPE, stderr=errors
        )
        address = str(self.child.stdout.readline().split()[-1])
        self.port = int(address.rpartition(":")[2])
        return address

    def kill(self) -> None:
        """Kills it as a power cut would."""
        self.child.send_signal(signal.SIGKILL)
        self.child.wait(10)
        self.child.stdout.close()


@contextmanager
def process_desk(house: Any, folder: Path, url: str) -> Iterator[tuple[DeskProcess, RunningDesk]]:
    """A desk in a process of its own; ended at the end."""
    process = DeskProcess(folder, url)
    address = process.start()
    try:
        yield process, RunningDesk(house, address, None)
    finally:
        process.kill()
