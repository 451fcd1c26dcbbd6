"""The desk as one ASGI application."""

from secrets import token_bytes

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from followguard.errors import FollowguardError
from followguard.web.desk import WebDesk
from followguard.web.failures import not_here, refused
from followguard.web.guard.guard import Guard
from followguard.web.routes import MORE, NAV, ROUTES
from followguard.web.sitting.sittings import Sittings


def make_app(desk: WebDesk) -> Starlette:
    """Returns the application: every page behind the guard, every failure as one sentence."""
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Guard, desk=desk)],
        exception_handlers={FollowguardError: refused, HTTPException: not_here},
    )
    app.state.desk, app.state.nav, app.state.more = desk, NAV, MORE
    app.state.sittings = Sittings(
        store=desk.store,
        clock=desk.clock,
        seed=desk.seed,
        folder=desk.installation.folder,
        secret=token_bytes(32),
    )
    return app
