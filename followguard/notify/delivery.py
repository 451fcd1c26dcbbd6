"""Delivery by apprise: a message to each target, side by side, with a time limit and without a word of a secret."""

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from followguard.notify.targets import Addressee
from followguard.notify.waiting import answers

SECONDS = 20.0
"""How long all targets together may take."""
LONGEST = 1_800
"""Characters of a message; the smallest of the common chats takes 2,000."""
UNKNOWN_ADDRESS = "apprise doesn't know such an address, or something in it is missing"
UNREACHED = "it couldn't be reached, or refused"
SILENT = "no answer within {seconds:g} seconds; the message may have arrived all the same"
_STATUS = re.compile(r"error=(\d{3})\b")
_WAITED = re.compile("timed out|timeout", re.IGNORECASE)
_NOT_CONNECTED = re.compile("ConnectTimeout|connect timeout|NewConnection", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """A subject, and a text of our own words without markup."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of one target. `why`: our own words, empty where it is ok. `certain`: no answer leaves it open."""

    target: str
    why: str = ""
    certain: bool = True

    @property
    def ok(self) -> bool:
        """Whether the target took the message."""
        return not self.why

    def as_json(self) -> dict[str, object]:
        """Returns the row in the receipt."""
        return {"target": self.target, "ok": self.ok, "why": self.why or None}


@dataclass(frozen=True, slots=True)
class Letter:
    """A message and whom it is for."""

    target: Addressee
    message: Message


def deliver(letters: Sequence[Letter], seconds: float = SECONDS) -> list[Delivered]:
    """Sends each letter once; a target that fails or hangs keeps none of the others waiting. Raises nothing."""
    silent = SILENT.format(seconds=seconds)
    found = answers([partial(_delivered, letter) for letter in letters], seconds)
    return [
        done or Delivered(letter.target.name, silent, certain=False)
        for letter, done in zip(letters, found, strict=True)
    ]


def is_known(address: str) -> bool:
    """Tells whether apprise knows what to do with the address. Nothing is sent."""
    with _overheard():
        return _service(address) is not None


def _delivered(letter: Letter) -> Delivered:
    """Sends one letter; what apprise or the target says is looked at, and never passed on."""
    target = letter.target
    with _overheard() as heard:
        try:
            taken = _send(target.address, letter.message)
        except Exception:  # noqa: BLE001 - what it says may hold the address
            taken = False
    if taken is None:
        return Delivered(target.name, UNKNOWN_ADDRESS)
    return Delivered(target.name) if taken else _refused(target.name, " ".join(heard))


def _refused(name: str, heard: str) -> Delivered:
    status = _STATUS.search(heard)
    if status:
        return Delivered(name, f"it answered with error {status[1]}")
    if _WAITED.search(heard) and not _NOT_CONNECTED.search(heard):
        return Delivered(name, "it gave no answer; the message may have arrived all the same", certain=False)
    return Delivered(name, UNREACHED)


def _send(address: str, message: Message) -> bool | None:
    """Returns None for an address that apprise doesn't know."""
    from apprise import Apprise

    service = _service(address)
    if service is None:
        return None
    box = Apprise(asset=service.asset)  # type: ignore[attr-defined]
    box.add(service)  # type: ignore[arg-type]
    text = message.text if len(message.text) <= LONGEST else f"{message.text[: LONGEST - 1].rstrip()}…"
    return bool(box.notify(text, title=message.title, body_format="text"))


def _service(address: str) -> object | None:
    from apprise import Apprise, AppriseAsset, PersistentStoreMode

    asset = AppriseAsset(
        app_id="followguard",
        app_desc="followguard",
        app_url="",
        async_mode=False,
        service_timeout=0,  # ours holds: apprise's own would leave threads that keep the program from ending
        storage_mode=PersistentStoreMode.MEMORY,
    )
    return Apprise.instantiate(address, asset=asset, suppress_exceptions=True)


class _Ear(logging.Handler):
    """What apprise logs in this thread, kept from every other handler: there are addresses in it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps it in mind until the letter is sent."""
        if record.thread == self._thread:
            self.heard.append(record.getMessage())


@contextmanager
def _overheard() -> Iterator[list[str]]:
    import apprise  # noqa: F401 - its logger is set up when it is imported

    logger, ear = logging.getLogger("apprise"), _Ear()
    logger.propagate = False
    logger.setLevel(logging.DEBUG)
    logger.addHandler(ear)
    try:
        yield ear.heard
    finally:
        logger.removeHandler(ear)
