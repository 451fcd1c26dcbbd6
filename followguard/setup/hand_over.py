"""Handing over: what somebody has open passes on to a colleague. Approvals never do: they stay by who gave them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.accounts.people import holds, person_named, require_role
from followguard.accounts.ways_in import missing_role, unknown_person
from followguard.domain.person import OWNER, REVIEWER, Person
from followguard.domain.wording import quoted
from followguard.errors import UsageError
from followguard.setup.hand_over_store import OpenCard, OpenWork
from followguard.store.log import Log
from followguard.store.work import Work

Cards = tuple[OpenCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What passed on, by kind. `left`: what couldn't, as `to` may decide nothing for that account.

    `notes`: those of `before` on undecided cards; everybody sees them, and they stay by the name of their author.
    """

    before: Person
    to: Person
    claims: Cards
    later: Cards
    questions: Cards
    left: Cards
    notes: int

    @property
    def number(self) -> int:
        """How many things passed on."""
        return len(self.claims) + len(self.later) + len(self.questions)

    def as_json(self) -> dict[str, Any]:
        """Gives what the command prints."""
        kinds = ("claims", "later", "questions", "left")
        rows = {kind: [each.as_row() for each in getattr(self, kind)] for kind in kinds}
        return {"from": self.before.name, "to": self.to.name, **rows, "notes": self.notes}


def hand_over(work: Work, before: str, to: str, by: str | None, now: datetime) -> HandedOver:
    """Passes on open claims, put-off cards and open questions, for the accounts where `to` may decide; twice is once.

    Raises `UsageError` for one and the same person and for somebody withdrawn as the new one, `UnknownPerson`, and
    `MissingRole` for anybody but an owner of every account and for a new one who may decide nowhere.
    """
    owner = require_role(work, by, OWNER, None)
    old, new = _named(work, before), _successor(work, to, before)
    store = OpenWork(work)
    kinds = {"claims": store.claims(old.id, now), "later": store.later(old.id), "questions": store.questions(old.id)}
    allowed = {each.account_id for cards in kinds.values() for each in cards if _may(work, new, each)}
    passing = {kind: tuple(each for each in cards if each.account_id in allowed) for kind, cards in kinds.items()}
    left = {each.item: each for cards in kinds.values() for each in cards if each.account_id not in allowed}
    if left and not allowed:
        raise missing_role(work, new, REVIEWER, next(iter(left.values())).account)
    store.pass_claims(passing["claims"], new)
    store.pass_later(passing["later"], old, new, now)
    store.pass_questions(passing["questions"], new, now)
    done = HandedOver(before=old, to=new, **passing, left=tuple(left.values()), notes=store.notes(old.id))
    if done.number:
        counts = {kind: len(cards) for kind, cards in passing.items()}
        payload = {"person": old.pseudonym, "to": new.pseudonym, **counts}
        Log(work).append(now, "person.hand_over", "", owner.pseudonym, payload)
    return done


def _may(work: Work, person: Person, card: OpenCard) -> bool:
    return holds(work, person.id, REVIEWER, card.account_id)


def _successor(work: Work, name: str, before: str) -> Person:
    person = _named(work, name)
    if person.id == _named(work, before).id:
        raise UsageError(f"{person.name} has that work already.", "Name a colleague with --to.")
    if person.withdrawn_at is not None:
        said = f"followguard person add {quoted(person.name)} --role reviewer"
        raise UsageError(f"{person.name} was withdrawn.", f"Name somebody else, or let them in again: {said}")
    return person


def _named(work: Work, name: str) -> Person:
    person = person_named(work, name)
    if person is None:
        raise unknown_person(work, name)
    return person
