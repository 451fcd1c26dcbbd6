"""People and their roles: given, changed and withdrawn by owners."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from followguard.access.sessions import sign_out_everywhere
from followguard.accounts.people import account_id_of, holds, person_named, require_role
from followguard.accounts.store import Accounts, People
from followguard.accounts.ways_in import close_names, unknown_person
from followguard.domain.person import APPROVER, OWNER, ROLES, Grant, Person, role_for, roles_from, tidy
from followguard.domain.wording import quoted
from followguard.errors import UsageError
from followguard.following.store import Orders
from followguard.store.log import Log
from followguard.store.work import Work

MAX_NAME = 100


Held = tuple[str, str | None]
"""A role and the handle it is for, None for every account."""


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
    before: tuple[Held, ...] = ()
    """Roles that it took the place of."""
    beside: tuple[Held, ...] = ()
    """Roles for other accounts, which stay."""
    voided: int = 0
    """Follow orders that went with the right to approve."""
    near: tuple[str, ...] = ()
    """Other people with nearly that name, where the person is new: it may be a slip."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """`ended`: the roles that were there. `voided`: how many follow orders went with them."""

    person: Person
    ended: tuple[Held, ...]
    voided: int

    @property
    def roles(self) -> tuple[str, ...]:
        """Gives the names alone."""
        return tuple(role for role, _ in self.ended)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person and the roles that stand, as (role, handle or None)."""

    person: Person
    roles: tuple[Held, ...]


@dataclass(slots=True)
class Change:
    """A change of one person's roles by an owner, and how many orders it voided."""

    work: Work
    person: Person
    actor: Person
    now: datetime
    voided: int = 0


def add_person(work: Work, wish: Appointment, by: str | None, now: datetime, pseudonym: str) -> Added:
    """Gives a role to a person, who is made when there is none. `pseudonym` (by chance) stands for a new one.

    The first person of all becomes owner of every account, whatever was asked. After that only an owner adds. A role
    that the person had for the same account, or for every one, makes room. Raises `UsageError`, `UnknownPerson`,
    `MissingRole`.
    """
    name = _checked_name(wish.name)
    _check_role(wish.role)
    first = not People(work).all()
    owner = None if first else _owner(work, by, wish.account)
    wish = Appointment(name, OWNER) if first else Appointment(name, wish.role, wish.account)
    known = People(work).by_name(name)
    near = () if known else tuple(close_names(work, name))
    person = known or People(work).add(name, pseudonym, now)
    return replace(_appoint(Change(work, person, owner or person, now), wish, "person.add"), near=near)


def set_role(work: Work, wish: Appointment, by: str | None, now: datetime) -> Added:
    """Sets the role of somebody who is there, up or down: for one account, or the one role for every account.

    Going below approver voids what the person approved and wasn't followed yet. Raises `UsageError` (also where no
    owner of every account would be left), `UnknownPerson`, `MissingRole`.
    """
    _check_role(wish.role)
    owner = _owner(work, by, wish.account)
    person = _standing_person(work, wish.name)
    return _appoint(Change(work, person, owner, now), wish, "person.role")


def withdraw_person(work: Work, name: str, account: str | None, by: str | None, now: datetime) -> Withdrawn:
    """Ends a person's role for one account, or all of them; voids what they approved and wasn't followed yet.

    With the last role their sessions at the desk end, and unused links are taken back.

    Raises `UnknownPerson`, `MissingRole`, and `UsageError` for the last owner and for roles that aren't there.
    """
    owner = _owner(work, by, account)
    person = person_named(work, name)
    if person is None:
        raise unknown_person(work, name)
    account_id = account_id_of(work, account)
    ended = _ended_by(work, person, account, account_id)
    change = Change(work, person, owner, now)
    with _watched(change):
        People(work).withdraw(person.id, account_id, now)
    payload = {"person": person.pseudonym, "roles": [role for role, _ in ended], "voided": change.voided}
    Log(work).append(now, "person.withdraw", account or "", owner.pseudonym, payload)
    if not People(work).grants(person.id):
        sign_out_everywhere(work, person, now, owner)
    return Withdrawn(person, ended, change.voided)


def list_people(work: Work) -> list[PersonRow]:
    """Returns everybody, in the order they were added."""
    return [PersonRow(person, _held(work, People(work).grants(person.id))) for person in People(work).all()]


def void_without_right(change: Change) -> int:
    """Voids what the person approved and wasn't followed yet, wherever they may not approve any more; returns how many.

    Links that were handed out are among them.
    """
    work, person = change.work, change.person
    why = f"{person.name}, who approved it, isn't an approver any more. Look again: approve, or reject."
    lost = [account.id for account in Accounts(work).all() if not holds(work, person.id, APPROVER, account.id)]
    return sum(Orders(work).void_unsent_of(person.id, each, why, change.now, change.actor.pseudonym) for each in lost)


def _appoint(change: Change, wish: Appointment, kind: str) -> Added:
    """Puts one role in place of those that were there: nothing happens where it is the one already."""
    work, person, now = change.work, change.person, change.now
    account_id = None if wish.account is None else Accounts(work).ensure(wish.account, now).id
    standing = People(work).grants(person.id)
    everywhere = kind == "person.role" and account_id is None
    replaced = [grant for grant in standing if everywhere or grant.account_id == account_id]
    beside = _held(work, [grant for grant in standing if grant not in replaced])
    if [(grant.role, grant.account_id) for grant in replaced] == [(wish.role, account_id)]:
        return Added(person, wish.role, wish.account, beside=beside)
    before = _held(work, replaced)
    with _watched(change):
        for each in {grant.account_id for grant in replaced}:
            People(work).end(person.id, each, now)
        granted_by = None if change.actor is person else change.actor.id
        People(work).grant(person.id, wish.role, account_id, granted_by, now)
    payload: dict[str, object] = {"person": person.pseudonym, "role": wish.role}
    if before:
        payload |= {"before": [list(each) for each in before], "voided": change.voided}
    Log(work).append(now, kind, wish.account or "", change.actor.pseudonym, payload)
    known = People(work).by_name(person.name) or person
    return Added(known, wish.role, wish.account, before, beside, change.voided)


@contextmanager
def _watched(change: Change) -> Iterator[None]:
    """Voids what goes with a right to approve that the block takes away. Raises `UsageError` for the last owner."""
    owned = bool(_owners_of_all(change.work))
    yield
    if owned and not _owners_of_all(change.work):
        command = f'followguard person add "NAME" --role owner --by {quoted(change.actor.name)}'
        message = f"{change.person.name} is the last owner of every account; nothing was changed."
        raise UsageError(message, f"Let somebody else be it first: {command}")
    change.voided = void_without_right(change)


def _owners_of_all(work: Work) -> list[Person]:
    """Finds those who are owners of every account, kept from it by no lower role of a single one."""
    return [each for each in People(work).owners() if role_for(People(work).grants(each.id), None) == OWNER]


def _owner(work: Work, by: str | None, account: str | None) -> Person:
    """Finds the owner who changes roles; nobody else changes an owner's meanwhile. Raises as `require_role` does."""
    People(work).owners()
    return require_role(work, by, OWNER, account)


def _standing_person(work: Work, name: str) -> Person:
    person = person_named(work, name)
    if person is None:
        raise unknown_person(work, name)
    if person.withdrawn_at is not None:
        raise UsageError(f"{person.name} was withdrawn.", "followguard person add lets them in again.")
    return person


def _held(work: Work, grants: list[Grant]) -> tuple[Held, ...]:
    handles = {each.id: each.handle for each in Accounts(work).all()}
    return tuple((grant.role, handles.get(grant.account_id or 0)) for grant in grants)


def _ended_by(work: Work, person: Person, account: str | None, account_id: int | None) -> tuple[Held, ...]:
    """Finds the roles that a withdrawal ends. Raises `UsageError` where there are none, or rights would grow by it."""
    standing = People(work).grants(person.id)
    ended = [grant for grant in standing if account is None or grant.account_id == account_id]
    if not standing:
        raise UsageError(f"{person.name} holds no role.", "See followguard person list.")
    everywhere = role_for([grant for grant in standing if grant.account_id is None], None)
    if account is None or everywhere is None:
        if ended:
            return _held(work, ended)
        message = f"{person.name} holds no role for @{account}, only for other accounts."
        raise UsageError(message, "See followguard person list.")
    own = role_for(ended, account_id)
    if own is not None and everywhere not in roles_from(own):
        return _held(work, ended)
    then = "would count there then" if own else "counts there"
    raise UsageError(
        f"{person.name} is {everywhere} of every account, which {then}.",
        f"Leave out --account to withdraw every role, or lower the one for @{account}: "
        f"followguard person role {quoted(person.name)} viewer --account {account}",
    )


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise UsageError(f"{role!r} isn't a role.", f"Use one of: {', '.join(ROLES)}.")


def _checked_name(name: str) -> str:
    """Returns the name tidied. Raises `UsageError` for names that can't be shown on one line."""
    tidied = tidy(name)
    hidden = any(unicodedata.category(letter).startswith("C") for letter in tidied)
    if not tidied or hidden or len(tidied) > MAX_NAME:
        raise UsageError(f"{name!a} can't be a name.", f"Use 1 to {MAX_NAME} letters that can be seen.")
    return tidied
