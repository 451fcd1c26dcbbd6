"""What pages work with: the installation at hand, and who looks at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.requests import Request

from followguard.access.store import Session
from followguard.domain.installation import Installation
from followguard.domain.person import Person
from followguard.domain.wording import quoted
from followguard.errors import SignInTooOld
from followguard.store.store import Store
from followguard.web.strings import t

FRESH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Served:
    """Where the desk listens. `port` as people type it."""

    host: str = "127.0.0.1"
    port: int = 8017

    @property
    def address(self) -> str:
        """Gives the address for a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


@dataclass(frozen=True)
class WebDesk:
    """One installation behind the pages. `seed` is what chance starts from; `clock` gives aware UTC."""

    installation: Installation
    store: Store
    clock: Callable[[], datetime]
    seed: int
    served: Served = Served()

    @property
    def session_length(self) -> timedelta:
        """Tells how long a sign-in lasts."""
        return timedelta(hours=self.installation.desk.session_hours)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person of a session that stands. `csrf` goes back with every change."""

    person: Person
    session: Session
    csrf: str

    @property
    def signed_in_at(self) -> datetime:
        """Tells when the session began."""
        return self.session.started_at

    def fresh(self, now: datetime) -> bool:
        """Tells whether the sign-in is younger than five minutes; one that lies in the future isn't."""
        return timedelta(0) <= now - self.signed_in_at < FRESH


def desk_of(request: Request) -> WebDesk:
    """Returns the desk that serves this request."""
    desk: WebDesk = request.app.state.desk
    return desk


def visitor_of(request: Request) -> Visitor:
    """Returns who is signed in; the guard lets nobody else reach a page."""
    visitor: Visitor = request.state.visitor
    return visitor


def require_fresh(request: Request) -> Visitor:
    """Returns who is signed in. Raises `SignInTooOld` unless they signed in within the last five minutes."""
    visitor = visitor_of(request)
    if not visitor.fresh(desk_of(request).clock()):
        raise SignInTooOld(t("too_old"), t("too_old.next", name=quoted(visitor.person.name)))
    return visitor
