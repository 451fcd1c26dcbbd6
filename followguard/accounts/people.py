"""People and what somebody must hold to do a thing; owners give roles by `setup.appointments`.

`--by` asserts who a person is and doesn't prove it: roles keep honest people apart, and lock nobody out.
"""

from followguard.accounts.store import Accounts, People
from followguard.accounts.ways_in import missing_role, unknown_decider
from followguard.domain.person import Person, may, tidy
from followguard.errors import UnknownPerson
from followguard.store.work import Work


def require_role(work: Work, name: str | None, role: str, account: str | None) -> Person:
    """Returns the person, if they hold `role` or a higher one for the account (None: for every account).

    Raises `UnknownPerson` or `MissingRole`; the next step is the least that would let them.
    """
    if not name:
        raise UnknownPerson("No person was named.", "Say who decides: --by NAME, or set FOLLOWGUARD_PERSON.")
    person = person_named(work, name)
    if person is None or person.withdrawn_at is not None:
        raise unknown_decider(work, name, role, account)
    if not may(People(work).grants(person.id), role, account_id_of(work, account)):
        raise missing_role(work, person, role, account)
    return person


def person_named(work: Work, name: str) -> Person | None:
    """Returns the person of that name, however it is spelt for the machine; also one who was withdrawn."""
    return People(work).by_name(tidy(name))


def holds(work: Work, person_id: int, role: str, account_id: int) -> bool:
    """Tells whether the person holds the role or a higher one for that account, now."""
    return may(People(work).grants(person_id), role, account_id)


def account_id_of(work: Work, handle: str | None) -> int | None:
    """Returns None for every account; -1, which no role has, for one that has no row yet."""
    if handle is None:
        return None
    return next((account.id for account in Accounts(work).all() if account.handle == handle), -1)
