"""Changes that a form of a page asks for: read, done by a verb, then led on to the page that shows what came of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from followguard.web.strings import strings, t

SEE_OTHER = 303
Fields = dict[str, str]
FormAct = Callable[[Request, Fields], Response]


def form(function: FormAct) -> Callable[[Request], Any]:
    """Makes an endpoint of a function that takes the fields of a form. It runs beside the others."""

    @wraps(function)
    async def endpoint(request: Request) -> Response:
        given = await request.form(max_fields=50, max_files=0)
        fields = {name: value for name, value in given.items() if isinstance(value, str)}
        return await run_in_threadpool(function, request, fields)

    return endpoint


def led_to(path: str, said: str) -> Response:
    """Leads on to a page, which says the sentence of that key."""
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}{urlencode({'said': said})}", SEE_OTHER)


def said_in(request: Request) -> str:
    """Returns the sentence that a change before has led here with, one of our own; else nothing."""
    done = request.query_params.get("said", "")
    return t(f"acted.{done}") if f"acted.{done}" in strings() else ""
