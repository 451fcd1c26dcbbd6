"""Reads `followguard.toml` with the environment laid over it, strictly: what isn't understood is refused."""

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from followguard.config.keys import AccountKeys, FileKeys, WebDeskKeys
from followguard.config.problems import wrong_keys
from followguard.domain.desk_keys import key_table
from followguard.domain.installation import (
    DeskSettings,
    Installation,
    NotifySettings,
    RetentionPeriods,
    plain_handle,
)
from followguard.domain.policy import AccountSettings, Policy, Prices, Route, WordList, plain_entry
from followguard.domain.wording import unquoted
from followguard.errors import ConfigurationError
from followguard.store.engine import postgres_url, sqlite_url
from followguard.x.address import DEFAULT_URL, base_url, is_loopback

PREFIX = "FOLLOWGUARD_"


class _Variables(BaseSettings):
    model_config = SettingsConfigDict(case_sensitive=True, env_ignore_empty=True, extra="ignore")


class EnvironmentPlaces(_Variables):
    """Where things are. Each wins over the key of the same name in the file."""

    database_url: str | None = Field(None, alias="FOLLOWGUARD_DATABASE_URL")
    models_dir: str | None = Field(None, alias="FOLLOWGUARD_MODELS_DIR")
    x_api_url: str | None = Field(None, alias="FOLLOWGUARD_X_API_URL")
    credentials_dir: str | None = Field(None, alias="FOLLOWGUARD_CREDENTIALS_DIR")


class Pins(_Variables):
    """Clock and chance held still, for trying things out against a stand-in."""

    now: datetime | None = Field(None, alias="FOLLOWGUARD_NOW")
    seed: int | None = Field(None, alias="FOLLOWGUARD_SEED")

    @property
    def now_utc(self) -> datetime | None:
        """A time without a zone is meant as UTC."""
        if self.now is None:
            return None
        return self.now.replace(tzinfo=UTC) if self.now.tzinfo is None else self.now.astimezone(UTC)


PIN_NAMES = ("FOLLOWGUARD_NOW", "FOLLOWGUARD_SEED")
_WRITE = {
    "FOLLOWGUARD_NOW": "a time in ISO form such as 2026-01-05T00:10:00Z",
    "FOLLOWGUARD_SEED": "a whole number",
}
_T = TypeVar("_T", bound=_Variables)


class _Given(EnvSettingsSource):
    """Reads the mapping that it is given, so that nothing depends on the process it runs in."""

    def __init__(self, settings: type[BaseSettings], env: Mapping[str, str]) -> None:
        self._given = env
        super().__init__(settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name: unquoted(value) for name, value in self._given.items() if unquoted(value)}


def read(settings: type[_T], env: Mapping[str, str]) -> _T:
    """Returns the variables of one class. Raises ConfigurationError that names the variable, not what it holds."""

    class Given(settings):  # type: ignore[misc, valid-type]
        @classmethod
        def settings_customise_sources(cls, *_: Any, **__: Any) -> tuple[PydanticBaseSettingsSource, ...]:
            return (_Given(cls, env),)

    try:
        found: _T = Given()
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise ConfigurationError(f"{name} can't be read.", f"Set it to {_WRITE[name]}, or unset it.") from None
    return found


def pins(env: Mapping[str, str], *, honoured: bool) -> tuple[Pins, tuple[str, ...]]:
    """Returns the pins and what to warn about: away from this machine they count for nothing, whatever they hold."""
    if honoured:
        return read(Pins, env), ()
    ignored = [name for name in PIN_NAMES if env.get(name)]
    words = f"{' and '.join(ignored)} ignored: honoured only while x_api_url is on this machine." if ignored else ""
    return read(Pins, {}), ((words,) if words else ())


def expanded(path: str) -> str:
    """Expands a leading ~ to the home folder."""
    return os.path.expanduser(path)  # noqa: PTH111 - text in, text out: a URL may hold it


HANDLE = re.compile(r"(?!group-)[a-z0-9_][a-z0-9_.-]{0,49}")
"""X's own handles are letters, digits and `_`, at most 15 of them. `group-...` is the name of a model group's lock."""
DATABASES = ("sqlite", "sqlite+pysqlite", "postgresql", "postgresql+psycopg")


def load_installation(config_path: str | Path, env: Mapping[str, str]) -> Installation:
    """Reads file and environment. Raises ConfigurationError that names file, key and next step."""
    path = Path(expanded(str(config_path))).absolute()
    places = read(EnvironmentPlaces, env)
    over = {key: value for key, value in places.model_dump(exclude={"credentials_dir"}).items() if value is not None}
    keys = _validated(_parsed(path) | over, path.name)
    x_api_url, on_loopback = DEFAULT_URL, False
    if keys.x_api_url != DEFAULT_URL:
        x_api_url = base_url(keys.x_api_url)
        on_loopback = is_loopback(x_api_url)
    pinned, warnings = pins(env, honoured=on_loopback)
    folder = path.parent
    return Installation(
        config_path=path,
        database_url=_database_url(keys.database_url, folder),
        models_dir=folder / expanded(keys.models_dir),
        backups=keys.backups,
        x_api_url=x_api_url,
        on_loopback=on_loopback,
        max_usd_per_month=keys.max_usd_per_month,
        prices=Prices(
            read_on=keys.prices.read_on.isoformat(), read=keys.prices.read, owned_read=keys.prices.owned_read
        ),
        retention=RetentionPeriods(**keys.retention.model_dump()),
        notify=NotifySettings(
            targets=tuple(keys.notify.targets), heartbeat=keys.notify.heartbeat, profiles=keys.notify.profiles
        ),
        desk=_desk(keys.desk, path.name),
        accounts=_accounts(keys.accounts, path.name),
        credentials_dir=folder / expanded(places.credentials_dir) if places.credentials_dir else None,
        pinned_now=pinned.now_utc,
        pinned_seed=pinned.seed,
        warnings=warnings,
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigurationError(
            f"There is no configuration at {path}.",
            "Run `followguard init`, or name the file with --config PATH or FOLLOWGUARD_CONFIG.",
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"{path} can't be read: {error.strerror}.", "Correct the path or its rights."
        ) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigurationError(
            f"{path.name}: line {line} isn't UTF-8.", "Save the file as UTF-8; TOML has no other encoding."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path.name} isn't valid TOML: {error}.", "Correct that place.") from None


def _validated(tables: dict[str, Any], file: str) -> FileKeys:
    try:
        return FileKeys.model_validate(tables)
    except ValidationError as error:
        raise wrong_keys(error, file) from None


def _database_url(url: str, folder: Path) -> str:
    """Makes the path absolute. The key is a URL, so `%20` is a blank; the folder is a path and stays as it is."""
    scheme, found, rest = url.partition("://")
    if not found or scheme not in DATABASES:
        raise ConfigurationError(
            "database_url is neither sqlite:///FILE nor postgresql+psycopg://...",
            "Correct database_url, or FOLLOWGUARD_DATABASE_URL where that is set.",
        )
    if scheme.startswith("postgresql"):
        return postgres_url(rest)
    written, _, query = rest.removeprefix("/").partition("?")
    name = unquote(written)
    if not rest.startswith("/") or name in ("", ":memory:"):
        raise ConfigurationError(
            "database_url names no file, so nothing would be kept.", "Write sqlite:/// and a path to the file."
        )
    return sqlite_url(scheme, folder / expanded(name), query)


def _desk(keys: WebDeskKeys, file: str) -> DeskSettings:
    try:
        table = key_table(keys.keys.model_dump())
    except ValueError as error:
        raise ConfigurationError(f"{file}: [desk.keys]: {error}.", "Give each action a key of its own.") from None
    return DeskSettings(url=keys.url.rstrip("/"), session_hours=keys.session_hours, pictures=keys.pictures, keys=table)


def _accounts(tables: dict[str, AccountKeys], file: str) -> dict[str, AccountSettings]:
    accounts: dict[str, AccountSettings] = {}
    prefixes: dict[str, str] = {}
    for written, keys in tables.items():
        handle = plain_handle(written)
        if not HANDLE.fullmatch(handle):
            raise ConfigurationError(
                f"{file}: {written!r} in [accounts.{written}] can't be a handle.", "Write the account's own handle."
            )
        if handle in accounts:
            raise ConfigurationError(
                f"{file}: duplicate handle {handle!r} in [accounts].", "Every account has one table; take one away."
            )
        other = prefixes.setdefault(variable_prefix(handle), handle)
        if other != handle:
            raise ConfigurationError(
                f"{file}: accounts.{other} and accounts.{handle} would share the secrets {variable_prefix(handle)}....",
                "One installation can't hold both; give one of them its own folder and configuration.",
            )
        accounts[handle] = _account(handle, keys, file)
    return accounts


def _account(handle: str, keys: AccountKeys, file: str) -> AccountSettings:
    if keys.model_group == "base":
        raise ConfigurationError(
            f"{file}: accounts.{handle}.model_group can't be 'base': that is the shipped model.", "Take another name."
        )
    return AccountSettings(
        handle=handle,
        training_basis=keys.training_basis,
        owns_developer_app=keys.owns_developer_app,
        executor=keys.executor,
        model_group=keys.model_group,
        policy=_policy(handle, keys, file),
        colour=keys.colour,
        routes=tuple(Route(route.name, tuple(route.bio), tuple(route.notify)) for route in keys.routes),
        words=tuple(WordList(each.name, tuple(each.any_of), each.says) for each in keys.words),
    )


def _policy(handle: str, keys: AccountKeys, file: str) -> Policy:
    values = keys.policy.model_dump()
    for name in ("never_hold_back", "never_follow"):
        values[name] = tuple(plain_entry(entry) for entry in values[name])
    values["own_names"] = tuple(values["own_names"])
    policy = Policy(**values)
    try:
        policy.cutoffs  # noqa: B018 - looked at for what it raises
    except ValueError:
        key = f"accounts.{handle}.policy"
        raise ConfigurationError(
            f"{file}: crossed cutoffs in {key}: unsure_above is {policy.unsure_above:g}, but spam starts at "
            f"1 - max_wrong_hold = {1 - policy.max_wrong_hold:g}.",
            "Lower unsure_above or max_wrong_hold.",
        ) from None
    return policy


def variable_prefix(handle: str) -> str:
    """`FOLLOWGUARD_ACME_DE_` for `acme.de`."""
    return f"FOLLOWGUARD_{re.sub('[^A-Z0-9]', '_', handle.upper())}_"
