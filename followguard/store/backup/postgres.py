"""Copies of a PostgreSQL database by its own client programs, where they are installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL, Engine

from followguard.errors import StoreFailed
from followguard.store.backup.names import PARTIAL, whole_or_nothing

_HALF = re.compile(rf"\.\d+{re.escape(PARTIAL)}")
_VERSION_TABLE = "alembic_version"
_PATIENCE = {"PGCONNECT_TIMEOUT": "10"}
"""Seconds in which a server must let a program in; one that takes the connection and is silent would hold the night."""
_BY_HAND = "Install the client programs of the server's version, or let the server's administrator run: {command}"
_ASIDE_BY_HAND = (
    'If it is damaged, keep it under another name: ALTER DATABASE "{name}" RENAME TO "{name}_damaged", then CREATE '
    'DATABASE "{name}", and run the same command again. Else see that pg_dump works and there is room.'
)


class PostgresCopies:
    """Copies of a PostgreSQL database for `Upkeep`. The password never stands on a command line."""

    suffix = ".dump"

    def __init__(self, engine: Engine) -> None:
        url = engine.url
        password = url.password or url.query.get("password")
        query = url.difference_update_query(["password"]).query
        bare = URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
        self._name = url.database or ""
        self._address = bare.render_as_string()
        self._shown = bare.difference_update_query(["sslpassword"]).render_as_string()
        self._password = {"PGPASSWORD": str(password)} if password else {}
        self.stem = "followguard"

    def write(self, target: Path) -> None:
        """Writes a dump in PostgreSQL's custom format, listed once to see that it can be read."""
        with whole_or_nothing(target) as partial:
            self._run("pg_dump", "--format=custom", "--no-owner", f"--file={partial}", f"--dbname={self._address}")
            self._run("pg_restore", "--list", str(partial))

    def schema_in(self, backup: Path) -> str | None:
        """Returns the schema that the dump holds."""
        said = self._run("pg_restore", "--data-only", f"--table={_VERSION_TABLE}", "--file=-", str(backup))
        lines = iter(said.splitlines())
        copied = any(line.startswith("COPY ") for line in lines)
        return next(lines, None) if copied else None

    def put_aside(self, aside: Path) -> Path | None:
        """Dumps what is there now. Raises `StoreFailed` for a database that is too damaged to be dumped."""
        try:
            self.write(aside)
        except StoreFailed as error:
            message = f"What stands there now can't be put aside, so nothing was touched: {error.message}"
            raise StoreFailed(message, _ASIDE_BY_HAND.format(name=self._name)) from error
        return aside

    def put_back(self, backup: Path, spare: Path) -> None:  # noqa: ARG002  nothing is moved on a server
        """Drops and makes again everything that the dump holds, in one transaction."""
        whole = ("--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error")
        self._run("pg_restore", *whole, f"--dbname={self._address}", str(backup))

    def _run(self, program: str, *arguments: str) -> str:
        """Raises `StoreFailed` with what the program said."""
        command = _HALF.sub("", " ".join((program, *arguments))).replace(self._address, self._shown)
        next_step = _BY_HAND.format(command=command)
        found = shutil.which(program)
        if found is None:
            raise StoreFailed(f"{program} isn't installed here.", next_step)
        done = subprocess.run(  # noqa: S603  a fixed program; the address comes from our own configuration
            [found, *arguments],
            env=_PATIENCE | os.environ | self._password,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            said = "; ".join(done.stderr.strip().splitlines()[:2]) or f"exit code {done.returncode}"
            raise StoreFailed(f"{program} failed ({said}).", next_step)
        return done.stdout
