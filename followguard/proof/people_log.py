"""The log for people: who did what and when, in words. It reads and proves nothing; `proof.rules` does that."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from followguard.accounts.people import person_named
from followguard.accounts.store import People
from followguard.accounts.ways_in import unknown_person
from followguard.domain.labels import REASON_WORDS, RejectReason
from followguard.domain.wording import counted, safe_text
from followguard.errors import AmbiguousFollower, UnknownFollower
from followguard.followers.find_store import FollowerSearch, parse_follower
from followguard.proof.log_kinds import SENTENCES, sentence
from followguard.proof.log_line import LogFilter, LogLine
from followguard.proof.log_store import LoggedEntry, PeopleLog
from followguard.store.log import NOBODY
from followguard.store.work import Work

FORGOTTEN = "a forgotten follower"
ERASED = "the details are erased"
AT_ONCE = 1_000
NOTHING: Mapping[str, Any] = {}


def read_log(work: Work, wanted: LogFilter) -> list[LogLine]:
    """Returns the newest entries that the filter lets through, the newest last."""
    return list(stream_log(work, wanted))


def stream_log(work: Work, wanted: LogFilter) -> Iterator[LogLine]:
    """Yields what `read_log` returns, some at a time."""
    names = {each.pseudonym: each.name for each in People(work).all()} | {NOBODY: NOBODY}
    entries = iter(PeopleLog(work).entries(wanted))
    while part := list(islice(entries, AT_ONCE)):
        usernames = PeopleLog(work).usernames({each.follower_id for each in part if each.follower_id})
        yield from (_line(each, names, usernames) for each in part)


def _line(entry: LoggedEntry, names: Mapping[str, str], usernames: Mapping[str, str | None]) -> LogLine:
    known = entry.follower_id in usernames
    username = usernames.get(entry.follower_id or "")
    words = sentence(entry.kind, _values(entry, names, usernames))
    erased = entry.payload is None
    if erased and "{" in SENTENCES.get(entry.kind, "{"):
        words += f" ({ERASED})"
    return LogLine(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        account=entry.account,
        by=names.get(entry.actor, entry.actor),
        words=words,
        follower_id=entry.follower_id if known else None,
        username=username,
        item=entry.item,
        erased=erased,
    )


def _values(entry: LoggedEntry, names: Mapping[str, str], usernames: Mapping[str, str | None]) -> dict[str, str]:
    said = NOTHING if entry.payload is None else entry.payload
    person = str(said.get("person") or "")
    whom = str(said.get("asked") or said.get("to") or "")
    return {
        "who": _who(entry, usernames),
        "whom": _shown(names.get(whom, whom)) or "a colleague",
        "person": _shown(names.get(person, person)) or "somebody",
        "roles": _roles(said),
        "reason": _reason(said),
        "until": f" until {_shown(said['until'])}" if said.get("until") else "",
        "day": _shown(str(said.get("since") or ""))[:10],
        "voided": _voided(said.get("voided")),
        "model": _shown(said.get("model")),
        "route": _shown(said.get("route")) or "a department",
        "test": _shown(said.get("test")),
        "why": f": {_shown(said['why'])}" if said.get("why") else "",
    }


def _who(entry: LoggedEntry, usernames: Mapping[str, str | None]) -> str:
    if entry.follower_id is None or entry.follower_id not in usernames:
        return FORGOTTEN
    username = usernames[entry.follower_id]
    name = f"@{safe_text(username, 40)}" if username else f"follower {entry.follower_id}"
    return f"{name} (item:{entry.item})" if entry.item is not None else name


def _reason(said: Mapping[str, Any]) -> str:
    """Returns `: spam`, or `: a real account` for an overrule without a reason."""
    reason = said.get("reason")
    words = [REASON_WORDS[RejectReason(reason)]] if reason in set(RejectReason) else []
    if said.get("real"):
        words.append("a real account")
    return f": {', '.join(words)}" if words else ""


def _roles(said: Mapping[str, Any]) -> str:
    roles: Sequence[Any] = said.get("roles") or [said.get("role") or ""]
    return ", ".join(_shown(each) for each in roles) or "nothing"


def _voided(number: object) -> str:
    return f"; {counted(number, 'follow order')} went with it" if isinstance(number, int) and number else ""


def _shown(value: object) -> str:
    return safe_text("" if value is None else str(value), 200)


def actor_named(work: Work, name: str) -> str:
    """Returns the pseudonym of a person, also of one who was withdrawn; "followguard" stands for the program.

    Raises `UnknownPerson`.
    """
    person = person_named(work, name)
    if person is not None:
        return person.pseudonym
    if name.strip().casefold() == NOBODY:
        return NOBODY
    raise unknown_person(work, name)


def follower_named(work: Work, text: str) -> str:
    """Returns the id of the follower that a name stands for, of whichever account.

    Raises `UsageError`, `UnknownFollower`, `AmbiguousFollower`.
    """
    found = sorted({each.follower_id for each in FollowerSearch(work).find(parse_follower(text), None)}, key=int)
    shown = safe_text(text, 60)
    if not found:
        message = f"Nobody on record is called {shown}."
        raise UnknownFollower(message, "Whoever was forgotten can't be found. See followguard review list --all")
    if len(found) > 1:
        raise AmbiguousFollower(f"{shown} was the username of several.", f"Give the id, one of: {', '.join(found)}")
    return found[0]
