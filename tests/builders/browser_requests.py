"""Requests that a page of the desk didn't make: made up, or captured and sent again, with the page's own session."""

from collections.abc import Mapping
from typing import Any

from tests.builders.browser_desk import Seat


def decision(seat: Seat, action: str = "approve", **more: Any) -> dict[str, Any]:
    """What the page would send about the card on its screen, with a fresh word that it was seen."""
    item = int(seat.key.partition(":")[2])
    word = send(seat, "/desk/seen", {"item": item}).json()["seen"]
    seat.desk.pass_time(seconds=1)
    return {"item": item, "seen": word, "action": action} | more


def send(seat: Seat, path: str, body: Mapping[str, Any], **headers: str | None) -> Any:
    """Sends it with the cookie of this browser and, unless `headers` say otherwise, as a page of the desk does.

    A header that is None isn't sent.
    """
    own = {"origin": seat.desk.address, "x-followguard-token": token(seat), "accept": "application/json"}
    said = own | {name.replace("_", "-"): value for name, value in headers.items()}
    known = {name: value for name, value in said.items() if value is not None}
    return seat.page.context.request.post(seat.desk.address + path, data=dict(body), headers=known)


def token(seat: Seat) -> str:
    """The token of the page."""
    return str(seat.page.locator("meta[name=csrf]").get_attribute("content"))
