"""Bodies of requests: read whole before a page runs, and never more than a page of the desk sends."""

from urllib.parse import parse_qs

from starlette.types import Message, Receive

from followguard.errors import RequestTooLarge

LIMIT = 64 * 1024
FORM = "application/x-www-form-urlencoded"


async def read_body(receive: Receive, said: str | None, limit: int = LIMIT) -> bytes:
    """Reads the body. `said` is its Content-Length. Raises `RequestTooLarge` as soon as it is known to be."""
    if said is not None and said.isdigit() and int(said) > limit:
        raise _too_large(limit)
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > limit:
            raise _too_large(limit)
    return body


def replayed(body: bytes, receive: Receive) -> Receive:
    """Returns a `receive` that gives the body once more, and then what the connection says."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return waiting.pop() if waiting else await receive()

    return again


def form_field(body: bytes, content_type: str, name: str) -> str:
    """Returns a field of a form that was sent in the plain way, empty where there is none."""
    if content_type.partition(";")[0].strip().lower() != FORM:
        return ""
    try:
        return parse_qs(body.decode(), max_num_fields=200).get(name, [""])[0]
    except ValueError:
        return ""


def _too_large(limit: int) -> RequestTooLarge:
    return RequestTooLarge(
        f"That is more than {limit // 1024} KiB; nothing of it was taken.", "Shorten it, and send it again."
    )
