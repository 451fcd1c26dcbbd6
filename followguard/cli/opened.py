"""The beginning of nearly every command: the configuration read, the database at hand, the time."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from followguard.cli import output

if TYPE_CHECKING:
    from followguard.domain.installation import Installation
    from followguard.store.store import Store
    from followguard.x.reader import XReader
    from followguard.x.retry import Patience
    from followguard.x.writer import XWriter


class Opened(NamedTuple):
    """One installation, ready to work with."""

    installation: "Installation"
    store: "Store"
    clock: "Clock"

    @property
    def now(self) -> datetime:
        """Aware UTC."""
        return self.clock()


def read(config: str) -> "Installation":
    """Reads the configuration; its warnings go to stderr."""
    installation = load_installation(config)
    for warning in installation.warnings:
        output.warn(warning)
    return installation


@contextmanager
def opened(config: str) -> Iterator[Opened]:
    """Opens the installation with its database, and closes it at the end."""
    installation = read(config)
    with open_store(installation) as store:
        yield Opened(installation, store, clock_of(installation))


Clock = Callable[[], datetime]


def load_installation(config_path: str | Path, env: Mapping[str, str] | None = None) -> "Installation":
    """Reads `followguard.toml` and the environment. Raises ConfigurationError."""
    from followguard.config.file import load_installation as load

    return load(config_path, os.environ if env is None else env)


def clock_of(installation: "Installation") -> Clock:
    """Returns a clock in UTC, or one that stands at FOLLOWGUARD_NOW while that is honoured."""
    pinned = installation.pinned_now
    return (lambda: datetime.now(UTC)) if pinned is None else (lambda: pinned)


def seed_of(installation: "Installation", store: "Store") -> int:
    """Returns the seed of chance: the installation's own, or FOLLOWGUARD_SEED while that is honoured.

    A run that is repeated after a crash must draw the same followers for the audit.
    """
    pinned = installation.pinned_seed
    return store.seed() if pinned is None else pinned


def open_store(installation: "Installation") -> "Store":
    """Opens the database, with locks and backups beside it; on PostgreSQL backups go beside the configuration."""
    from followguard.store.store import open_store as open_database

    on_server = installation.database_url.startswith("postgresql")
    folder = installation.folder / "backups" if on_server else None
    return open_database(installation.database_url, backup_dir=folder)


def new_patience() -> "Patience":
    """Returns how long one account's run bears with X; readers and writers opened with the same one share it."""
    from followguard.x.retry import Patience

    return Patience()


def open_reader(
    installation: "Installation",
    handle: str,
    now: Clock,
    account_id: str | None = None,
    patience: "Patience | None" = None,
) -> "XReader":
    """Opens three of the four calls, for one account. Raises MissingCredentials."""
    from followguard.config.credentials import read_credentials
    from followguard.x import gateway

    credentials = read_credentials(handle, os.environ, installation.credentials_dir)
    url = installation.x_api_url
    return gateway.open_reader(credentials, url, now, account_id=account_id, handle=handle, patience=patience)


def open_writer(
    installation: "Installation", handle: str, account_id: str, now: Clock, patience: "Patience | None" = None
) -> "XWriter":
    """Opens the fourth call, for follow-back only. Raises MissingCredentials."""
    from followguard.config.credentials import read_credentials
    from followguard.x import gateway

    credentials = read_credentials(handle, os.environ, installation.credentials_dir)
    url = installation.x_api_url
    return gateway.open_writer(credentials, url, account_id, now, handle=handle, patience=patience)


def missing_secrets(installation: "Installation", handle: str) -> list[str]:
    """Returns the names of the account's secrets that are missing."""
    from followguard.config import credentials

    return credentials.missing_secrets(handle, os.environ, installation.credentials_dir)
