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

_TEXTS = ("title", "detail", "message", "reason", "type", "required_enrollment", "error_description")
_SAID = ("detail", "message", "title")
_LONGEST = 200
_MOST = 200


@dataclass(frozen=True, slots=True)
class Problems:
    """The complaints of an answer.

    `wording`: all its texts in lower case, to look words up in. `codes`: X's old numbers. `said`: one sentence for
    people, safe to print. `rows`: the single complaints.
    """

    wording: str
    codes: frozenset[int]
    said: str
    rows: tuple[dict[str, object], ...]


def read_json(body: bytes) -> object:
    """Reads the body as JSON; a bad byte costs one letter, not the page. Raises ValueError when it is no JSON."""
    try:
        return json.loads(body.decode("utf-8-sig", errors="replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def problems_in(content: object) -> Problems:
    """Finds the complaints in decoded JSON: an object with `title` and `detail`, `errors` in any form, or none."""
    rows = tuple(_rows(content))
    texts = [str(row[key]) for row in rows for key in _TEXTS if isinstance(row.get(key), str)]
    parameters = [str(name) for row in rows for name in _names(row.get("parameters"))]
    codes = frozenset(code for row in rows if (code := _number(row.get("code"))) is not None)
    return Problems(" ".join(texts + parameters).lower(), codes, _sentence(rows), rows)


def problems_of(body: bytes) -> Problems:
    """Finds the complaints in a body. HTML, an empty body or nonsense is named as such."""
    try:
        return problems_in(read_json(body))
    except ValueError:
        start = body[:1000].lstrip().lower()
        kind = "an HTML page" if start.startswith(b"<") else "no JSON" if start else "an empty body"
        return Problems("", frozenset(), f"{kind} instead of an error in JSON", ())


def printable(text: str) -> str:
    """Makes one line of at most 200 characters for our terminal.

    Control, bidi and zero-width characters become blanks.
    """
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * _LONGEST])
    line = " ".join(shown.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _rows(content: object) -> Iterator[dict[str, object]]:
    """Yields the complaints inside: those under `errors` and `error`, then the object that holds them."""
    for item in _listed(content):
        if isinstance(item, dict):
            for key in ("errors", "error"):
                yield from (row for one in _listed(item.get(key)) if (row := _row(one)))
        if row := _row(item):
            yield row


def _listed(content: object) -> list[object]:
    return content[:_MOST] if isinstance(content, list) else [content]


def _row(content: object) -> dict[str, object]:
    if isinstance(content, str):
        return {"message": content}
    return content if isinstance(content, dict) else {}


def _number(code: object) -> int | None:
    text = str(code)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _names(parameters: object) -> list[object]:
    return list(parameters) if isinstance(parameters, dict) else []


def _sentence(rows: tuple[dict[str, object], ...]) -> str:
    """Picks the most telling text: the first detail or message, else the first title."""
    for key in _SAID:
        for row in rows:
            text = row.get(key)
            if isinstance(text, str) and text.strip():
                return printable(text).rstrip(".")
    return ""


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
    """Reads the object in a 2xx body that has `data`, `meta` or `errors`.

    Raises UnreadableAnswer.
    """
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
    """Reads the profiles under `data`, in X's order, none without it. Raises UnreadableAnswer."""
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
    """Gives `meta.next_token`, or None on the last page."""
    meta = content.get("meta")
    token = meta.get("next_token") if isinstance(meta, dict) else None
    return str(token) if isinstance(token, str | int) and str(token) else None


def gone_of(content: dict[str, object], asked: Collection[str]) -> dict[str, str]:
    """Maps each id asked that X calls gone to the reason: id -> why X no longer shows it."""
    gone: dict[str, str] = {}
    for complaint in problems_in({"errors": content.get("errors")}).rows:
        problems = problems_in(complaint)
        why = next((why for word, why in _GONE if word in problems.wording), None)
        if why:
            gone |= dict.fromkeys((one for one in _subjects(complaint) if one in asked), why)
    return gone


def _subjects(complaint: dict[str, object]) -> Iterator[str]:
    """Yields the ids that a complaint is about."""
    for key in ("resource_id", "value"):
        text = str(complaint.get(key))
        if is_id(text):
            yield text


def only_errors(content: dict[str, object]) -> Problems | None:
    """Gives the complaints of a 2xx that has errors and nothing else, or None."""
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
    """Reads our own account. Raises UnreadableAnswer when X doesn't say."""
    row = content.get("data")
    if not isinstance(row, dict) or not is_id(row.get("id")) or not isinstance(row.get("username"), str):
        raise UnreadableAnswer("it doesn't say whose the credentials are")
    metrics = row.get("public_metrics")
    count = metrics.get("followers_count") if isinstance(metrics, dict) else None
    known = isinstance(count, int) and not isinstance(count, bool) and count >= 0
    return Me(id=row["id"], username=printable(row["username"]), followers_count=count if known else None)


def follow_answer_of(content: dict[str, object]) -> FollowAnswer:
    """Reads whether X took the follow.

    Raises UnreadableAnswer when it doesn't say so in true or false.
    """
    row = content.get("data")
    following = row.get("following") if isinstance(row, dict) else None
    pending = (row.get("pending_follow") or False) if isinstance(row, dict) else None
    if not isinstance(following, bool) or not isinstance(pending, bool):
        raise UnreadableAnswer("it doesn't say whether it took the follow")
    return FollowAnswer(following=following, pending=pending)
