"""What a follower's page can change: notes, routes, undo, overrule; for owners, forget and disclose."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.domain.decision import last_standing
from followguard.domain.labels import RejectReason
from followguard.errors import AlreadyDecided, MissingRole, UsageError
from followguard.review.decide import Hand
from followguard.review.notes import add_note
from followguard.review.overrule import Turn, overrule
from followguard.review.route_by_hand import route, unroute
from followguard.review.store import Decisions
from followguard.review.undo import undo_one
from followguard.web.desk import require_fresh
from followguard.web.pages.follower import address_of, found_in, offers_of
from followguard.web.pages.follower_store import FollowerFile, OnRecord
from followguard.web.pages.forms import Fields, form, led_to
from followguard.web.pages.scope import Scope, scope_of
from followguard.web.rendering import page
from followguard.web.strings import t
from followguard.web.visit import Visit, visit_of

REAL = "real"
"""The choice in the form that says: a real account."""


def note(request: Request, fields: Fields) -> Response:
    """Puts a note on the card."""
    visit, of, hand = _at_card(request)
    with visit.desk.store.begin() as work:
        add_note(work, hand, of.item or 0, fields.get("text", ""))
    return led_to(address_of(of), "noted")


def send(request: Request, fields: Fields) -> Response:
    """Sends the follower a department's way, or takes that back."""
    visit, of, hand = _at_card(request)
    back = "back" in fields
    with visit.desk.store.begin() as work:
        (unroute if back else route)(work, hand, of.item or 0, fields.get("route", ""))
    return led_to(address_of(of), "unrouted" if back else "routed")


def take_back(request: Request, fields: Fields) -> Response:
    """Takes back the decision that the page showed as the last one."""
    visit, of, hand = _at_card(request)
    with visit.desk.store.look() as work:
        last = last_standing(Decisions(work).history(of.item or 0))
    if last is None or str(last.id) != fields.get("decision"):
        raise AlreadyDecided(t("follower.moved"), t("follower.again"))
    undo_one(hand, last)
    return led_to(address_of(of), "undone")


def turn(request: Request, fields: Fields) -> Response:
    """Overrules the decision that stands."""
    _, of, hand = _at_card(request)
    reason = fields.get("reason", "")
    if reason != REAL and reason not in set(RejectReason):
        raise UsageError(t("follower.no_reason"), t("follower.again"))
    wish = Turn() if reason == REAL else Turn(reason=RejectReason(reason), real="real" in fields)
    overrule(hand, f"item:{of.item}", wish)
    return led_to(address_of(of), "overruled")


def erase(request: Request, fields: Fields) -> Response:
    """Forgets the person everywhere, as `followguard forget` does."""
    visit, of = _confirmed(request, fields)
    from followguard.privacy.forget import eraser_of, forget

    done = forget(eraser_of(visit.desk.installation, visit.desk.store), of.follower_id, visit.visitor.person.name)
    return page(request, "forgotten.html.j2", done=done, keep=visit.desk.installation.backups)


def hand_out(request: Request, fields: Fields) -> Response:
    """Sends everything that is held about the person as a file, as `followguard disclose` prints it."""
    visit, of = _confirmed(request, fields)
    from followguard.privacy.disclose import disclose
    from followguard.training.models.serving import training_context

    found = disclose(training_context(visit.desk.installation, visit.desk.store), of.follower_id)
    text = json.dumps(found, default=_plain, indent=2, allow_nan=False) + "\n"
    name = f'attachment; filename="followguard-disclose-{of.follower_id}.json"'
    return Response(text, media_type="application/json", headers={"content-disposition": name})


def _at_card(request: Request) -> tuple[Visit, OnRecord, Hand]:
    """Returns the card that the address names, in this person's hand. Raises `UnknownFollower`."""
    visit = visit_of(request)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        of = found_in(work, scope, request.path_params)
    return visit, of, _hand(visit, scope)


def _hand(visit: Visit, scope: Scope) -> Hand:
    accounts = scope.within(visit.desk.installation).accounts
    return Hand(store=visit.desk.store, accounts=accounts, by=visit.visitor.person.name, now=visit.now)


def _confirmed(request: Request, fields: Fields) -> tuple[Visit, OnRecord]:
    """Returns whom an owner means who signed in just now and typed their name or id.

    Raises `UnknownFollower`, `MissingRole`, `SignInTooOld`, `UsageError`.
    """
    visit = visit_of(request)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        of = found_in(work, scope, request.path_params)
        if not offers_of(work, scope, of, ()).erase:
            raise MissingRole(t("erase.not_owner"), t("next.ask_owner"))
        username = FollowerFile(work).looks(of)[-1].profile.username or ""
    require_fresh(request)
    typed = fields.get("typed", "").strip().removeprefix("@").casefold()
    if not typed or typed not in {of.follower_id, username.casefold()}:
        raise UsageError(t("erase.typed_wrong"), t("erase.type"))
    return visit, of


def _plain(value: Any) -> Any:
    """Returns a value as JSON has it."""
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(type(value).__name__)


ACTS: dict[str, Callable[[Request, Fields], Response]] = {
    "note": note,
    "route": send,
    "undo": take_back,
    "overrule": turn,
    "forget": erase,
    "disclose": hand_out,
}
ROUTES = [
    Route(f"/follower/{who}/{name}", form(function), methods=["POST"])
    for who in ("{item}", "{account}/{follower_id}")
    for name, function in ACTS.items()
]
