"""Failures as pages, or as JSON for scripts: one sentence, what to do next, and a status."""

import logging
import re
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from followguard import errors as e
from followguard.web.guard.cookies import HEADER
from followguard.web.rendering import page
from followguard.web.strings import t

LOG = logging.getLogger("followguard.web")
STATUSES: tuple[tuple[type[e.FollowguardError], int], ...] = (
    (e.SignedOut, HTTPStatus.UNAUTHORIZED),
    (e.LinkRefused, HTTPStatus.GONE),
    (e.SignInTooOld, HTTPStatus.FORBIDDEN),
    (e.ForeignRequest, HTTPStatus.FORBIDDEN),
    (e.RequestTooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (e.MissingRole, HTTPStatus.FORBIDDEN),
    (e.UnknownFollower, HTTPStatus.NOT_FOUND),
    (e.UnknownAccount, HTTPStatus.NOT_FOUND),
    (e.UnknownPerson, HTTPStatus.NOT_FOUND),
    (e.ApprovingPaused, HTTPStatus.TOO_MANY_REQUESTS),
    (e.SchemaMismatch, HTTPStatus.SERVICE_UNAVAILABLE),
    (e.StoreFailed, HTTPStatus.SERVICE_UNAVAILABLE),
    (e.AlreadyRunning, HTTPStatus.SERVICE_UNAVAILABLE),
    (e.TryLater, HTTPStatus.SERVICE_UNAVAILABLE),
    (e.Unexpected, HTTPStatus.INTERNAL_SERVER_ERROR),
    (e.UsageError, HTTPStatus.BAD_REQUEST),
    (e.FollowguardError, HTTPStatus.CONFLICT),
)
"""The first row that fits counts."""
FOR_THE_TERMINAL = re.compile(r"\bfollowguard [a-z]|--[a-z]")
"""What tells that a next step is a command, which nobody can run in a browser."""
NEXT_HERE: tuple[tuple[type[e.FollowguardError], str, str], ...] = (
    (e.SignInTooOld, "next.sign_in_again", ""),
    (e.MissingRole, "next.ask_owner", "/people"),
    (e.UnknownFollower, "next.search", "/search"),
    (e.UnknownPerson, "next.people", "/people"),
    (e.AlreadyRunning, "next.running", ""),
    (e.StoreBusy, "next.running", ""),
    (e.AlreadyDecided, "next.look", ""),
    (e.NothingToUndo, "next.look", ""),
    (e.FollowguardError, "next.ask_owner", "/people"),
)
"""What a person at the desk can do instead of a command, and the page for it; the first row that fits counts."""


def status_of(error: e.FollowguardError) -> int:
    """Returns the HTTP status of a failure."""
    return int(next(status for kind, status in STATUSES if isinstance(error, kind)))


def wants_json(request: Request) -> bool:
    """Tells whether a script asks: by what it accepts, or by the header that carries the page token."""
    return HEADER in request.headers or "application/json" in request.headers.get("accept", "")


def answer(request: Request, error: e.FollowguardError, status: int = 0) -> Response:
    """Answers with the failure: `{"errors": [{"code", "message"}]}`, or a page."""
    status = status or status_of(error)
    if isinstance(error, e.UnknownAccount):
        error = e.UnknownAccount(t("scope.no_account"), t("scope.see"))  # what was raised names all accounts
    next_step, path = next_here(request, error)
    if wants_json(request):
        said = error.as_json() | {"message": f"{error.message} {next_step}".strip()}
        return JSONResponse({"errors": [said]}, status)
    return page(request, "message.html.j2", status, message=error.message, next_step=next_step, next_path=path)


def next_here(request: Request, error: e.FollowguardError) -> tuple[str, str]:
    """Returns what to do next, and where; only who isn't signed in is told a command: they have to ask for one."""
    signed_in = getattr(request.state, "visitor", None) is not None
    if not signed_in or not FOR_THE_TERMINAL.search(error.next_step):
        return error.next_step, ""
    return next((t(words), path) for kind, words, path in NEXT_HERE if isinstance(error, kind))


async def refused(request: Request, error: Exception) -> Response:
    """Answers with a failure of the closed tree."""
    if not isinstance(error, e.FollowguardError):
        raise error
    return answer(request, error)


async def not_here(request: Request, error: Exception) -> Response:
    """Answers where there is no such page, or none that can be asked so."""
    if not isinstance(error, HTTPException):
        raise error
    said = {404: t("problem.not_found"), 405: t("problem.method")}.get(error.status_code, error.detail)
    return answer(request, e.UsageError(said), error.status_code)


def unforeseen(request: Request, error: Exception) -> Response:
    """Answers with a fault of this program in one sentence; what Python says goes to the log, without the address."""
    LOG.error("a page failed", exc_info=error)
    known = e.Unexpected(f"Unexpected {type(error).__name__}.", t("unforeseen.next"))
    return answer(request, known)
