"""Routes by hand: a person sends a follower a department's way, and takes that back; bios choose by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from followguard.accounts.people import require_role
from followguard.domain.card import Card, name_of
from followguard.domain.note import CardNote, Routing
from followguard.domain.policy import AccountSettings
from followguard.domain.wording import safe_text
from followguard.errors import NothingToUndo, UsageError
from followguard.review.decide import Hand, locked_card
from followguard.review.notes import ROLE, add_note
from followguard.review.routes import routes_matching, routes_of
from followguard.review.routings_store import Routings
from followguard.store.log import Log
from followguard.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """A card's routes after somebody chose or took back one. `already`: it stood before, and nothing was done."""

    card: Card
    route: str
    routes: tuple[str, ...]
    by_hand: tuple[Routing, ...]
    note: CardNote | None = None
    already: bool = False

    def as_row(self) -> dict[str, Any]:
        """Gives what the command prints as JSON."""
        return {
            "item": self.card.item,
            "account": self.card.account,
            "follower_id": self.card.follower_id,
            "route": self.route,
            "routes": list(self.routes),
            "routed": [each.as_row() for each in self.by_hand],
            "note": self.note and self.note.as_row(),
            "already": self.already,
        }


def route(work: Work, hand: Hand, item: int, wanted: str, note: str | None = None) -> Routed:
    """Sends a follower a configured route's way, with a note if one is given; twice is once.

    Raises `UsageError` for a route that isn't configured and for a note that can't be, `UnknownPerson`, `MissingRole`.
    """
    card = locked_card(work, hand, item)
    person = require_role(work, hand.by, ROLE, card.account)
    name = _configured(hand.accounts[card.account], wanted)
    already = _standing(Routings(work).of_items([item]), name) is not None
    if not already:
        routing = Routings(work).add(card, name, person.id, hand.now)
        payload = {"item": item, "follower_id": card.follower_id, "routing": routing, "route": name}
        Log(work).append(hand.now, "route.add", card.account, person.pseudonym, payload)
    said = None if note is None else add_note(work, hand, item, note)
    return _routed(work, hand, card, name, said, already=already)


def unroute(work: Work, hand: Hand, item: int, wanted: str) -> Routed:
    """Takes back what a person chose, whoever that was. Raises `NothingToUndo` where nobody did."""
    card = locked_card(work, hand, item)
    person = require_role(work, hand.by, ROLE, card.account)
    standing = _standing(Routings(work).of_items([item]), wanted)
    if standing is None:
        raise _nothing(card, hand.accounts[card.account], wanted)
    Routings(work).take_back(standing.id, person.id, hand.now)
    payload = {"item": item, "follower_id": card.follower_id, "routing": standing.id, "route": standing.route}
    Log(work).append(hand.now, "route.take_back", card.account, person.pseudonym, payload)
    return _routed(work, hand, card, standing.route)


def _routed(
    work: Work, hand: Hand, card: Card, name: str, note: CardNote | None = None, *, already: bool = False
) -> Routed:
    by_hand = tuple(Routings(work).of_items([card.item]))
    routes = routes_of(card, hand.accounts[card.account], by_hand)
    return Routed(card=card, route=name, routes=routes, by_hand=by_hand, note=note, already=already)


def _configured(settings: AccountSettings, wanted: str) -> str:
    known = [each.name for each in settings.routes]
    for name in known:
        if _same(name, wanted):
            return name
    shown = safe_text(wanted, 60)
    if not known:
        message = f"@{settings.handle} has no routes in the configuration."
        raise UsageError(message, f"Add one: [[accounts.{settings.handle}.routes]] with a name")
    raise UsageError(f"{shown!r} is no route of @{settings.handle}.", f"Use one of: {', '.join(known)}.")


def _standing(by_hand: Sequence[Routing], wanted: str) -> Routing | None:
    return next((each for each in by_hand if _same(each.route, wanted)), None)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _nothing(card: Card, settings: AccountSettings, wanted: str) -> NothingToUndo:
    matching = any(_same(each, wanted) for each in routes_matching(card.profile.description, settings.routes))
    message = f"Nobody has sent {name_of(card)} the way of {safe_text(wanted, 60)} by hand."
    why = "The bio has one of its words; those stand in the configuration." if matching else ""
    return NothingToUndo(message, why or f"See its routes: followguard review show item:{card.item}")
