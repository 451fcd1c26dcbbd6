"""Departments hear of followers whom a person has sent their way: a count and a link, by a mark never twice."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from followguard.accounts.store import Accounts
from followguard.domain.installation import Installation
from followguard.domain.policy import Route
from followguard.domain.units import day_of
from followguard.domain.wording import counted
from followguard.notify.delivery import Delivered, Message
from followguard.notify.message import plain_name
from followguard.notify.store import MarkKey, RouteMarks, SentOnward
from followguard.notify.targets import Target, route_targets
from followguard.review.routes import words_matching
from followguard.store.work import Work

NEW_TARGET = timedelta(days=1)
"""A target that is new hears of what was decided within this time."""
MOST_NAMED = 20
_NOT_PLAIN = re.compile(r"[^\w .,'&+-]|_")


@dataclass(frozen=True, slots=True)
class Heard:
    """How far a target has heard along one source: before a message, and by it."""

    key: MarkKey
    before: int
    upto: int


@dataclass(frozen=True, slots=True)
class Word:
    """A message for one target of a department, and how far it brings the target."""

    target: Target
    message: Message
    marks: tuple[Heard, ...]


@dataclass(frozen=True, slots=True)
class OneFor:
    """A follower for a department, and why: `bio: journalist`."""

    follower: SentOnward
    basis: str


Source = Callable[[Work, MarkKey, Route, int], list[OneFor]]


def approved_for(work: Work, key: MarkKey, route: Route, after: int) -> list[OneFor]:
    """Finds those approved by a person whose bio matches the route, by decisions after that one."""
    found = ((each, words_matching(each.bio, route)) for each in RouteMarks(work).approved(key.account_id, after))
    return [OneFor(each, f"bio: {', '.join(map(plain, words))}") for each, words in found if words]


def routed_for(work: Work, key: MarkKey, _: Route, after: int) -> list[OneFor]:
    """Finds those whom a person sent this way by hand, by routings after that one. The note stays on the card."""
    return [OneFor(each, "by hand") for each in RouteMarks(work).routed(key, after)]


SOURCES: dict[str, Source] = {"decisions": approved_for, "routings": routed_for}
"""Table that a mark counts along -> who came by it."""


def words_for(work: Work, installation: Installation, handles: Sequence[str], now: datetime) -> list[Word]:
    """Words what each target of each department of these accounts hasn't heard yet, and notes that it goes out."""
    rows = {row.handle: row.id for row in Accounts(work).all()}
    return [
        word
        for handle in handles
        if handle in rows
        for route in installation.accounts[handle].routes
        for target in route_targets(installation, handle, route.name)
        if (word := _word(work, installation, _Place(handle, route, target, rows[handle]), now))
    ]


def settle(work: Work, word: Word, done: Delivered, now: datetime) -> None:
    """Notes what came of it: told for good where it arrived or may have arrived, else told again next time."""
    for mark in word.marks:
        RouteMarks(work).put(mark.key, mark.upto if done.ok or not done.certain else mark.before, now)


@dataclass(frozen=True, slots=True)
class _Place:
    """One target of one department."""

    handle: str
    route: Route
    target: Target
    account_id: int

    def key(self, source: str) -> MarkKey:
        """Names its mark; the entry itself may be a secret."""
        entry = hashlib.sha256(self.target.entry.encode()).hexdigest()
        return MarkKey(account_id=self.account_id, route=self.route.name, target=entry, source=source)


def _word(work: Work, installation: Installation, place: _Place, now: datetime) -> Word | None:
    found: dict[str, OneFor] = {}
    marks: list[Heard] = []
    for source, find in SOURCES.items():
        key = place.key(source)
        before = RouteMarks(work).heard(key, now - NEW_TARGET)
        new = find(work, key, place.route, before)
        upto = max((each.follower.row for each in new), default=before)
        RouteMarks(work).put(key, before, now, sending=upto if new else None)
        marks.append(Heard(key, before, upto))
        found = {each.follower.follower_id: each for each in new} | found
    if not found:
        return None
    return Word(place.target, _message(installation, place, list(found.values())), tuple(marks))


def _message(installation: Installation, place: _Place, found: Sequence[OneFor]) -> Message:
    many, route = counted(len(found), "follower"), plain(place.route.name)
    since = day_of(min(each.follower.at for each in found))
    lines = [f"{place.handle}: a person sent {many} your way since {since}."]
    if installation.notify.profiles:
        lines += [_named(each) for each in found[:MOST_NAMED]]
        lines += [f"- and {len(found) - MOST_NAMED:,} more"] if len(found) > MOST_NAMED else []
    if installation.desk.url:
        lines.append(f"See them: {filtered_link(installation, place.handle, place.route.name, since)}")
    return Message(f"followguard: {many} for {route}", "\n".join(lines))


def _named(one: OneFor) -> str:
    return f"- {plain_name(one.follower.username) or 'no username'} ({one.basis})"


def filtered_link(installation: Installation, handle: str, route: str, since: str) -> str:
    """Returns the desk's search for these; the account stands in it where there are several."""
    wanted = {"route": route, "since": since} | ({"account": handle} if len(installation.accounts) > 1 else {})
    return f"{installation.desk.url.rstrip('/')}/search?{urlencode(wanted, quote_via=quote)}"


def plain(text: str) -> str:
    """Returns the text without what a chat could read as markup, a mention or an address."""
    return " ".join(_NOT_PLAIN.sub(" ", text).replace(".", "").split())[:60]
