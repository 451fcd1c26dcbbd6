"""The composition root: the one place that knows both sides of a port. Everything is imported where it is used."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from followguard.adapters.config.template import NewConfiguration
    from followguard.adapters.store.work import SqlStore
    from followguard.adapters.x_reader import XReader
    from followguard.adapters.x_writer import XWriter
    from followguard.domain.installation import Installation
    from followguard.domain.profile_row import ProfileRow, RowError

Clock = Callable[[], datetime]


def load_installation(config_path: str | Path, env: Mapping[str, str] | None = None) -> "Installation":
    """What `followguard.toml` and the environment come to. Raises ConfigurationError."""
    from followguard.adapters.config.file import load_installation as load

    return load(config_path, os.environ if env is None else env)


def clock(installation: "Installation") -> Clock:
    """The time in UTC, or always the one of FOLLOWGUARD_NOW while that is honoured."""
    pinned = installation.pinned_now
    return (lambda: datetime.now(UTC)) if pinned is None else (lambda: pinned)


def seed(installation: "Installation") -> int:
    """What chance starts from: FOLLOWGUARD_SEED while that is honoured, else 0, the same in every run.

    A run that is repeated after a crash must draw the same followers for the audit.
    """
    return installation.pinned_seed or 0


def open_store(installation: "Installation") -> "SqlStore":
    """The database, with locks and backups beside it; on PostgreSQL backups go beside the configuration."""
    from followguard.adapters.store.engine import open_store as open_database

    on_server = installation.database_url.startswith("postgresql")
    folder = installation.folder / "backups" if on_server else None
    return open_database(installation.database_url, backup_dir=folder)


def open_reader(installation: "Installation", handle: str, now: Clock, account_id: str | None = None) -> "XReader":
    """Three of the four calls, for one account. Raises MissingCredentials."""
    from followguard.adapters import x_gateway
    from followguard.adapters.config.credentials import read_credentials

    credentials = read_credentials(handle, os.environ, installation.credentials_dir)
    return x_gateway.open_reader(credentials, installation.x_api_url, now, account_id=account_id, handle=handle)


def open_writer(installation: "Installation", handle: str, account_id: str, now: Clock) -> "XWriter":
    """The fourth call, for follow-back only. Raises MissingCredentials."""
    from followguard.adapters import x_gateway
    from followguard.adapters.config.credentials import read_credentials

    credentials = read_credentials(handle, os.environ, installation.credentials_dir)
    return x_gateway.open_writer(credentials, installation.x_api_url, account_id, now, handle=handle)


def missing_secrets(installation: "Installation", handle: str) -> list[str]:
    """The names of the account's secrets that aren't there."""
    from followguard.adapters.config import credentials

    return credentials.missing_secrets(handle, os.environ, installation.credentials_dir)


def read_profile_file(path: Path, now: datetime) -> Iterator["ProfileRow | RowError"]:
    """The rows of a profile file (CSV, JSONL, Parquet). Raises UnreadableFile."""
    from followguard.adapters.profile_files import read_profiles

    return read_profiles(path, now)


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> int:
    """Writes scored rows by the file's ending; returns how many. Raises UsageError."""
    from followguard.adapters.profile_files import write_rows as write

    return write(path, rows)


def new_configuration(path: Path, handle: str, executor: str, training_basis: str) -> "NewConfiguration":
    """A `followguard.toml` with every key, its default and what it means, not written yet. Raises UsageError."""
    from followguard.adapters.config.template import NewConfiguration, commented

    return NewConfiguration(path, commented(handle, executor, training_basis))


def load_scorer(installation: "Installation", handle: str | None = None) -> "Scorer":  # noqa: ARG001
    """The champion of the account's model group, or the base model. Raises DamagedModel.

    Keeps numerical libraries to one thread each: on small data a second one only waits for the first.
    """
    from threadpoolctl import threadpool_limits

    from followguard.adapters.registry import Registry

    threadpool_limits(limits=1)
    return Registry.shipped().load()


def night_means(installation: "Installation", store: "SqlStore", say: Callable[[str], None]) -> "Means":
    """What a night works with."""
    import time
    from random import Random

    from followguard.domain.pace import AT_ONCE, Spacing
    from followguard.jobs.execute import Rhythm
    from followguard.jobs.nightly import Means

    now = clock(installation)
    return Means(
        installation=installation,
        store=store,
        clock=now,
        seed=seed(installation),
        rhythm=Rhythm(
            spacing=AT_ONCE if installation.on_loopback else Spacing(), sleep=time.sleep, rng=Random(seed(installation))
        ),
        open_reader=lambda handle: open_reader(installation, handle, now),
        open_writer=lambda handle, x_id: open_writer(installation, handle, x_id, now),
        load_scorer=lambda handle: load_scorer(installation, handle),
        say=say,
    )
