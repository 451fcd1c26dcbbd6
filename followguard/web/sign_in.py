"""Signing in by a personal link, and out."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from followguard.access.links import good_link
from followguard.access.sessions import sign_in, sign_out, sign_out_everywhere, standing_session
from followguard.accounts.store import Accounts, People
from followguard.web.desk import desk_of, visitor_of
from followguard.web.guard.cookies import cookie_name, drop_session, set_session
from followguard.web.rendering import page

SEE_OTHER = 303


def ask(request: Request) -> Response:
    """Shows the button that spends the link; showing it spends nothing."""
    desk, now = desk_of(request), desk_of(request).clock()
    with desk.store.look() as work:
        _, person = good_link(work, request.path_params["token"], now)
        before = standing_session(work, _cookie(request), now)
    hours = desk.installation.desk.session_hours
    return page(request, "sign_in.html.j2", person=person, hours=hours, before=before[1] if before else None)


def spend(request: Request) -> Response:
    """Spends the link and gives the browser a session of its own; the one it came with ends."""
    desk, token = desk_of(request), request.path_params["token"]
    with desk.store.look() as work:  # also looks at the schema, and a bad link waits for no writer
        good_link(work, token, desk.clock())
    with desk.store.begin() as work:
        opened = sign_in(work, token, desk.clock(), desk.session_length, before=_cookie(request))
    answer = RedirectResponse("/", SEE_OTHER)
    set_session(answer, request.state.doorway, opened.token, int(desk.session_length.total_seconds()))
    return answer


def leave(request: Request) -> Response:
    """Ends this session."""
    desk = desk_of(request)
    with desk.store.begin() as work:
        sign_out(work, _cookie(request), desk.clock())
    return _gone(request)


def leave_everywhere(request: Request) -> Response:
    """Ends all sessions of this person, and takes back links that nobody used."""
    desk, person = desk_of(request), visitor_of(request).person
    with desk.store.begin() as work:
        sign_out_everywhere(work, person, desk.clock(), by=person)
    return _gone(request)


def signed_out(request: Request) -> Response:
    """Says so."""
    return page(request, "signed_out.html.j2")


def you(request: Request) -> Response:
    """Shows who is signed in, until when, and what they may do."""
    visitor = visitor_of(request)
    with desk_of(request).store.look() as work:
        handles = {account.id: account.handle for account in Accounts(work).all()}
        roles = [(grant.role, handles.get(grant.account_id or 0)) for grant in People(work).grants(visitor.person.id)]
    return page(request, "you.html.j2", roles=roles)


def _cookie(request: Request) -> str:
    return request.cookies.get(cookie_name(request.state.doorway), "")


def _gone(request: Request) -> Response:
    answer = RedirectResponse("/signed-out", SEE_OTHER)
    drop_session(answer, request.state.doorway)
    return answer


ROUTES = (
    Route("/sign-in/{token}", ask, methods=["GET"]),
    Route("/sign-in/{token}", spend, methods=["POST"]),
    Route("/sign-out", leave, methods=["POST"]),
    Route("/sign-out/everywhere", leave_everywhere, methods=["POST"]),
    Route("/signed-out", signed_out, methods=["GET"]),
    Route("/you", you, methods=["GET"]),
)
