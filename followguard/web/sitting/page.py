"""The desk's page: the empty table with its buttons, and what the script needs to know."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.accounts.people import holds
from followguard.accounts.store import People
from followguard.domain.labels import REASON_WORDS, RejectReason
from followguard.domain.person import REVIEWER
from followguard.domain.units import day_of
from followguard.web.pages.guidelines import beside_the_card
from followguard.web.pages.scope import scope_of
from followguard.web.rendering import page
from followguard.web.sitting.offers import WITHOUT_CARD, actions, rarer_reasons
from followguard.web.strings import t
from followguard.web.visit import Visit, visit_of

OFTEN = ("approve", "spam", "other", "later", "skip", "undo", "reject_all", "open")
"""Buttons that a small screen shows at once; the others come with `more`."""
LATER_DAYS = ((1, "later.tomorrow"), (7, "later.week"), (30, "later.month"))
SAID_BY_SCRIPT = ("desk.end", "desk.to_hand_off", "desk.offline", "desk.no_key", "desk.no_guidelines", "batch.confirm")


def show(request: Request) -> Response:
    """Shows the table; the script fetches the cards."""
    visit = visit_of(request)
    asked = _colleagues(visit)
    keys = visit.desk.installation.desk.keys
    reasons = [
        {"name": name, "key": key, "real": real, "words": REASON_WORDS[RejectReason(name)]}
        for name, key, real in rarer_reasons(keys)
    ]
    return page(
        request,
        "desk.html.j2",
        account=visit.account,
        actions=[
            {"name": each.name, "key": each.key, "kind": each.kind, "words": t(f"action.{each.name}"),
             "help": t(f"help.{each.name}")}
            for each in actions(keys)
        ],
        often=OFTEN,
        reasons=reasons,
        later_days=[(days, t(key)) for days, key in LATER_DAYS],
        colleagues=asked,
        setup=_setup(visit, reasons),
        guidelines=beside_the_card(visit),
    )  # fmt: skip


def _colleagues(visit: Visit) -> list[str]:
    """Returns the people whom a card of the address can be put to, but not the person who asks.

    Raises `UnknownAccount`.
    """
    with visit.desk.store.look() as work:
        ids = [each.id for each in scope_of(work, visit).chosen(visit.account) if each.id is not None]
        people = [each for each in People(work).all() if each.id != visit.visitor.person.id]
        return [each.name for each in people if any(holds(work, each.id, REVIEWER, account) for account in ids)]


def _setup(visit: Visit, reasons: list[dict[str, Any]]) -> dict[str, Any]:
    strings = {key: t(key, size="{size}", key="{key}") for key in SAID_BY_SCRIPT}
    keys = {name: key for name, key in visit.desk.installation.desk.keys.items() if name != "quit"}
    return {
        "account": visit.account,
        "today": day_of(visit.now),
        "keys": keys,
        "reasons": reasons,
        "without_card": list(WITHOUT_CARD),
        "strings": strings,
    }


ROUTES = [Route("/", show)]
