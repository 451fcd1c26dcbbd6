"""All pages of the desk, each module's own, and which of them stand in the header."""

from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from followguard.web import sign_in
from followguard.web.rendering import STATIC


class NavEntry(NamedTuple):
    """A page in the header: its address, and the key of its name in `strings.toml`."""

    path: str
    text: str


def home(_: Request) -> Response:
    """Leads to the page that somebody sees first."""
    return RedirectResponse(NAV[0].path, 303)


def health(_: Request) -> Response:
    """Says that the server answers; nothing else."""
    return JSONResponse({"ok": True})


NAV = (NavEntry("/you", "nav.you"),)
ROUTES: tuple[BaseRoute, ...] = (
    Route("/", home, methods=["GET"]),
    Route("/health", health, methods=["GET"]),
    Mount("/static", StaticFiles(directory=STATIC), name="static"),
    *sign_in.ROUTES,
)
