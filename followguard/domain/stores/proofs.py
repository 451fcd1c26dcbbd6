"""Single rows against the log, before anything is done because of them."""

from collections.abc import Collection
from typing import Protocol

from followguard.domain.proof.quick import Skeleton
from followguard.domain.proof.stored import Stored


class Proofs(Protocol):
    """By row, not the whole chain: that is what `followguard prove` is for."""

    def doubt(self, order_id: int) -> str | None:
        """Why nobody may be followed by this order, in words; None where the log vouches for all that it rests on.

        That is the order, its approval, the approver and a role of theirs that covers the account, and the account's
        own row. What was read here stays as it is until the transaction ends.
        """
        ...

    def unproved_decisions(self, decision_ids: Collection[int]) -> list[int]:
        """Those that the log doesn't vouch for, or whose evidence it doesn't."""
        ...


class Proving(Protocol):
    """The whole history, for `followguard prove`."""

    def read(self) -> Stored:
        """As it is stored, in one transaction."""
        ...

    def skeleton(self) -> Skeleton:
        """What the quick part of a proof asks."""
        ...
