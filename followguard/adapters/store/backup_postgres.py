"""Copies of a PostgreSQL database by its own client programs, where they are installed."""

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Engine

from followguard.adapters.store.backup import whole_or_nothing
from followguard.errors import StoreFailed

_VERSION_TABLE = "alembic_version"
_BY_HAND = "Install PostgreSQL's client programs, or let the server's administrator run: {command}"


class PostgresCopies:
    """How `SqlUpkeep` copies, reads and replaces a PostgreSQL database. The password never stands on a command line."""

    suffix = ".dump"

    def __init__(self, engine: Engine) -> None:
        self._url = engine.url
        self._address = engine.url.set(drivername="postgresql", password=None).render_as_string()
        self.stem = "followguard"

    def write(self, target: Path) -> None:
        """A dump in PostgreSQL's custom format, listed once to see that it can be read."""
        with whole_or_nothing(target) as partial:
            self._run("pg_dump", "--format=custom", "--no-owner", f"--file={partial}", f"--dbname={self._address}")
            self._run("pg_restore", "--list", str(partial))

    def schema_in(self, backup: Path) -> str | None:
        """The schema that the dump holds."""
        said = self._run("pg_restore", "--data-only", f"--table={_VERSION_TABLE}", "--file=-", str(backup))
        lines = iter(said.splitlines())
        copied = any(line.startswith("COPY ") for line in lines)
        return next(lines, None) if copied else None

    def put_aside(self, aside: Path) -> Path | None:
        """A dump of what is there now."""
        self.write(aside)
        return aside

    def put_back(self, backup: Path) -> None:
        """Drops and makes again everything that the dump holds, in one transaction."""
        whole = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        self._run("pg_restore", *whole, f"--dbname={self._address}", str(backup))

    def _run(self, program: str, *arguments: str) -> str:
        """Raises `StoreFailed` with what the program said."""
        command = " ".join((program, *arguments))
        found = shutil.which(program)
        if found is None:
            raise StoreFailed(f"{program} isn't installed here.", _BY_HAND.format(command=command))
        password = {"PGPASSWORD": self._url.password} if self._url.password else {}
        done = subprocess.run(  # noqa: S603  a fixed program; the address comes from our own configuration
            [found, *arguments], env=os.environ | password, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = next(iter(done.stderr.strip().splitlines()), f"exit code {done.returncode}")
            raise StoreFailed(f"{program} failed ({said}).", _BY_HAND.format(command=command))
        return done.stdout
