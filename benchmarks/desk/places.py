"""Installations whose cards wait, copies of them, and the real server over one."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parents[2]
PLANT = Path(__file__).with_name("plant.py")
CONFIG = """
[accounts.acme]
training_basis = "none"
[accounts.acme.policy]
max_cards_per_day = 100000
"""
EIGHT = tuple(f"Person {number}" for number in range(1, 9))
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with configuration and database. `checkout`: whose program works it; `database`: a server's URL."""

    folder: Path
    checkout: Path = HERE
    database: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def own(self) -> dict[str, str]:
        """The environment of its programs: nothing of a real installation."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("FOLLOWGUARD_")}
        own |= {"PYTHONPATH": str(self.checkout), "TERM": "xterm-256color", "OMP_NUM_THREADS": "1"}
        return own | ({"FOLLOWGUARD_DATABASE_URL": self.database} if self.database else {})

    def command(self, *words: str) -> list[str]:
        """The program with these words."""
        return [sys.executable, "-P", "-m", "followguard", *words]

    def run(self, *words: str) -> str:
        """Runs the program; returns what it prints. Raises CalledProcessError."""
        done = subprocess.run(
            self.command(*words), cwd=self.folder, env=self.own, check=True, capture_output=True, text=True
        )
        return done.stdout

    def plant(self, many: int) -> "Place":
        """Fills it: so many cards, and nine people who approve."""
        self.folder.mkdir()
        config = self.folder / "followguard.toml"
        config.write_text(CONFIG, encoding="utf-8")
        script = [sys.executable, "-P", str(PLANT), str(config), str(many)]
        subprocess.run(script, cwd=self.folder, env=self.own, check=True, stdout=subprocess.DEVNULL)
        return self

    def decisions(self) -> int:
        """Counts the decisions that the database holds."""
        from followguard.cli.opened import load_installation, open_store
        from followguard.store.tables import decisions

        with open_store(load_installation(self.folder / "followguard.toml", self.own)) as store, store.look() as work:
            return len(work.connection.execute(decisions.select()).all())

    def copied(self, name: str) -> "Place":
        """A copy of it as it is now, beside it; only where a file is the database."""
        folder = self.folder.with_name(name)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return Place(folder, self.checkout)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs."""

    place: Place
    address: str
    pid: int

    def link(self, name: str) -> str:
        """A personal link."""
        found = re.search(r"/sign-in/\S+", self.place.run("desk", "invite", name))
        if found is None:
            raise RuntimeError("no link was printed")
        return self.address + found[0]


@contextmanager
def served(place: Place) -> Iterator[Served]:
    """Starts `followguard desk serve` on a free port, and ends it."""
    command = place.command("desk", "serve", "--port", "0")
    with subprocess.Popen(command, cwd=place.folder, env=place.own, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            address = server.stdout.readline().split()[-1]
            yield Served(place, address, server.pid)
        finally:
            server.terminate()


def cpu_of(pid: int) -> float:
    """Returns the CPU seconds that a process has taken so far."""
    values = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / TICKS


def mebibytes_of(pid: int) -> float:
    """Returns the most memory that a process has held so far."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024
