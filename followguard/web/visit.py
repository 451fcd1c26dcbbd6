"""One request: the desk, the person, the time, and which accounts the address means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from followguard.errors import UsageError
from followguard.web.desk import Visitor, WebDesk, desk_of, visitor_of
from followguard.web.sitting.sittings import Sittings

LARGEST_ROW = 2**63 - 1
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a page or an act works with. `account`: the handle in the address, empty for all."""

    desk: WebDesk
    visitor: Visitor
    sittings: Sittings
    now: datetime
    account: str = ""


def visit_of(request: Request) -> Visit:
    """Returns the request as pages need it."""
    desk = desk_of(request)
    return Visit(
        desk=desk,
        visitor=visitor_of(request),
        sittings=request.app.state.sittings,
        now=desk.clock(),
        account=request.query_params.get("account", "")[:100],
    )


Act = Callable[[Visit, dict[str, Any]], dict[str, Any]]


def act(function: Act) -> Callable[[Request], Any]:
    """Makes an endpoint of a function that takes a JSON object and returns one. It runs beside the others."""

    @wraps(function)
    async def endpoint(request: Request) -> Response:
        body = await _body(request)
        return JSONResponse(await run_in_threadpool(function, visit_of(request), body))

    return endpoint


async def _body(request: Request) -> dict[str, Any]:
    """Reads the JSON object. Raises `UsageError` for anything else."""
    try:
        body = await request.json()
    except (ValueError, RecursionError):  # ValueError also for a number of 5,000 digits
        body = None
    if not isinstance(body, dict):
        raise UsageError("The page sent what isn't a JSON object.", "Load the page again.")
    return body


def number_in(body: dict[str, Any], name: str) -> int:
    """Returns a number of the object that a row may have. Raises `UsageError` for anything else."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_ROW:
        raise UsageError(f"{name} isn't a number.", "Load the page again.")
    return value


def number_said(text: str) -> int | None:
    """Returns the number of an address; None for what isn't one, or larger than any row's."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
