"""Usernames in the policy's lists, and the followers they hold to."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol


class Listed(Protocol):
    """A name stands here as long as one of the account's lists has it."""

    def hold(self, account_id: int, names: Collection[str], now: datetime) -> None:
        """Takes in new names, lets go of those that aren't listed any more, and binds each to the follower it met.

        That is the one who was last known by the name when it was listed, else the first who came with it, or took it,
        since then. A name that is bound stays bound. `names` as from `listed_names.usernames_of`.
        """
        ...

    def holders(self, account_id: int) -> dict[str, str]:
        """Name -> id of the follower that it holds to; those that have met nobody are left out."""
        ...
