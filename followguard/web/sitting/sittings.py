"""The sittings of everybody who is at the desk now, each with its cards, kept in this process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock

from followguard.domain.policy import AccountSettings
from followguard.review.desk.progress import Progress
from followguard.review.desk.session import Desk
from followguard.store.store import Store
from followguard.web.sitting.hand import Sitting

Key = tuple[int, tuple[str, ...]]
MOST = 100
"""How many sittings are kept; the oldest goes first."""


@dataclass(slots=True, kw_only=True)
class Sittings:
    """Sittings by session and accounts. One that was lost, as by a restart, begins anew: what was decided is saved.

    `folder`: where the configuration stands, and the guidelines that it names.
    """

    store: Store
    clock: Callable[[], datetime]
    seed: int
    folder: Path
    secret: bytes
    """Signs what a page was shown; this process's own."""
    _open: dict[Key, Sitting] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, session: int, person: str, accounts: Sequence[AccountSettings]) -> Sitting:
        """Returns the session's sitting over these accounts. Raises `MissingRole` for who may decide for none."""
        key = (session, tuple(each.handle for each in accounts))
        with self._lock:
            found = self._open.get(key)
        if found is None:
            settings = {each.handle: each for each in accounts}
            desk = Desk(
                store=self.store, accounts=settings, by=person, clock=self.clock, seed=self.seed, folder=self.folder
            )
            desk.sit_down()
            told = desk.read_guidelines()
            made = Sitting(desk=desk, clock=self.clock, told=told, progress=Progress(usual=desk.usual_pace()))
            with self._lock:
                found = self._open.setdefault(key, made)
                over = [self._open.pop(each) for each in list(self._open)[:-MOST]]
            for each in over:
                each.leave()
        return found

    def leave(self, session: int) -> None:
        """Gives the cards of the session's sittings back; they go on where they were when the person comes back."""
        with self._lock:
            left = [sitting for key, sitting in self._open.items() if key[0] == session]
        for each in left:
            each.leave()

    def leave_all(self) -> None:
        """Gives every card back, when the desk closes."""
        for session in {key[0] for key in list(self._open)}:
            self.leave(session)
