"""A person's own target: named by an owner, shared with nobody, and told how many cards wait, with a way in."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from followguard.access.links import make_link
from followguard.accounts.people import person_named, require_role
from followguard.accounts.store import Accounts, People
from followguard.accounts.ways_in import unknown_person
from followguard.domain.person import OWNER, Person, role_for, roles_from
from followguard.domain.wording import counted, quoted
from followguard.errors import UsageError
from followguard.notify.delivery import Message
from followguard.notify.message import REVIEW
from followguard.notify.store import PersonTargets
from followguard.notify.targets import VARIABLE, Target
from followguard.store.log import Log
from followguard.store.work import Work

DECIDES = "reviewer"
NOON = 12
PLACE = "a person's own"
SHARED = "its address is somebody else's target too, and a sign-in link is for one person; name another one"


@dataclass(frozen=True, slots=True)
class OwnTarget:
    """A person and where they are told."""

    person: Person
    target: Target


def name_target(
    work: Work, name: str, variable: str | None, taken: Collection[str], by: str | None, now: datetime
) -> Person:
    """Notes the variable that holds the person's own target; None takes the target away.

    `taken`: variables that the configuration names for everybody. Raises `UsageError`, `UnknownPerson`, `MissingRole`.
    """
    owner = require_role(work, by, OWNER, None)
    person = person_named(work, name)
    if person is None:
        raise unknown_person(work, name)
    if variable is None:
        if not PersonTargets(work).remove(person.id, now):
            raise UsageError(f"{person.name} has no target of their own; nothing was changed.")
    else:
        _check(work, person, variable, taken)
        PersonTargets(work).put(person.id, variable, owner.id, now)
    payload = {"person": person.pseudonym, "variable": variable}
    Log(work).append(now, "person.notify", "", owner.pseudonym, payload)
    return person


def _check(work: Work, person: Person, variable: str, taken: Collection[str]) -> None:
    if not VARIABLE.fullmatch(variable):
        raise UsageError(
            "That isn't the name of an environment variable.",
            "Write capitals, digits and _, such as ANN_CHAT; the address itself stands in that variable alone.",
        )
    if person.withdrawn_at is not None:
        raise UsageError(f"{person.name} was withdrawn.", "followguard person add lets them in again.")
    if variable in taken:
        raise UsageError(f"{variable} is a target of everybody in followguard.toml.", "Name one of the person's own.")
    holder = PersonTargets(work).holder(variable)
    if holder not in (None, person.id):
        other = next(each.name for each in People(work).all() if each.id == holder)
        raise UsageError(
            f"{variable} is {other}'s own target, and a sign-in link is for one person.",
            f"Name another variable, or first: followguard person notify {quoted(other)} --off",
        )


def own_targets(work: Work) -> list[OwnTarget]:
    """Returns the targets of everybody who was not withdrawn and holds a role."""
    people = {person.id: person for person in People(work).all() if person.withdrawn_at is None}
    variables = PersonTargets(work).all()
    return [
        OwnTarget(people[person_id], Target(variable, PLACE))
        for person_id, variable in variables.items()
        if person_id in people and People(work).grants(person_id)
    ]


def shared(addresses: Iterable[str]) -> set[str]:
    """Returns the addresses that stand there more than once, however their ends are spelt."""
    many = list(addresses)
    spelt = Counter(map(_spelt, many))
    return {address for address in many if spelt[_spelt(address)] > 1}


def _spelt(address: str) -> str:
    kind, _, rest = address.strip().partition("://")
    return f"{kind.lower()}://{rest.rstrip('/')}"


def cards_of_person(work: Work, person: Person, waiting: Mapping[str, int]) -> dict[str, int]:
    """Returns how many of the waiting cards (by handle) the person may decide about."""
    grants = People(work).grants(person.id)
    rows = {row.handle: row.id for row in Accounts(work).all()}
    return {
        handle: cards
        for handle, cards in waiting.items()
        if cards and handle in rows and role_for(grants, rows[handle]) in roles_from(DECIDES)
    }


def good_until(now: datetime) -> datetime:
    """Returns the next noon, UTC."""
    noon = now.astimezone(UTC).replace(hour=NOON, minute=0, second=0, microsecond=0)
    return noon if now < noon else noon + timedelta(days=1)


def personal_message(work: Work, person: Person, cards: Mapping[str, int], desk: str, now: datetime) -> Message:
    """Words how many cards wait; with the desk's address it makes a sign-in link, good once."""
    lines = [f"{handle}: {counted(number, 'card')}" for handle, number in cards.items()]
    if desk:
        until = good_until(now)
        link = f"{desk.rstrip('/')}/sign-in/{make_link(work, person, now, until)}"
        lines += ["", f"Sign in, good once and until {until:%Y-%m-%d %H:%M} UTC: {link}", "It is yours alone."]
    else:
        lines += ["", f"To decide: {REVIEW}"]
    return Message(f"followguard: {counted(sum(cards.values()), 'card')} for you", "\n".join(lines))
