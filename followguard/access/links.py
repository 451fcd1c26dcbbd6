"""Personal sign-in links: made for one person, good once and not for long."""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from followguard.access.store import Links, SignInLink
from followguard.accounts.store import People
from followguard.domain.person import Person
from followguard.errors import ASK_FOR_A_LINK, LinkRefused
from followguard.store.log import NOBODY, Log
from followguard.store.work import Work

INVITE, NIGHT = "invite", "night"
INVITED_FOR = timedelta(minutes=15)
SKEW = timedelta(minutes=1)
"""How far clocks of two machines may be apart."""
_TOKEN_BYTES = 32


def new_token(work: Work) -> str:
    """Draws 256 bits, as 43 letters that can stand in an address."""
    return urlsafe_b64encode(work.token_bytes(_TOKEN_BYTES)).decode().rstrip("=")


def make_link(
    work: Work, person: Person, now: datetime, expires_at: datetime, kind: str = NIGHT, by: Person | None = None
) -> str:
    """Makes a link for the person and returns its token; the address is `{desk url}/sign-in/{token}`.

    `by`: who asked for it; None: the night. The log tells of it without the token.
    """
    token = new_token(work)
    Links(work).add(person.id, token, kind, now, expires_at)
    payload = {"person": person.pseudonym, "kind": kind, "expires_at": expires_at.astimezone(UTC).isoformat()}
    Log(work).append(now, "desk.invite", "", by.pseudonym if by else NOBODY, payload)
    return token


def good_link(work: Work, token: str, now: datetime) -> tuple[SignInLink, Person]:
    """Finds the link that a person came with, and spends nothing. Raises `LinkRefused` unless it is good now."""
    link = Links(work).by_token(token)
    if link is None:
        raise _refused("This sign-in link isn't known here.")
    if link.used_at is not None:
        raise _refused("This sign-in link was used already; each is good once.")
    if link.ended_at is not None:
        raise _refused("This sign-in link was taken back.")
    if link.made_at > now + SKEW:
        raise _refused("This sign-in link was made later than this machine's clock says it is: the clock went back.")
    if now >= link.expires_at or Links(work).latest_since(link.id) >= _in_log(link.expires_at):
        raise _refused("This sign-in link is too old.")
    return link, _standing(work, link)


def _standing(work: Work, link: SignInLink) -> Person:
    person = next((each for each in People(work).all() if each.id == link.person_id), None)
    if person is None or person.withdrawn_at is not None or not People(work).grants(person.id):
        raise LinkRefused("The person of this sign-in link has no role here any more.", "Ask an owner.")
    return person


def _in_log(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _refused(message: str) -> LinkRefused:
    return LinkRefused(message, ASK_FOR_A_LINK)
