"""The people who decide, and what each may do for which account."""

from datetime import datetime
from typing import Protocol

from followguard.domain.person import Grant, Person


class People(Protocol):
    """People are added and withdrawn, never removed: decisions point at them."""

    def by_name(self, name: str) -> Person | None:
        """Case-sensitive; None when nobody has that name."""
        ...

    def all(self) -> list[Person]:
        """In the order they were added."""
        ...

    def add(self, name: str, pseudonym: str, now: datetime) -> Person:
        """A new person without a role."""
        ...

    def grant(self, person_id: int, role: str, account_id: int | None, by: int | None, now: datetime) -> None:
        """Gives a role; the same grant twice is one grant."""
        ...

    def grants(self, person_id: int) -> list[Grant]:
        """Roles that stand (not withdrawn) and that the log vouches for."""
        ...

    def unproved(self, person_id: int) -> int:
        """How many roles stand that the log doesn't vouch for: they count for nothing."""
        ...

    def owners(self) -> list[Person]:
        """Owners of every account. Until the transaction ends nobody else can withdraw one of them."""
        ...

    def end(self, person_id: int, account_id: int | None, now: datetime) -> None:
        """Ends the role for one account, or the one for every account; other roles and the person stay."""
        ...

    def withdraw(self, person_id: int, account_id: int | None, now: datetime) -> None:
        """Ends the roles for one account, or all of them and the person when `account_id` is None."""
        ...
