"""All pages of the desk, each module's own, and which of them stand in the header."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from followguard.web import hand_off, sign_in
from followguard.web.pages import (
    batches,
    follower,
    follower_acts,
    guidelines,
    log,
    people,
    report,
    search,
    today,
    trust,
)
from followguard.web.rendering import STATIC
from followguard.web.sitting import page as desk_page
from followguard.web.sitting import routes as desk_acts


class NavEntry(NamedTuple):
    """A page in the header: its address, and the key of its name in `strings.toml`."""

    path: str
    text: str


def health(_: Request) -> Response:
    """Says that the server answers; nothing else."""
    return JSONResponse({"ok": True})


NAV = (
    NavEntry("/", "nav.desk"),
    NavEntry("/today", "nav.today"),
    NavEntry("/follow-back", "nav.follow_back"),
    NavEntry("/search", "nav.search"),
    NavEntry("/report", "nav.report"),
    NavEntry("/log", "nav.log"),
    NavEntry("/you", "nav.you"),
)
MORE = (
    NavEntry("/batches", "batches.title"),
    NavEntry("/trust", "trust.title"),
    NavEntry("/guidelines", "desk.guidelines"),
    NavEntry("/people", "people.title"),
)
"""Pages that stand at the foot of every page."""
ROUTES: tuple[BaseRoute, ...] = (
    Route("/health", health, methods=["GET"]),
    Mount("/static", StaticFiles(directory=STATIC), name="static"),
    *sign_in.ROUTES,
    *desk_page.ROUTES,
    *desk_acts.ROUTES,
    *hand_off.ROUTES,
    *today.ROUTES,
    *search.ROUTES,
    *follower_acts.ROUTES,
    *follower.ROUTES,
    *batches.ROUTES,
    *report.ROUTES,
    *log.ROUTES,
    *trust.ROUTES,
    *guidelines.ROUTES,
    *people.ROUTES,
)
