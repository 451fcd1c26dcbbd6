"""The guard round all pages: who may ask, from where, how much; and the headers of every answer."""

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from followguard.access.sessions import end_lapsed, is_lapsed, standing_session
from followguard.errors import FollowguardError, ForeignRequest, SignedOut
from followguard.web.desk import Visitor, WebDesk
from followguard.web.failures import answer, unforeseen
from followguard.web.guard.body import form_field, read_body, replayed
from followguard.web.guard.cookies import FIELD, HEADER, cookie_name, is_page_token, page_token
from followguard.web.guard.doorway import Doorway, doorway_of, doorways, is_own_origin
from followguard.web.guard.headers import security_headers
from followguard.web.rendering import page
from followguard.web.strings import t

SAFE = frozenset({"GET", "HEAD"})
OPEN = ("/sign-in/", "/static/", "/health", "/signed-out")
"""Pages for those who aren't signed in."""
ELSEWHERE = frozenset({"cross-site", "same-site"})
MISDIRECTED = 421


@dataclass(frozen=True, slots=True)
class Guard:
    """ASGI middleware: nothing reaches a page but what passes here."""

    app: ASGIApp
    desk: WebDesk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuses web sockets and whatever isn't HTTP; start and stop pass."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._ask(scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        served = self.desk.served
        known = doorways(served.host, served.port, self.desk.installation.desk.url)
        doorway = doorway_of(request.headers.get("host"), known)
        out = self._dressed(send, secure=bool(doorway and doorway.secure), path=scope["path"])
        try:
            inner = await self._passed(request, doorway, receive)
        except Exception as error:  # noqa: BLE001 - the last line before the server
            await _refusal(request, error, doorway)(scope, receive, out)
            return
        try:
            await self.app(scope, inner, out)
        except Exception as error:  # noqa: BLE001
            await unforeseen(request, error)(scope, receive, out)

    async def _passed(self, request: Request, doorway: Doorway | None, receive: Receive) -> Receive:
        """Puts doorway and visitor at the page's hand, and returns the body to be read. Raises what refuses."""
        if doorway is None:
            raise ForeignRequest(t("foreign.host"), t("foreign.host.next"))
        state = request.scope.setdefault("state", {})
        state["doorway"], state["visitor"] = doorway, None
        change = request.method not in SAFE
        if change and not is_own_origin(request.headers.get("origin"), request.headers.get("sec-fetch-site"), doorway):
            raise ForeignRequest(t("foreign.origin"), t("foreign.next"))
        body = await read_body(receive, request.headers.get("content-length")) if change else b""
        token = request.cookies.get(cookie_name(doorway), "")
        if not request.url.path.startswith(OPEN):
            state["visitor"] = await run_in_threadpool(self.visitor, token)
            if state["visitor"] is None:
                raise SignedOut(t("signed_out.ask"), t("signed_out.next"))
            if change:
                _check_page_token(request, body, token)
        return replayed(body, receive) if change else receive

    def visitor(self, token: str) -> Visitor | None:
        """Finds who has this session, now; a session whose time is over ends for good."""
        now = self.desk.clock()
        with self.desk.store.look() as work:
            found = standing_session(work, token, now)
            over = found is None and is_lapsed(work, token, now)
        if over:
            with self.desk.store.begin() as work:
                end_lapsed(work, token, now)
        return None if found is None else Visitor(found[1], found[0], page_token(token))

    def _dressed(self, send: Send, *, secure: bool, path: str) -> Send:
        added = security_headers(pictures=self.desk.installation.desk.pictures, secure=secure, path=path)

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers[name] = value
            await send(message)

        return dressed


def _refusal(request: Request, error: Exception, doorway: Doorway | None) -> Response:
    """Answers instead of a page."""
    if isinstance(error, SignedOut) and _came_from_elsewhere(request):
        return page(request, "moment.html.j2")
    if isinstance(error, FollowguardError):
        return answer(request, error, MISDIRECTED if doorway is None else 0)
    return unforeseen(request, error)


def _came_from_elsewhere(request: Request) -> bool:
    """Tells whether a link in a mail or on another site led here: browsers keep the cookie back then.

    The page that is answered asks again from here, and is asked with it.
    """
    led = request.headers.get("sec-fetch-site") in ELSEWHERE and request.headers.get("sec-fetch-mode") == "navigate"
    return led and request.method == "GET"


def _check_page_token(request: Request, body: bytes, token: str) -> None:
    """Raises `ForeignRequest` unless the change carries the token of this session's pages."""
    given = request.headers.get(HEADER) or form_field(body, request.headers.get("content-type", ""), FIELD)
    if not is_page_token(given, token):
        raise ForeignRequest(t("foreign.token"), t("foreign.next"))
