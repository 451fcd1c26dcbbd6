"""What tests and demonstrations ask of the sandbox itself: `/_sandbox/...`, the same by HTTP and in the process."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime

from followguard.domain.follower import Profile
from followguard.errors import ConfigurationError, UnknownFollower
from followguard.sandbox.stand_in import StandIn
from followguard.sandbox.world import iso

DEEDS = ("leave", "return", "suspend", "followed_by_hand", "unfollowed_by_hand", "change")
_CHANGEABLE = frozenset(field.name for field in fields(Profile)) - {"id", "observed_at", "created_at", "connection"}


class Control:
    """Moves the sandbox on and tells the truth about it. Every method returns what JSON can hold."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._world = stand_in.world

    def next_night(self, now: datetime | None = None) -> dict[str, object]:
        """Brings the next night's followers to all accounts: `{"night", "now", "accounts": {handle: counts}}`."""
        with self._stand_in.lock:
            return self._world.next_night(now)

    def set_clock(self, now: datetime) -> dict[str, object]:
        """Moves the clock, so that rate limits and the billing day move on, and brings nobody."""
        with self._stand_in.lock:
            self._world.set_clock(now)
            return {"night": self._world.night, "now": iso(self._world.now())}

    def ledger(self) -> dict[str, object]:
        """Tells the numbers read, followed, refused and billed, per account and night."""
        with self._stand_in.lock:
            return {"night": self._world.night, "now": iso(self._world.now())} | self._stand_in.ledger.statement()

    def state(self) -> dict[str, object]:
        """Tells the ground truth: followers newest first with kinds, the accounts' follows, the faults."""
        with self._stand_in.lock:
            return self._world.truth() | {"faults": self._stand_in.faults.state()}

    def set_faults(self, faults: list[dict[str, object]]) -> dict[str, object]:
        """Sets these faults from now on, instead of the ones before."""
        self._stand_in.set_faults(faults)
        return {"faults": len(faults)}

    def intervene(
        self, deed: str, follower_id: str, account: str, change: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """Does one of `DEEDS` to one follower, as life would have it."""
        if deed not in DEEDS:
            raise ConfigurationError(f"Nobody can {deed!r} in the sandbox.", f"There are: {', '.join(DEEDS)}.")
        wrong = sorted(set(change or {}) - _CHANGEABLE)
        if wrong:
            raise ConfigurationError(
                f"A follower's {wrong[0]!r} can't change.", f"There are: {', '.join(sorted(_CHANGEABLE))}."
            )
        with self._stand_in.lock:
            self._do(deed, self._world.person(follower_id), account, change or {})
        return {"did": deed, "id": follower_id, "account": account}

    def _do(self, deed: str, person: int, handle: str, change: Mapping[str, object]) -> None:
        world, account = self._world, self._world.account(handle)
        if deed == "leave" and person not in account.followers:
            raise UnknownFollower(
                f"Nobody leaves who doesn't follow @{handle}.", "Take an id from the sandbox's state."
            )
        deeds: dict[str, Callable[[], object]] = {
            "leave": lambda: account.followers.remove(person),
            "return": lambda: account.followers.add([person]),
            "suspend": lambda: world.people.suspended.add(person),
            "followed_by_hand": lambda: account.following.add(person),
            "unfollowed_by_hand": lambda: account.following.discard(person),
            "change": lambda: world.people.change(person, **change),
        }
        deeds[deed]()


def posted(control: Control, what: str, body: bytes) -> object:
    """Carries out `POST /_sandbox/<what>`; None for an unknown one. Raises ConfigurationError for a bad body."""
    asked = _json(body)
    table: dict[str, Callable[[], object]] = {
        "night": lambda: control.next_night(_time(_object(asked).get("now"))),
        "clock": lambda: control.set_clock(_time(_object(asked).get("now")) or _no_time()),
        "faults": lambda: control.set_faults(_rows(asked)),
        "follower": lambda: _intervene(control, _object(asked)),
    }
    return table[what]() if what in table else None


def gotten(control: Control, what: str) -> object:
    """Carries out `GET /_sandbox/<what>`; None where there is no such thing."""
    table: dict[str, Callable[[], object]] = {"ledger": control.ledger, "state": control.state}
    return table[what]() if what in table else None


def _intervene(control: Control, asked: Mapping[str, object]) -> object:
    change = asked.get("change")
    return control.intervene(
        str(asked.get("do")), str(asked.get("id")), str(asked.get("account")), _object(change) if change else None
    )


def _json(body: bytes) -> object:
    try:
        return json.loads(body or b"{}")
    except ValueError as error:
        raise ConfigurationError(f"The body isn't JSON: {error}.", "Send an object, or a list of faults.") from error


def _object(asked: object) -> Mapping[str, object]:
    if not isinstance(asked, dict):
        raise ConfigurationError(f"An object was expected, not {str(asked)[:80]!r}.", "See docs/sandbox.md.")
    return asked


def _rows(asked: object) -> list[dict[str, object]]:
    rows = asked.get("faults") if isinstance(asked, dict) else asked
    if not isinstance(rows, list):
        raise ConfigurationError("The faults aren't a list.", 'Send [{"on": "followers", "fault": "http_500"}].')
    return rows


def _time(text: object) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(str(text))
    except ValueError as error:
        raise ConfigurationError(f"{text!r} isn't a time.", "Write it as 2026-11-03T00:05:00Z.") from error


def _no_time() -> datetime:
    raise ConfigurationError("The clock was given no time.", 'Send {"now": "2026-11-03T00:05:00Z"}.')
