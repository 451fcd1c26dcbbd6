"""Links and ends of sessions that somebody asks for on the command line."""

from dataclasses import dataclass
from datetime import datetime

from followguard.access.links import INVITE, INVITED_FOR, make_link
from followguard.access.sessions import sign_out_everywhere
from followguard.accounts.people import person_named, require_role
from followguard.accounts.store import People
from followguard.accounts.ways_in import unknown_decider, unknown_person
from followguard.domain.person import OWNER, Person
from followguard.errors import UsageError
from followguard.store.work import Work


@dataclass(frozen=True, slots=True)
class Invited:
    """A link for one person; `token` is kept nowhere else."""

    person: Person
    token: str
    expires_at: datetime


def invite(work: Work, name: str, by: str | None, now: datetime) -> Invited:
    """Makes a personal link for 15 minutes. Raises `UnknownPerson`, `MissingRole`, and `UsageError` without a role.

    `by`: the person themself (None too), or an owner of every account.
    """
    person = _known(work, name)
    if person.withdrawn_at is not None:
        raise UsageError(f"{person.name} was withdrawn.", "followguard person add lets them in again.")
    if not People(work).grants(person.id):
        raise UsageError(f"{person.name} holds no role.", "followguard person add gives one.")
    asker = asking(work, person, by)
    until = now + INVITED_FOR
    return Invited(person, make_link(work, person, now, until, INVITE, asker), until)


def sign_out_person(work: Work, name: str, by: str | None, now: datetime) -> tuple[Person, int, int]:
    """Ends the person's sessions and takes back unused links; returns (person, sessions, links).

    Raises as `invite` does; somebody who was withdrawn can be signed out too.
    """
    person = _known(work, name)
    sessions, links = sign_out_everywhere(work, person, now, asking(work, person, by))
    return person, sessions, links


def asking(work: Work, person: Person, by: str | None) -> Person:
    """Finds who asks: the person themself or an owner. Raises `UnknownPerson`, `MissingRole`."""
    if by is None:
        return person
    asker = person_named(work, by)
    if asker is None or asker.withdrawn_at is not None:
        raise unknown_decider(work, by, OWNER, None)
    return asker if asker.id == person.id else require_role(work, by, OWNER, None)


def _known(work: Work, name: str) -> Person:
    person = person_named(work, name)
    if person is None:
        raise unknown_person(work, name)
    return person
