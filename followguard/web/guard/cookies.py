"""The session cookie, and the page token that belongs to it."""

import hashlib
import hmac

from starlette.responses import Response

from followguard.web.guard.doorway import Doorway

HEADER = "x-followguard-token"
FIELD = "token"


def cookie_name(doorway: Doorway) -> str:
    """Names the cookie. `__Host-` binds it to host and encryption; a port goes into the name: ports share cookies."""
    if doorway.secure:
        return "__Host-followguard"
    return f"followguard-{doorway.host.rpartition(':')[2]}" if doorway.host[-1:].isdigit() else "followguard"


def set_session(answer: Response, doorway: Doorway, token: str, seconds: int) -> None:
    """Gives the browser its session: out of reach of scripts, and never sent along from other sites."""
    answer.set_cookie(
        cookie_name(doorway), token, max_age=seconds, path="/", secure=doorway.secure, httponly=True, samesite="strict"
    )


def drop_session(answer: Response, doorway: Doorway) -> None:
    """Takes the cookie away."""
    answer.delete_cookie(cookie_name(doorway), path="/", secure=doorway.secure, httponly=True, samesite="strict")


def page_token(session_token: str) -> str:
    """Returns what each change must carry: made from the session, which pages and scripts can't read."""
    return hmac.new(session_token.encode(), b"followguard page", hashlib.sha256).hexdigest()


def is_page_token(given: str, session_token: str) -> bool:
    """Compares in a time that tells nothing."""
    return hmac.compare_digest(given.encode(), page_token(session_token).encode())
