"""Our accounts as the store knows them."""

from datetime import datetime
from typing import Protocol

from followguard.domain.account import Account


class Accounts(Protocol):
    """Configured accounts get a row when they are first used."""

    def ensure(self, handle: str, now: datetime) -> Account:
        """The account's row, made when there is none. `handle` is lower case, without @."""
        ...

    def all(self) -> list[Account]:
        """Every account that has a row, by handle."""
        ...

    def set_x_id(self, account_id: int, x_id: str) -> None:
        """Stored once, on the first night."""
        ...

    def set_followers_count(self, account_id: int, count: int | None) -> None:
        """How many followers X says the account has."""
        ...

    def set_paused(self, account_id: int, paused_at: datetime | None) -> None:
        """None resumes."""
        ...

    def set_handoff_since(self, account_id: int, since: datetime | None) -> None:
        """A plan-level 403 switches the account to hand-off; None switches back."""
        ...
