"""What a person may see: of an account for which they hold no role, nothing, not even that it is there."""

from dataclasses import dataclass, replace

from followguard.accounts.store import Accounts, People
from followguard.domain.installation import Installation, plain_handle
from followguard.domain.person import OWNER, Grant, Person, may, role_for
from followguard.domain.policy import AccountSettings
from followguard.errors import UnknownAccount
from followguard.store.work import Work
from followguard.web.strings import t
from followguard.web.visit import Visit

NO_ROW = -1
"""Stands for the row of an account that was never used; no grant is for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAccount:
    """An account that the person may look at, with the role that counts there. `id` None: it was never used."""

    settings: AccountSettings
    id: int | None
    role: str

    @property
    def handle(self) -> str:
        """The account's handle."""
        return self.settings.handle


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One person's accounts. `everywhere`: their role for every account, None where they hold none.

    `whole`: they see every account of the configuration.
    """

    person: Person
    seen: tuple[SeenAccount, ...]
    grants: tuple[Grant, ...]
    everywhere: str | None
    whole: bool

    @property
    def ids(self) -> tuple[int, ...]:
        """Gives the rows of accounts that were used."""
        return tuple(each.id for each in self.seen if each.id is not None)

    @property
    def handles(self) -> tuple[str, ...]:
        """Gives the handles, in the order of the configuration."""
        return tuple(each.handle for each in self.seen)

    @property
    def is_owner(self) -> bool:
        """Tells whether the person owns every account."""
        return self.everywhere == OWNER

    def may(self, role: str, account_id: int) -> bool:
        """Tells whether the person holds the role or a higher one for an account."""
        return may(self.grants, role, account_id)

    def chosen(self, handle: str) -> tuple[SeenAccount, ...]:
        """Returns the account of that handle, or all for an empty one. Raises `UnknownAccount` for one not seen."""
        if not handle:
            return self.seen
        wanted = plain_handle(handle)
        found = tuple(each for each in self.seen if each.handle == wanted)
        if not found:
            raise UnknownAccount(t("scope.no_account"), t("scope.see"))
        return found

    def within(self, installation: Installation, handle: str = "") -> Installation:
        """Returns the installation as if it had only what the person sees. Raises `UnknownAccount`."""
        return replace(installation, accounts={each.handle: each.settings for each in self.chosen(handle)})


def seen_by(visit: Visit, handle: str = "") -> tuple[SeenAccount, ...]:
    """Returns the accounts of the handle, else of the address, that the person may look at. Raises `UnknownAccount`."""
    with visit.desk.store.look() as work:
        return scope_of(work, visit).chosen(handle or visit.account)


def scope_of(work: Work, visit: Visit) -> Scope:
    """Reads what the person of this visit may see, now."""
    person, configured = visit.visitor.person, visit.desk.installation.accounts
    rows = {row.handle: row.id for row in Accounts(work).all()}
    grants = tuple(People(work).grants(person.id))
    held = [(settings, rows.get(settings.handle)) for settings in configured.values()]
    roles = [(settings, row, role_for(grants, row or NO_ROW)) for settings, row in held]
    seen = tuple(SeenAccount(settings=settings, id=row, role=role) for settings, row, role in roles if role)
    return Scope(
        person=person,
        seen=seen,
        grants=grants,
        everywhere=role_for(grants, None),
        whole=len(seen) == len(configured),
    )
