"""X's error bodies, in every shape they come in, read without ever failing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

_TEXTS = ("title", "detail", "message", "reason", "type", "required_enrollment", "error_description")
_SAID = ("detail", "message", "title")
_LONGEST = 200
_MOST = 200


@dataclass(frozen=True, slots=True)
class Problems:
    """What an answer complains of. `wording`: all its texts in lower case, to look words up in; `codes`: X's old
    numbers; `said`: one sentence for people, safe to print; `rows`: the single complaints.
    """

    wording: str
    codes: frozenset[int]
    said: str
    rows: tuple[dict[str, object], ...]


def read_json(body: bytes) -> object:
    """The body as JSON; one bad byte costs one letter, not the page. Raises ValueError when it is no JSON."""
    try:
        return json.loads(body.decode("utf-8-sig", errors="replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def problems_in(content: object) -> Problems:
    """What decoded JSON complains of: an object with `title` and `detail`, `errors` in any form, or nothing."""
    rows = tuple(_rows(content))
    texts = [str(row[key]) for row in rows for key in _TEXTS if isinstance(row.get(key), str)]
    parameters = [str(name) for row in rows for name in _names(row.get("parameters"))]
    codes = frozenset(code for row in rows if (code := _number(row.get("code"))) is not None)
    return Problems(" ".join(texts + parameters).lower(), codes, _sentence(rows), rows)


def problems_of(body: bytes) -> Problems:
    """What a body complains of. HTML, nothing or nonsense is named as such."""
    try:
        return problems_in(read_json(body))
    except ValueError:
        start = body[:1000].lstrip().lower()
        kind = "an HTML page" if start.startswith(b"<") else "no JSON" if start else "an empty body"
        return Problems("", frozenset(), f"{kind} instead of an error in JSON", ())


def printable(text: str) -> str:
    """One line of at most 200 characters without control, bidi or zero-width ones: X's words on our terminal."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * _LONGEST])
    line = " ".join(shown.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _rows(content: object) -> Iterator[dict[str, object]]:
    """The complaints inside: those under `errors` and `error`, then the object that holds them."""
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
    """The most telling text: the first detail or message, else the first title."""
    for key in _SAID:
        for row in rows:
            text = row.get(key)
            if isinstance(text, str) and text.strip():
                return printable(text).rstrip(".")
    return ""
