"""The environment variables that followguard reads (pydantic-settings), beside the secrets of `credentials`."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from followguard.domain.wording import unquoted
from followguard.errors import ConfigurationError

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
    """The variables of one class. Raises ConfigurationError that names the variable, not what it holds."""

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
    """The pins and what to warn about: away from this machine they count for nothing, whatever they hold."""
    if honoured:
        return read(Pins, env), ()
    ignored = [name for name in PIN_NAMES if env.get(name)]
    words = f"{' and '.join(ignored)} ignored: honoured only while x_api_url is on this machine." if ignored else ""
    return read(Pins, {}), ((words,) if words else ())


def expanded(path: str) -> str:
    """A leading ~ as the home folder."""
    return os.path.expanduser(path)  # noqa: PTH111 - text in, text out: a URL may hold it
