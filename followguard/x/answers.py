"""Answers of X turned into what the ports promise, row by row: a bad row never costs the good ones."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from followguard.domain.follower import Profile
from followguard.domain.x_profile import profile_from_x
from followguard.errors import NotFound
from followguard.x.address import is_id
from followguard.x.contract import FollowAnswer, Me, Rejected
from followguard.x.problems import Problems, printable, problems_in, read_json

LONGEST_ROW = 2_000
"""Characters of a bad row that are kept with its error."""

_GONE: tuple[tuple[str, str], ...] = (
    ("suspended", "suspended"),
    ("resource-not-found", "not found"),
    ("not found", "not found"),
    ("could not find", "not found"),
    ("deactivated", "not found"),
    ("not-authorized", "not shown to us"),
    ("not authorized", "not shown to us"),
    ("resource-unavailable", "not shown to us"),
    ("disallowed-resource", "not shown to us"),
)
"""Wording of a complaint about one id -> why X no longer shows it. Anything else says nothing of the follower."""
_PASSING = ("unavailable", "over capacity", "internal", "temporar", "timed out", "timeout", "try again")
"""Words of a complaint that will be over soon."""


class UnreadableAnswer(Exception):
    """A 2xx whose body isn't what the call gives. It never leaves the gateway, which makes it one of the tree."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a page or a look-up. `returned` counts all of them, bad ones too: all were paid for."""

    profiles: tuple[Profile, ...]
    rejected: tuple[Rejected, ...]
    returned: int


def content_of(body: bytes) -> dict[str, object]:
    """The object in a 2xx body that has `data`, `meta` or `errors`. Raises UnreadableAnswer."""
    try:
        content = read_json(body)
    except ValueError as error:
        raise UnreadableAnswer("its answer isn't JSON, or was cut off") from error
    if not isinstance(content, dict):
        raise UnreadableAnswer("its answer isn't a JSON object")
    if not any(isinstance(content.get(key), dict | list) for key in ("data", "meta", "errors")):
        said = problems_in(content).said
        raise UnreadableAnswer(f"its answer has neither data nor errors{': ' + said if said else ''}")
    return content


def rows_of(content: dict[str, object], observed_at: datetime) -> Rows:
    """The profiles under `data`, in X's order. Without `data` there are none. Raises UnreadableAnswer."""
    raw_rows = content.get("data")
    if raw_rows is None:
        raw_rows = []
    if not isinstance(raw_rows, list):
        raise UnreadableAnswer("its data isn't a list")
    profiles: list[Profile] = []
    rejected: list[Rejected] = []
    for raw in raw_rows:
        try:
            profiles.append(profile_from_x(raw, observed_at))
        except ValueError as error:
            rejected.append(Rejected(json.dumps(raw)[:LONGEST_ROW], str(error)))
    return Rows(tuple(profiles), tuple(rejected), len(raw_rows))


def next_token_of(content: dict[str, object]) -> str | None:
    """`meta.next_token`, or None on the last page."""
    meta = content.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return str(token) if isinstance(token, str | int) and str(token) else None


def gone_of(content: dict[str, object], asked: Collection[str]) -> dict[str, str]:
    """id -> why X no longer shows it, for the ids asked that X complains of in a way that says so."""
    gone: dict[str, str] = {}
    for complaint in problems_in({"errors": content.get("errors")}).rows:
        problems = problems_in(complaint)
        why = next((why for word, why in _GONE if word in problems.wording), None)
        if why:
            gone |= dict.fromkeys((one for one in _subjects(complaint) if one in asked), why)
    return gone


def _subjects(complaint: dict[str, object]) -> Iterator[str]:
    """The ids that a complaint is about."""
    for key in ("resource_id", "value"):
        text = str(complaint.get(key))
        if is_id(text):
            yield text


def only_errors(content: dict[str, object]) -> Problems | None:
    """The complaints of a 2xx that has errors and nothing else, or None."""
    complains = bool(content.get("errors")) and content.get("data") is None
    return problems_in({"errors": content["errors"]}) if complains else None


def refuse_only_errors(content: dict[str, object], whom: str) -> None:
    """Raises NotFound when X has nothing but complaints about the subject, UnreadableAnswer when they'll pass."""
    problems = only_errors(content)
    if problems is None or next_token_of(content):
        return
    if any(word in problems.wording for word in _PASSING):
        raise UnreadableAnswer(f"it says {problems.said}")
    raise NotFound(
        f"X shows nothing of {whom}: {problems.said}.",
        "See on X whether it is suspended, renamed or closed; the handle stands in followguard.toml.",
    )


def me_of(content: dict[str, object]) -> Me:
    """Who we are. Raises UnreadableAnswer when X doesn't say."""
    row = content.get("data")
    if not isinstance(row, dict) or not is_id(row.get("id")) or not isinstance(row.get("username"), str):
        raise UnreadableAnswer("it doesn't say whose the credentials are")
    metrics = row.get("public_metrics")
    count = metrics.get("followers_count") if isinstance(metrics, dict) else None
    known = isinstance(count, int) and not isinstance(count, bool) and count >= 0
    return Me(id=row["id"], username=printable(row["username"]), followers_count=count if known else None)


def follow_answer_of(content: dict[str, object]) -> FollowAnswer:
    """Whether X took the follow. Raises UnreadableAnswer when it doesn't say so in true or false."""
    row = content.get("data")
    following = row.get("following") if isinstance(row, dict) else None
    pending = (row.get("pending_follow") or False) if isinstance(row, dict) else None
    if not isinstance(following, bool) or not isinstance(pending, bool):
        raise UnreadableAnswer("it doesn't say whether it took the follow")
    return FollowAnswer(following=following, pending=pending)
