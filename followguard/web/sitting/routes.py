"""The desk page and what its keys call. Each decision is one request about one card; none takes two approvals."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from followguard.domain.decision import Choice
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.person import REVIEWER, roles_from
from followguard.domain.units import day_meant, day_of
from followguard.errors import AlreadyDecided, ApprovingPaused, UsageError
from followguard.review.decide import check_choice
from followguard.review.desk.shown import ShownCard
from followguard.web.pages.scope import seen_by
from followguard.web.sitting.answers import Answers, said_of, said_of_batch, said_of_undo
from followguard.web.sitting.hand import Sitting
from followguard.web.sitting.seen import LOOK_AGAIN, SeenWord
from followguard.web.sitting.view import Viewing, judgement_view
from followguard.web.strings import t
from followguard.web.visit import Act, Visit, act, number_in, number_said, visit_of

TOO_SOON = "That was too fast to have read the card: it still waits."
KINDS = {"approve": Kind.APPROVE, "reject": Kind.REJECT, "later": Kind.LATER}


def hand(request: Request) -> Response:
    """Returns the hand; with `was`, what became of the card that was being decided when the connection went."""
    visit = visit_of(request)
    answers = answers_of(visit)
    have = frozenset(filter(None, request.query_params.get("have", "").split(",")))
    found = answers.hand(have)
    was = request.query_params.get("was", "")
    if was:
        found["was"] = t("said.lost_saved" if answers.is_decided(was) else "said.lost_open")
    return JSONResponse(found)


def others(request: Request) -> Response:
    """Returns the live part beside the card: the queue, and who else has cards."""
    return JSONResponse(answers_of(visit_of(request)).others())


def seen(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Notes that the card stands on the screen, claims it anew, and returns the word that a decision must bring."""
    item, answers = number_in(body, "item"), answers_of(visit)
    before, shown = answers.sitting.shown(item), answers.sitting.look_at(item)
    anew = {} if _as_shown(before) == _as_shown(shown) else {"html": answers.card(shown)}
    return {"seen": _seen(visit).sign(shown.card, len(shown.found.history), visit.now)} | anew


def decide(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Approves, rejects or puts off the card on the screen."""
    item, word, now = number_in(body, "item"), _text(body, "seen"), visit.now
    look = _seen(visit).check(word, item, now)
    choice = _choice(body, look, day_of(now))
    if choice.kind is Kind.APPROVE and _seen(visit).too_soon(word, now):
        raise ApprovingPaused(TOO_SOON, "Look at the card, then press the key again.")
    answers = answers_of(visit)
    shown = answers.sitting.shown(item)
    if shown.card.appearance_hash != look or _seen(visit).used(word, len(shown.found.history)):
        raise AlreadyDecided("The card has changed since it was shown to you.", LOOK_AGAIN)
    done = answers.sitting.decide(item, choice)
    return {"said": said_of(done, choice, shown), "kind": done.decision.value, "progress": answers.progress()}


def skip(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Leaves the card on the list."""
    answers = answers_of(visit)
    answers.sitting.skip(number_in(body, "item"))
    return {"said": t("said.skip"), "progress": answers.progress()}


def undo(visit: Visit, _: dict[str, Any]) -> dict[str, Any]:
    """Takes the person's last decision back; its card is first in the hand that comes back."""
    answers = answers_of(visit)
    done = answers.sitting.undo()
    return {"said": said_of_undo(done), "kind": "undo"} | answers.hand()


def reveal(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Shows band and reasons of a card that hides them."""
    answers = answers_of(visit)
    shown = answers.sitting.reveal(number_in(body, "item"))
    words = t("said.machine", words=judgement_view(shown.card)["score"])
    return {"html": answers.card(shown), "said": words}


def note(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Puts a note on the card on the screen."""
    answers = answers_of(visit)
    shown = answers.sitting.note(number_in(body, "item"), _text(body, "text"))
    return {"html": answers.card(shown), "said": t("said.note")}


def ask(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Puts the card to a colleague with a question; it leaves this person's hand."""
    whom, answers = _text(body, "whom"), answers_of(visit)
    answers.sitting.ask(number_in(body, "item"), whom, _text(body, "text"))
    return {"said": t("said.ask", name=whom), "progress": answers.progress()}


def held_back(visit: Visit, _: dict[str, Any]) -> dict[str, Any]:
    """Lets cards that are held back come too."""
    answers = answers_of(visit)
    number = answers.sitting.show_held_back()
    return {"said": t("said.held_back", number=number)} | answers.hand()


def leave(visit: Visit, _: dict[str, Any]) -> dict[str, Any]:
    """Gives the cards in hand back: the page was left."""
    visit.sittings.leave(visit.visitor.session.id)
    return {}


def reject_batch(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Rejects the batch on the screen, once its size was typed."""
    number, answers = number_in(body, "batch"), answers_of(visit)
    size = len(answers.sitting.batch(number).items)
    if _text(body, "typed").strip() != str(size):
        raise UsageError(t("batch.typed_wrong", size=size), t("batch.typed_again"))
    outcomes = answers.sitting.reject_batch(number, RejectReason.SPAM)
    return {"said": said_of_batch(outcomes), "kind": "reject", "progress": answers.progress()}


def open_batch(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Lets the batch's cards come one by one."""
    sitting_of(visit).open_batch(number_in(body, "batch"))
    return {"said": t("said.batch_open")}


def skip_batch(visit: Visit, body: dict[str, Any]) -> dict[str, Any]:
    """Leaves the batch on the list."""
    sitting_of(visit).skip_batch(number_in(body, "batch"))
    return {"said": t("said.skip")}


def members(request: Request) -> Response:
    """Returns every member of the batch on the screen."""
    number = request.query_params.get("batch", "")
    return JSONResponse({"html": answers_of(visit_of(request)).members(number_said(number) or 0)})


ACTS: dict[str, Act] = {
    "seen": seen,
    "decide": decide,
    "skip": skip,
    "undo": undo,
    "reveal": reveal,
    "note": note,
    "ask": ask,
    "held-back": held_back,
    "leave": leave,
    "batch/reject": reject_batch,
    "batch/open": open_batch,
    "batch/skip": skip_batch,
}


def answers_of(visit: Visit) -> Answers:
    """Returns what answers this person's page."""
    installation = visit.desk.installation
    look = Viewing(settings=installation.accounts, pictures=installation.desk.pictures, now=visit.now)
    return Answers(sitting=sitting_of(visit), look=look, keys=dict(installation.desk.keys))


def sitting_of(visit: Visit) -> Sitting:
    """Returns this person's sitting over the accounts of the address for which they may decide now.

    A role that changes begins another sitting: cards of an account that was taken away are in nobody's sight.
    """
    seen = seen_by(visit)
    decides = [each for each in seen if each.role in roles_from(REVIEWER)] or seen
    return visit.sittings.of(visit.visitor.session.id, visit.visitor.person.name, [each.settings for each in decides])


def _as_shown(shown: ShownCard) -> tuple[object, ...]:
    """Returns what tells whether a card that was fetched ahead still is what the page shows."""
    card = shown.card
    return card.appearance_hash, card.score_id, card.note, card.state, len(shown.found.history)


def _seen(visit: Visit) -> SeenWord:
    return SeenWord(visit.sittings.secret, visit.visitor.session.id)


def _choice(body: dict[str, Any], look: str, today: str) -> Choice:
    """Reads the choice. Raises `UsageError` for one that there isn't, or that contradicts itself."""
    kind, reason = KINDS.get(_text(body, "action")), _text(body, "reason")
    if kind is None or (reason and reason not in set(RejectReason)):
        raise UsageError("There is no such decision.", "Load the page again.")
    until = day_meant(_text(body, "until"), today) if kind is Kind.LATER else None
    because = RejectReason(reason) if reason and kind is Kind.REJECT else None
    choice = Choice(kind=kind, reason=because, real=bool(body.get("real")), until=until, seen=look)
    check_choice(choice, today)
    return choice


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name, "")
    return value if isinstance(value, str) else ""


ROUTES = [
    Route("/desk/hand", hand),
    Route("/desk/others", others),
    Route("/desk/batch/members", members),
    *(Route(f"/desk/{path}", act(function), methods=["POST"]) for path, function in ACTS.items()),
]
