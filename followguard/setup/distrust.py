"""Distrust: what a person decided from a time on doesn't count any more, until an owner lifts that.

What they approved and isn't followed yet is void, handed-off links too, and the cards wait again. Their labels of that
time teach nothing, and are no evidence: models that learned from them retire, and the champion is fitted anew without
them. Whom we follow already is listed, for a person to look at. Nothing is deleted: the act is one more row.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from followguard.accounts.people import person_named, require_role
from followguard.accounts.ways_in import unknown_person
from followguard.domain.person import OWNER, Person
from followguard.errors import AlreadyRunning, UsageError
from followguard.following.store import Orders
from followguard.setup.distrust_store import Distrusts, FollowedThen
from followguard.store.log import Log
from followguard.store.work import Work
from followguard.training.models.serving import TrainingContext
from followguard.training.retrain.refit_after_forget import Refitted, refit_champion, retire_taught_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Distrusted:
    """What came of it. `already`: nothing was left to distrust (or, with `lifted`, to lift), and nothing was done.

    `rejected`: cards that stay rejected by them. `busy`: model groups whose champion the next run fits anew.
    """

    person: Person
    since: datetime | None
    lifted: bool = False
    already: bool = False
    decisions: int = 0
    labels: int = 0
    voided: int = 0
    rejected: int = 0
    followed: tuple[FollowedThen, ...] = ()
    retired: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    refitted: tuple[Refitted, ...] = field(default=())
    busy: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Gives what the command prints."""
        counted = {name: getattr(self, name) for name in ("decisions", "labels", "voided", "rejected")}
        models = [{"group": each.group, "model": each.model, "why": each.why} for each in self.refitted]
        return {
            "name": self.person.name,
            "since": self.since,
            "lifted": self.lifted,
            "already": self.already,
            **counted,
            "followed": [each.as_row() for each in self.followed],
            "models": {"retired": list(self.retired), "refitted": models, "busy": list(self.busy)},
        }


def distrust(workshop: TrainingContext, name: str, since: datetime, by: str | None) -> Distrusted:
    """Takes out what a person decided since then; twice is once. One transaction, and then the models.

    Raises `UsageError` for a time that is still to come, `UnknownPerson`, and `MissingRole` for anybody but an owner of
    every account.
    """
    now = workshop.now
    if since > now:
        raise UsageError(f"{since:%Y-%m-%d %H:%M} UTC is still to come.", "Give the day from which on not to trust.")
    with workshop.store.begin() as work:
        owner, person = require_role(work, by, OWNER, None), _named(work, name)
        found = Distrusted(person=person, since=since, already=not Distrusts(work).is_news(person.id, since))
        if not found.already:
            found = _taken_out(workshop, work, found, owner, since)
        store = Distrusts(work)
        found = replace(
            found,
            decisions=store.number(person.id, since),
            labels=store.labels(person.id, since),
            rejected=store.rejected(person.id, since),
            followed=tuple(store.followed(person.id, since)),
        )
    return _refitted(workshop, found)


def trust_again(workshop: TrainingContext, name: str, by: str | None) -> Distrusted:
    """Lifts the distrust of a person: their decisions count again. What was voided stays void. Twice is once.

    Raises `UnknownPerson`, `MissingRole`.
    """
    now = workshop.now
    with workshop.store.begin() as work:
        owner, person = require_role(work, by, OWNER, None), _named(work, name)
        lifted = Distrusts(work).lift(person.id, owner.id, now)
        if lifted:
            payload = {"person": person.pseudonym, "acts": lifted}
            Log(work).append(now, "person.trust_again", "", owner.pseudonym, payload)
    return Distrusted(person=person, since=None, lifted=True, already=not lifted)


def _taken_out(workshop: TrainingContext, work: Work, found: Distrusted, owner: Person, since: datetime) -> Distrusted:
    person, now = found.person, workshop.now
    why = f"What {person.name} approved since {since:%Y-%m-%d} isn't trusted. Look again: approve, or reject."
    unsent = Distrusts(work).unsent(person.id, since)
    voided = sum(Orders(work).void(each, why, now, owner.pseudonym) for each in unsent)
    Distrusts(work).add(person.id, since, owner.id, now)
    retired = retire_taught_by(workshop, work, person.pseudonym, since)
    names, groups = tuple(each.name for each in retired), tuple(sorted({each.group for each in retired}))
    payload = {"person": person.pseudonym, "since": since.isoformat(), "voided": voided, "models": list(names)}
    Log(work).append(now, "person.distrust", "", owner.pseudonym, payload)
    return replace(found, voided=voided, retired=names, groups=groups)


def _refitted(workshop: TrainingContext, found: Distrusted) -> Distrusted:
    """Fits champions anew that had learned from them; a group that another run is busy with gets it from that."""
    done, busy = [], []
    for group in found.groups:
        try:
            done.append(refit_champion(workshop, group))
        except AlreadyRunning:
            busy.append(group)
    return replace(found, refitted=tuple(done), busy=tuple(busy))


def _named(work: Work, name: str) -> Person:
    person = person_named(work, name)
    if person is None:
        raise unknown_person(work, name)
    return person
