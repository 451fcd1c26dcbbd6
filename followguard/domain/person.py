"""The people who decide, and what each may do for which account."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A named person. `pseudonym` stands for them in the log."""

    id: int
    name: str
    pseudonym: str
    added_at: datetime
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role of a person: for one account, or for all when `account_id` is None."""

    person_id: int
    role: str
    account_id: int | None
    granted_at: datetime
    withdrawn_at: datetime | None = None


ROLES = ("viewer", "reviewer", "approver", "owner")
"""Each may do what those before it may."""


REVIEWER = "reviewer"


APPROVER = "approver"


OWNER = "owner"


def roles_from(role: str) -> frozenset[str]:
    """Tells the role and those above it."""
    return frozenset(ROLES[ROLES.index(role) :])


def role_for(grants: Iterable[Grant], account_id: int | None) -> str | None:
    """Tells the role that counts for an account, or None: the account's own, or else the one for every account.

    So a role can be higher or lower for one account than for the others. Asked for every account (None), it is the
    lowest of the one for every account and all the accounts' own: nobody is an owner of all who isn't of each.
    """
    standing = list(grants)
    everywhere = [grant.role for grant in standing if grant.account_id is None]
    own = [grant.role for grant in standing if grant.account_id is not None]
    if account_id is None:
        return min([*everywhere, *own], key=ROLES.index) if everywhere else None
    here = [grant.role for grant in standing if grant.account_id == account_id]
    return max(here or everywhere, key=ROLES.index, default=None)


def may(grants: Iterable[Grant], role: str, account_id: int | None) -> bool:
    """Tells whether these grants come to that role or a higher one for the account (None: for every account)."""
    return role_for(grants, account_id) in roles_from(role)


def tidy(name: str) -> str:
    """Gives one spelling to what looks the same."""
    return unicodedata.normalize("NFC", name).strip()
