"""Sessions: begun by spending a link, looked at with every request, ended for good."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from followguard.access.links import SKEW, good_link, new_token
from followguard.access.store import Links, Session, Sessions
from followguard.accounts.store import People
from followguard.domain.person import Person
from followguard.errors import ASK_FOR_A_LINK, LinkRefused
from followguard.store.log import NOBODY, Log
from followguard.store.work import Work


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What came of a sign-in. `token` goes to the browser and is kept nowhere else."""

    person: Person
    session: Session
    token: str


def sign_in(work: Work, link_token: str, now: datetime, length: timedelta, before: str = "") -> SignedIn:
    """Spends the link, once however often it is posted, and begins a session with a token of its own.

    `before`: the session token that the browser came with; that session ends. Raises `LinkRefused`.
    """
    link, person = good_link(work, link_token, now)
    if not Links(work).use(link.id, now):
        raise LinkRefused("This sign-in link was used already; each is good once.", ASK_FOR_A_LINK)
    if before:
        sign_out(work, before, now)
    token = new_token(work)
    session = Sessions(work).add(link, token, now, now + length)
    Log(work).append(now, "desk.sign_in", "", person.pseudonym, {"kind": link.kind})
    return SignedIn(person, session, token)


def standing_session(work: Work, token: str, now: datetime) -> tuple[Session, Person] | None:
    """Finds the session that a request came with; None unless it stands and its person still has a role.

    One that was shown after its end is ended for good, so that a clock that goes back can't open it again.
    """
    found = Sessions(work).by_token(token) if token else None
    if found is None or found[0].ended_at is not None or found[0].started_at > now + SKEW:
        return None
    session, person = found
    if now >= session.expires_at or person.withdrawn_at is not None or not People(work).grants(person.id):
        Sessions(work).end(session.id, now)
        return None
    return session, person


def sign_out(work: Work, token: str, now: datetime) -> bool:
    """Ends the session of this token; False where none stood."""
    found = Sessions(work).by_token(token)
    if found is None or not Sessions(work).end(found[0].id, now):
        return False
    Log(work).append(now, "desk.sign_out", "", found[1].pseudonym, {"person": found[1].pseudonym, "sessions": 1})
    return True


def sign_out_everywhere(work: Work, person: Person, now: datetime, by: Person | None = None) -> tuple[int, int]:
    """Ends all of the person's sessions and takes unused links back; returns (sessions, links)."""
    ended = Sessions(work).end_all(person.id, now), Links(work).end_all(person.id, now)
    if any(ended):
        payload = {"person": person.pseudonym, "sessions": ended[0], "links": ended[1]}
        Log(work).append(now, "desk.sign_out", "", by.pseudonym if by else NOBODY, payload)
    return ended
