"""A follower's page: who they are, what happened, what the machine says; and what a person may still do."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.domain.card import UNDECIDED, Card
from followguard.domain.decision import Decision, last_decisive, last_standing
from followguard.domain.labels import REASON_WORDS, RejectReason
from followguard.domain.note import CardNote, Routing
from followguard.domain.person import APPROVER, OWNER
from followguard.domain.wording import safe_text
from followguard.errors import UnknownFollower
from followguard.review.decide import ROLES as TAKES
from followguard.review.desk.order import is_blind
from followguard.review.dossier import Dossier, dossier
from followguard.review.notes import ROLE as WRITES
from followguard.review.undo import TOO_LATE
from followguard.review.words import percent, state_words
from followguard.store.work import Work
from followguard.web.pages.follower_store import FollowerFile, OnRecord, ScoreOnRecord
from followguard.web.pages.forms import said_in
from followguard.web.pages.scope import Scope, scope_of
from followguard.web.pages.timeline import timeline
from followguard.web.rendering import page
from followguard.web.sitting.view import SIGNS, Viewing, judgement_view, profile_view
from followguard.web.strings import t
from followguard.web.visit import Visit, visit_of

MOST_SCORES = 10
MOST_DIGITS = 18
TOO_LATE_STATES = frozenset(state.value for state in TOO_LATE)


class Offers(NamedTuple):
    """What this person may do about this follower; nothing else is shown to them."""

    write: bool = False
    undo: Decision | None = None
    overrule: bool = False
    erase: bool = False


def show(request: Request) -> Response:
    """Shows the page of a follower, found by card or by account and id."""
    visit = visit_of(request)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        of = found_in(work, scope, request.path_params)
        file, accounts = FollowerFile(work), scope.within(visit.desk.installation).accounts
        found = dossier(work, accounts, of.item) if of.item is not None else None
        looks, orders = file.looks(of), file.orders(of)
        scores = file.scores(of, MOST_SCORES)
        offers = offers_of(work, scope, of, found.history if found else ())
    look = Viewing(settings=accounts, pictures=visit.desk.installation.desk.pictures, now=visit.now)
    decided = found.history if found else ()
    written: list[CardNote | Routing] = [*found.notes, *found.by_hand] if found else []
    return page(
        request,
        "follower.html.j2",
        of=of,
        path=address_of(of),
        who=profile_view(looks[-1].profile, look),
        cleared=looks[-1].cleared,
        said=said_in(request),
        events=timeline(of, looks, decided, orders, written),
        judged=_judged(visit, found, scores, asked="reveal" in request.query_params),
        context=None if found is None else _context(found, visit),
        offers=offers,
        reasons=[(reason.value, REASON_WORDS[reason]) for reason in RejectReason],
        routes=[each.name for each in accounts[of.account].routes],
    )


def found_in(work: Work, scope: Scope, given: dict[str, Any]) -> OnRecord:
    """Returns whom the address names. Raises `UnknownFollower`, also for an account that the person doesn't see."""
    of = _on_record(FollowerFile(work), given)
    if of is None or of.account_id not in scope.ids:
        raise UnknownFollower(t("follower.unknown"), t("follower.search"))
    return of


def address_of(of: OnRecord) -> str:
    """Returns the address of somebody's page."""
    return f"/follower/{of.item}" if of.item is not None else f"/follower/{of.account}/{of.follower_id}"


def offers_of(work: Work, scope: Scope, of: OnRecord, history: Sequence[Decision]) -> Offers:
    """Returns what the person may do: by their role for the account, and for all accounts that know the follower."""
    everywhere = FollowerFile(work).accounts_of(of.follower_id)
    erase = all(scope.may(OWNER, each) for each in everywhere)
    if of.item is None:
        return Offers(erase=erase)
    last = last_standing(history)
    late = last is None or last.order_state in TOO_LATE_STATES
    return Offers(
        write=scope.may(WRITES, of.account_id),
        undo=last if last and not late and scope.may(TAKES[last.kind], of.account_id) else None,
        overrule=scope.may(APPROVER, of.account_id) and last_decisive(history) is not None,
        erase=erase,
    )


def _on_record(file: FollowerFile, given: dict[str, Any]) -> OnRecord | None:
    item = str(given.get("item", ""))
    if item:
        return file.by_item(int(item)) if _is_number(item) else None
    follower_id = str(given.get("follower_id", ""))
    return file.by_id(str(given.get("account", "")), follower_id) if follower_id.isdigit() else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


def _judged(
    visit: Visit, found: Dossier | None, scores: Sequence[ScoreOnRecord], *, asked: bool
) -> dict[str, Any] | None:
    """Returns what the machine says; None where the card hides that until it is decided or somebody asks."""
    if found is not None and not asked and _hides(found.card, visit):
        return None
    shown = judgement_view(found.card) if found is not None else None
    rows = [
        {"at": each.at, "model": safe_text(each.model, 60), "band": each.band.value, "sign": SIGNS[each.band],
         "share": percent(each.p_spam), "reasons": [safe_text(r.text, 200) for r in each.reasons]}
        for each in scores
    ]  # fmt: skip
    return {"card": shown, "scores": rows}


def _hides(card: Card, visit: Visit) -> bool:
    settings = visit.desk.installation.accounts[card.account]
    return card.state in UNDECIDED and is_blind(card, settings.policy.blind_share, visit.desk.seed)


def _context(found: Dossier, visit: Visit) -> dict[str, Any]:
    card = found.card
    return {
        "item": card.item,
        "state": safe_text(state_words(card, visit.now), 200),
        "note": safe_text(card.note, 400),
        "batch": card.batch,
        "alike": safe_text(card.batch_alike, 300),
        "routes": [safe_text(each, 60) for each in found.routes],
        "by_hand": [each.route for each in found.by_hand],
        "elsewhere": [(each.item, each.account, state_words(each, visit.now)) for each in found.elsewhere],
    }


ROUTES = [Route("/follower/{item}", show), Route("/follower/{account}/{follower_id}", show)]
