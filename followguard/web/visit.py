"""One request: the desk, the person, the time, and which accounts the address means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from json import JSONDecodeError
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from followguard.domain.policy import AccountSettings
from followguard.errors import UsageError
from followguard.web.desk import Visitor, WebDesk, desk_of, visitor_of
from followguard.web.sitting.sittings import Sittings


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a page or an act works with. `account`: the handle in the address, empty for all."""

    desk: WebDesk
    visitor: Visitor
    sittings: Sittings
    now: datetime
    account: str = ""

    def accounts(self) -> list[AccountSettings]:
        """Returns the accounts that the address means. Raises `UnknownAccount`."""
        return self.desk.installation.chosen([self.account] if self.account else None)


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
    except (JSONDecodeError, UnicodeDecodeError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise UsageError("The page sent what isn't a JSON object.", "Load the page again.")
    return body
