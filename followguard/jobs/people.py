"""People and their roles: who is let in, by whom, and what somebody must hold to do a thing.

Who a person is, is asserted by `--by`, not proved: roles keep honest people apart, they don't keep anybody out.
"""

import difflib
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from followguard.domain.shell_words import quoted as _quoted
from followguard.domain.stores.people import Grant, Person
from followguard.domain.stores.work import Work
from followguard.errors import MissingRole, UnknownPerson, UsageError

ROLES = ("viewer", "reviewer", "approver", "owner")
"""Each may do what those before it may."""
OWNER = "owner"
MAX_NAME = 100


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role for a named person. `account` is a configured handle, or None for every account."""

    name: str
    role: str
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What came of it: the role that was given, which for the very first person is owner of every account."""

    person: Person
    role: str
    account: str | None
    beside: tuple[str, ...] = ()
    """Roles that the person had before, and keeps."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """`voided`: how many follow orders went with the roles."""

    person: Person
    roles: tuple[str, ...]
    voided: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One person and the roles that stand, as (role, handle or None)."""

    person: Person
    roles: tuple[tuple[str, str | None], ...]


def add_person(work: Work, wish: Appointment, by: str | None, now: datetime, pseudonym: str) -> Added:
    """Gives a role to a person, who is made when there is none. `pseudonym` (by chance) stands for a new one.

    The first person of all becomes owner of every account, whatever was asked. After that only an owner adds.
    Raises `UsageError`, `UnknownPerson`, `MissingRole`.
    """
    name = _checked_name(wish.name)
    if wish.role not in ROLES:
        raise UsageError(f"{wish.role!r} isn't a role.", f"Use one of: {', '.join(ROLES)}.")
    first = not work.people.all()
    owner = None if first else require_role(work, by, OWNER, wish.account)
    role, account = (OWNER, None) if first else (wish.role, wish.account)
    person = work.people.by_name(name) or work.people.add(name, pseudonym, now)
    before = tuple(sorted({grant.role for grant in work.people.grants(person.id)} - {role}))
    account_id = None if account is None else work.accounts.ensure(account, now).id
    work.people.grant(person.id, role, account_id, owner.id if owner else None, now)
    actor = owner.pseudonym if owner else person.pseudonym
    work.log.append(now, "person.add", account or "", actor, {"person": person.pseudonym, "role": role})
    return Added(work.people.by_name(name) or person, role, account, before)


def withdraw_person(work: Work, name: str, account: str | None, by: str | None, now: datetime) -> Withdrawn:
    """Ends a person's roles for one account, or all of them; voids what they approved and wasn't followed yet.

    Raises `UnknownPerson`, `MissingRole`, and `UsageError` for the last owner and for roles that aren't there.
    """
    owner = require_role(work, by, OWNER, account)
    person = person_named(work, name)
    if person is None:
        raise UnknownPerson(f"{name} isn't known here.", "See followguard person list.")
    if account is None and [each.id for each in work.people.owners()] == [person.id]:
        raise UsageError(f"{person.name} is the last owner.", _add_command("SOMEBODY", OWNER, None, person.name))
    account_id = _account_id(work, account)
    ended = _ended_by(work.people.grants(person.id), person, account, account_id)
    work.people.withdraw(person.id, account_id, now)
    voided = void_without_right(work, person, now, owner.pseudonym)
    payload = {"person": person.pseudonym, "roles": list(ended), "voided": voided}
    work.log.append(now, "person.withdraw", account or "", owner.pseudonym, payload)
    return Withdrawn(person, ended, voided)


def void_without_right(work: Work, person: Person, now: datetime, actor: str) -> int:
    """Voids what the person approved and wasn't followed yet, wherever they may not approve any more; how many.

    To be called after each change that takes a role away. Links that were handed out are among them.
    """
    why = f"{person.name}, who approved it, isn't an approver any more. Look again: approve, or reject."
    lost = [account.id for account in work.accounts.all() if not may_approve(work, person.id, account.id)]
    return sum(work.orders.void_unsent_of(person.id, account_id, why, now, actor) for account_id in lost)


def may_approve(work: Work, person_id: int, account_id: int) -> bool:
    """Whether the person holds a role that approves for that account."""
    return holds(work, person_id, "approver", account_id)


def holds(work: Work, person_id: int, role: str, account_id: int) -> bool:
    """Whether the person holds the role or a higher one for that account, now."""
    enough = roles_from(role)
    return any(g.role in enough and g.account_id in {None, account_id} for g in work.people.grants(person_id))


def list_people(work: Work) -> list[Listed]:
    """Everybody, in the order they were added."""
    handles = {each.id: each.handle for each in work.accounts.all()}
    return [
        Listed(
            person, tuple((grant.role, handles.get(grant.account_id or 0)) for grant in work.people.grants(person.id))
        )
        for person in work.people.all()
    ]


def require_role(work: Work, name: str | None, role: str, account: str | None) -> Person:
    """The person, who holds `role` or a higher one for the account (None: for every account).

    Raises `UnknownPerson` or `MissingRole`; the next step is the command that would add them.
    """
    if not name:
        raise UnknownPerson("No person was named.", "Say who decides: --by NAME, or set FOLLOWGUARD_PERSON.")
    person = person_named(work, name)
    if person is None or person.withdrawn_at is not None:
        state = "isn't known here" if person is None else "was withdrawn"
        meant = None if person else _meant(work, name)
        next_step = f"Did you mean {meant}? Say: --by {_quoted(meant)}" if meant else _way_in(work, name, role, account)
        raise UnknownPerson(f"{name} {state}.", next_step)
    if roles_from(role).isdisjoint(grant.role for grant in _covering(work, person, account)):
        where = f"for @{account}" if account else "for every account"
        message = f"{name} isn't {_with_article(role)} {where}."
        if work.people.unproved(person.id):
            message += " A role that stands in the database isn't in the log, so it doesn't count: followguard prove."
        raise MissingRole(message, _way_in(work, name, role, account))
    return person


def _meant(work: Work, name: str) -> str | None:
    """Whoever's name is nearly that one, or the same in other letter case."""
    names = {_tidy(each.name).casefold(): each.name for each in work.people.all() if each.withdrawn_at is None}
    close = difflib.get_close_matches(_tidy(name).casefold(), names, n=1, cutoff=0.75)
    return names[close[0]] if close else None


def person_named(work: Work, name: str) -> Person | None:
    """Whoever has that name, however it is spelt for the machine; also somebody withdrawn."""
    return work.people.by_name(_tidy(name))


def roles_from(role: str) -> frozenset[str]:
    """The role and those above it."""
    return frozenset(ROLES[ROLES.index(role) :])


def _covering(work: Work, person: Person, account: str | None) -> list[Grant]:
    """Roles that count for the account: its own, and those for every account."""
    account_id = next((each.id for each in work.accounts.all() if each.handle == account), None)
    return [grant for grant in work.people.grants(person.id) if grant.account_id in (None, account_id)]


def _ended_by(standing: list[Grant], person: Person, account: str | None, account_id: int | None) -> tuple[str, ...]:
    """The roles that a withdrawal ends. Raises `UsageError` when there are none."""
    ended = tuple(grant.role for grant in standing if account is None or grant.account_id == account_id)
    if ended:
        return ended
    if not standing:
        raise UsageError(f"{person.name} holds no role.", "See followguard person list.")
    message = f"{person.name} holds no role for @{account} alone, only for other accounts or for all."
    raise UsageError(message, "Leave out --account to withdraw every role.")


def _account_id(work: Work, handle: str | None) -> int | None:
    """None for every account; -1, which no role has, for one that has no row yet."""
    if handle is None:
        return None
    return next((account.id for account in work.accounts.all() if account.handle == handle), -1)


def _checked_name(name: str) -> str:
    """Tidied. Raises `UsageError` for names that can't be shown on one line."""
    tidy = _tidy(name)
    hidden = any(unicodedata.category(letter).startswith("C") for letter in tidy)
    if not tidy or hidden or len(tidy) > MAX_NAME:
        raise UsageError(f"{name!a} can't be a name.", f"Use 1 to {MAX_NAME} letters that can be seen.")
    return tidy


def _tidy(name: str) -> str:
    """One spelling for what looks the same."""
    return unicodedata.normalize("NFC", name).strip()


def _way_in(work: Work, name: str, role: str, account: str | None) -> str:
    """What would give the role: the command, by an owner if there is one."""
    owners = work.people.owners()
    return _add_command(name, role, account, owners[0].name if owners else None)


def _add_command(name: str, role: str, account: str | None, owner: str | None) -> str:
    where = f" --account {account}" if account else ""
    by = f" --by {_quoted(owner)}" if owner else ""
    who = "An owner can run" if owner else "Run"
    return f"{who}: followguard person add {_quoted(name)} --role {role}{where}{by}"


def _with_article(role: str) -> str:
    return f"an {role}" if role[0] in "aeo" else f"a {role}"
