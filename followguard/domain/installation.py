"""One installation of followguard: what its configuration and environment come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from followguard.domain.desk_keys import DEFAULT_KEYS
from followguard.domain.policy import AccountSettings, Prices
from followguard.errors import UnknownAccount, UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPeriods:
    """After how many days the text of a profile goes; feature values and decisions stay."""

    held_back_text: int = 30
    decided_text: int = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifySettings:
    """`[notify]`: targets and heartbeat, each an address or the name of an environment variable that holds it."""

    targets: tuple[str, ...] = field(default=(), repr=False)
    heartbeat: str = field(default="", repr=False)
    profiles: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSettings:
    """`[desk]`: how people reach the web desk, and the keys of both desks by action."""

    url: str = ""
    session_hours: int = 12
    pictures: bool = False
    keys: Mapping[str, str] = field(default_factory=lambda: DEFAULT_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """`followguard.toml` with the environment laid over it. Paths are absolute, handles lower case without @.

    `pinned_now` and `pinned_seed` are set only while `x_api_url` is on this machine. `warnings` are for a person.
    """

    config_path: Path
    database_url: str = field(repr=False)
    models_dir: Path
    backups: int
    x_api_url: str
    on_loopback: bool
    max_usd_per_month: float
    prices: Prices
    retention: RetentionPeriods
    notify: NotifySettings = NotifySettings()
    desk: DeskSettings = DeskSettings()
    accounts: dict[str, AccountSettings]
    credentials_dir: Path | None = None
    pinned_now: datetime | None = None
    pinned_seed: int | None = None
    warnings: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the configuration stands; what followguard writes by itself goes beside it."""
        return self.config_path.parent

    def account(self, handle: str | None = None) -> AccountSettings:
        """Finds the account named, with or without @, or the only one there is.

        Raises UnknownAccount, or UsageError when none is named and there are several.
        """
        if handle is None:
            return self._only()
        found = self.accounts.get(plain_handle(handle))
        if found is None:
            raise self._unknown(handle)
        return found

    def chosen(self, handles: list[str] | None = None) -> list[AccountSettings]:
        """Lists the accounts named, each once, in the order of the configuration; all when none is named."""
        wanted = {self.account(handle).handle for handle in handles or self.accounts}
        return [settings for settings in self.accounts.values() if settings.handle in wanted]

    def in_group(self, group: str) -> list[AccountSettings]:
        """Lists the accounts of a model group, which learn together; in the order of the configuration."""
        return [settings for settings in self.accounts.values() if settings.model_group == group]

    def _only(self) -> AccountSettings:
        if len(self.accounts) == 1:
            return next(iter(self.accounts.values()))
        raise UsageError(
            f"{self.config_path.name} has {len(self.accounts)} accounts: {', '.join(self.accounts)}.",
            "Say which with --account HANDLE.",
        )

    def _unknown(self, handle: str) -> UnknownAccount:
        close = get_close_matches(plain_handle(handle), self.accounts, n=1)
        hint = f"Did you mean {close[0]}? " if close else ""
        return UnknownAccount(
            f"{self.config_path.name} has no account {handle!r}.",
            f"{hint}It has {', '.join(self.accounts)}; another one gets a table [accounts.HANDLE] there.",
        )


def plain_handle(handle: str) -> str:
    """Spells a handle as it is compared and stored: without spaces round it, without @, in lower case."""
    return handle.strip().removeprefix("@").lower()
