"""The follower list as it was read: passes, followers and their snapshots."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from followguard.domain.follower import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPass:
    """One reading of a follower list from its top down to the mark, over as many runs as it takes.

    `token` is where the next page begins, None for the top; `position` counts the rows placed so far; `progress` is
    what the stop rule remembers between runs.
    """

    id: int
    account_id: int
    kind: str
    started_at: datetime
    token: str | None
    position: int
    progress: dict[str, Any]

    def moved(self, token: str | None, position: int, progress: dict[str, Any]) -> "ReadingPass":
        """The same pass, one page further."""
        return replace(self, token=token, position=position, progress=progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPass:
    """A finished pass: when it began, what it remembered at the end, how it ended (`domain.list_end` has the words)."""

    id: int
    started_at: datetime
    progress: dict[str, Any]
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """When a recorded follower was last seen, and whether they had left by then. `connection` is X's word."""

    last_seen_at: datetime
    left_at: datetime | None
    connection: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAgain:
    """A recorded follower seen once more. `changed`: a person would see a difference; `returned`: they had left, or
    the list is read and they were missing in it before.
    """

    snapshot_id: int
    changed: bool
    returned: bool


class Reading(Protocol):
    """Only the nights, reconcile and recheck write here."""

    def open_pass(self, account_id: int, kind: str) -> ReadingPass | None:
        """The pass that isn't finished, if there is one. `kind`: night | reconcile."""
        ...

    def start_pass(self, account_id: int, kind: str, progress: dict[str, Any], now: datetime) -> ReadingPass:
        """A new pass at the top of the list."""
        ...

    def save_pass(self, reading: ReadingPass) -> None:
        """The checkpoint: written in the transaction of the page it follows."""
        ...

    def finish_pass(self, pass_id: int, outcome: str, now: datetime) -> None:
        """The pass is over. Only if it was complete do the places that it gave count from now on."""
        ...

    def past_nights(self, account_id: int, limit: int) -> list[PastPass]:
        """The complete nightly passes, from old to new, at most the newest `limit`."""
        ...

    def last_complete(self, account_id: int) -> PastPass | None:
        """The newest complete pass of either kind: where the mark comes from."""
        ...

    def unsettled(self, account_id: int) -> int | None:
        """The newest pass whose list was read to its end, and not everybody unseen was looked up yet."""
        ...

    def settle_pass(self, pass_id: int) -> None:
        """Everybody unseen was looked up; when the pass ended stays as it is."""
        ...

    def overtake(self, account_id: int, pass_id: int, now: datetime) -> None:
        """Ends an unfinished nightly pass from before that one, which has read the whole list: nothing is left of it.

        Going on from its mark would be wrong by now.
        """
        ...

    def broken_off(self, account_id: int) -> list[PastPass]:
        """Nightly passes whose list ended too early to be believed, since the last complete one; newest first."""
        ...

    def head(self, account_id: int, before_pass: int, limit: int) -> list[str]:
        """The newest recorded followers, newest first, as complete readings before that pass met them.

        Left out are those who left or are missing.
        """
        ...

    def known(self, account_id: int, ids: Collection[str]) -> dict[str, int]:
        """Recorded followers among `ids`, with the pass that saw them last in the list."""
        ...

    def unproven(self, account_id: int, ids: Collection[str]) -> set[str]:
        """Recorded followers among `ids` that no complete reading has met: nobody knows what stands above them."""
        ...

    def record(self, reading: ReadingPass, profiles: Sequence[Profile], now: datetime) -> int:
        """Records followers met for the first time, and their snapshots; returns how many.

        Those of `profiles` that are recorded already are left alone.
        """
        ...

    def place(self, reading: ReadingPass, ids: Sequence[str], first_position: int) -> None:
        """Gives followers their places in the list, in this order, the first one the newest.

        They count once the pass is complete. Whom a later pass has met keeps the place that it gave.
        """
        ...

    def observe(
        self, account_id: int, profiles: Sequence[Profile], now: datetime, *, in_list: bool = False
    ) -> dict[str, SeenAgain]:
        """Recorded followers seen again: presence and connection, and a snapshot where they changed.

        One who had left is back when the follower list shows them (`in_list`) or X says `followed_by`; being looked
        up alone doesn't bring anybody back.
        """
        ...

    def mark_missing(self, account_id: int, ids: Collection[str], now: datetime) -> None:
        """A reading didn't meet them where they should have stood. No proof that they left, but no mark any more."""
        ...

    def mark_left(self, account_id: int, ids: Collection[str], now: datetime) -> None:
        """They don't follow any more."""
        ...

    def unseen_since(self, account_id: int, pass_id: int) -> list[str]:
        """Followers that count as present and that neither this pass nor a later one met, in the order of their ids."""
        ...

    def met_since(self, account_id: int, pass_id: int) -> int:
        """How many followers that count as present this pass or a later one met."""
        ...

    def count_as_met(self, pass_id: int, account_id: int, ids: Collection[str]) -> None:
        """X said by look-up that they are there: as good as met by that pass, in the place where they stood."""
        ...

    def latest(self, account_id: int, ids: Collection[str]) -> dict[str, Profile]:
        """The latest snapshot of each recorded follower, with the connection last seen."""
        ...

    def presence(self, account_id: int, ids: Collection[str]) -> dict[str, Presence]:
        """Whether and when each recorded follower was last seen."""
        ...
