"""The installation and what it opens: database, X, clock and chance."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from followguard.adapters.config.template import NewConfiguration
    from followguard.adapters.store.work import Store
    from followguard.adapters.x_reader import XReader
    from followguard.adapters.x_retry import Patience
    from followguard.adapters.x_writer import XWriter
    from followguard.domain.installation import Installation


Clock = Callable[[], datetime]


def load_installation(config_path: str | Path, env: Mapping[str, str] | None = None) -> "Installation":
    """What `followguard.toml` and the environment come to. Raises ConfigurationError."""
    from followguard.adapters.config.file import load_installation as load

    return load(config_path, os.environ if env is None else env)


def clock(installation: "Installation") -> Clock:
    """The time in UTC, or always the one of FOLLOWGUARD_NOW while that is honoured."""
    pinned = installation.pinned_now
    return (lambda: datetime.now(UTC)) if pinned is None else (lambda: pinned)


def seed(installation: "Installation", store: "Store") -> int:
    """What chance starts from: the installation's own seed, or FOLLOWGUARD_SEED while that is honoured.

    A run that is repeated after a crash must draw the same followers for the audit.
    """
    pinned = installation.pinned_seed
    return store.seed() if pinned is None else pinned


def open_store(installation: "Installation") -> "Store":
    """The database, with locks and backups beside it; on PostgreSQL backups go beside the configuration."""
    from followguard.adapters.store.engine import open_store as open_database

    on_server = installation.database_url.startswith("postgresql")
    folder = installation.folder / "backups" if on_server else None
    return open_database(installation.database_url, backup_dir=folder)


def patience() -> "Patience":
    """Says how long one account's run bears with X: what is opened with the same one shares the time."""
    from followguard.adapters.x_retry import Patience

    return Patience()


def open_reader(
    installation: "Installation",
    handle: str,
    now: Clock,
    account_id: str | None = None,
    patience: "Patience | None" = None,
) -> "XReader":
    """Three of the four calls, for one account. Raises MissingCredentials."""
    from followguard.adapters import x_gateway
    from followguard.adapters.config.credentials import read_credentials

    credentials = read_credentials(handle, os.environ, installation.credentials_dir)
    url = installation.x_api_url
    return x_gateway.open_reader(credentials, url, now, account_id=account_id, handle=handle, patience=patience)


def open_writer(
    installation: "Installation", handle: str, account_id: str, now: Clock, patience: "Patience | None" = None
) -> "XWriter":
    """The fourth call, for follow-back only. Raises MissingCredentials."""
    from followguard.adapters import x_gateway
    from followguard.adapters.config.credentials import read_credentials

    credentials = read_credentials(handle, os.environ, installation.credentials_dir)
    url = installation.x_api_url
    return x_gateway.open_writer(credentials, url, account_id, now, handle=handle, patience=patience)


def missing_secrets(installation: "Installation", handle: str) -> list[str]:
    """The names of the account's secrets that aren't there."""
    from followguard.adapters.config import credentials

    return credentials.missing_secrets(handle, os.environ, installation.credentials_dir)


def new_configuration(path: Path, handle: str, executor: str, training_basis: str) -> "NewConfiguration":
    """A `followguard.toml` with every key, its default and what it means, not written yet. Raises UsageError."""
    from followguard.adapters.config.template import NewConfiguration, commented

    return NewConfiguration(path, commented(handle, executor, training_basis))
