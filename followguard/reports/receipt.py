"""What a night has to show for itself: the receipt of each account, its status, and the exit code of them all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from followguard.domain.units import usd
from followguard.errors import FAILED, LATER, PARTLY, BackupFailed, DamagedDatabase, FollowguardError
from followguard.screening.plan import QueueCounts

DONE = "done"
COUNTS = ("new", "returned", "requests", "reads", "lookups")
QUEUE_COUNTS = ("scored", "listed", "held_back", "audit", "waiting", "batches")
STANDING_CARDS = ("listed", "held_back", "audit", "waiting", "batches")
STANDING_ORDERS = ("open", "parked")
SPENT = ("lookups", "cost_usd")
FOLLOW_COUNTS = ("open", "confirmed", "void", "sent", "parked")


@dataclass(slots=True, kw_only=True)
class Receipt:
    """One account's night. Money in micro-dollars; `stopped` means that nothing could be done for the account."""

    account: str
    new: int = 0
    returned: int = 0
    requests: int = 0
    reads: int = 0
    lookups: int = 0
    cost: int = 0
    forecast: int = 0
    scored: int = 0
    listed: int = 0
    held_back: int = 0
    audit: int = 0
    waiting: int = 0
    batches: int = 0
    follow_back: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FOLLOW_COUNTS, 0))
    not_ours: list[str] = field(default_factory=list)
    model: str | None = None
    retrain: dict[str, Any] | None = None
    """What `followguard retrain` said tonight, None where it wasn't due."""
    policy_hash: str = ""
    calibration: dict[str, Any] | None = None
    """How far the random sample is, and how its decisions moved the base model's probabilities, if they did."""
    drift: dict[str, Any] | None = None
    proof: dict[str, Any] | None = None
    """What the quick part of `followguard prove` said before anybody was followed; None where that wasn't reached."""
    notified: list[dict[str, Any]] = field(default_factory=list)
    """Who was told of the night, and who couldn't be; it changes neither status nor exit code."""
    log_head: str = ""
    errors: list[FollowguardError] = field(default_factory=list)
    stopped: bool = False
    began: bool = False
    """Whether a run was put on record; False when another run held the account."""
    cards_known: bool = False
    orders_known: bool = False
    spent_known: bool = True
    """Whether these counts were read; where the database doesn't answer they aren't, and their zeros say nothing."""

    def count_cards(self, counts: QueueCounts) -> None:
        """Notes how the account's cards stand now."""
        for name in STANDING_CARDS:
            setattr(self, name, getattr(counts, name))
        self.cards_known = True

    def count_orders(self, counts: dict[str, int]) -> None:
        """Notes how the account's follow orders stand, and what tonight did to them."""
        self.follow_back = counts
        self.orders_known = True

    @property
    def unknown(self) -> list[str]:
        """The counts in the JSON that nobody could read."""
        told = ((STANDING_CARDS, self.cards_known), (STANDING_ORDERS, self.orders_known), (SPENT, self.spent_known))
        return [name for names, known in told if not known for name in names]

    @property
    def status(self) -> str:
        """done | partial | failed | later.

        later: all that went wrong will come right by itself (budget, rate limit, credits, platform, a busy database),
        and what was read is saved.
        """
        own = [error for error in self.errors if not isinstance(error, BackupFailed)]
        if not own:
            return "partial" if self.errors else DONE
        if all(error.exit_code == LATER for error in own):
            return "later" if own == self.errors else "partial"
        return "failed" if self.stopped else "partial"

    def as_json(self) -> dict[str, Any]:
        """Returns the account's object in the JSON of `nightly`."""
        return {
            "account": self.account,
            "status": self.status,
            **{name: getattr(self, name) for name in COUNTS},
            "cost_usd": usd(self.cost),
            "forecast_usd": usd(self.forecast),
            **{name: getattr(self, name) for name in QUEUE_COUNTS},
            "follow_back": dict(self.follow_back),
            "errors": [error.as_json() for error in self.errors],
            "not_ours": list(self.not_ours),
            "model": self.model,
            "retrain": self.retrain,
            "policy_hash": self.policy_hash,
            "calibration": self.calibration,
            "drift": self.drift,
            "proof": self.proof,
            "notified": list(self.notified),
            "log_head": self.log_head,
            "unknown": self.unknown,
        }


def exit_code_of(receipts: Sequence[Receipt]) -> int:
    """Returns 0 all done, 75 all later, the common code where all failed alike, else 1; 3 for any mixture."""
    statuses = {receipt.status for receipt in receipts}
    if statuses <= {DONE}:
        return 0
    if statuses == {"later"}:
        return LATER
    if statuses == {"failed"}:
        errors = (error for receipt in receipts for error in receipt.errors)
        codes = {error.exit_code for error in errors if not isinstance(error, BackupFailed)}
        return codes.pop() if len(codes) == 1 else FAILED
    return PARTLY


def damage_in(receipts: Iterable[Receipt]) -> DamagedDatabase | None:
    """Returns the first error by which the database proved damaged."""
    errors = (error for receipt in receipts for error in receipt.errors)
    return next((error for error in errors if isinstance(error, DamagedDatabase)), None)


def refuse(receipt: Receipt, error: FollowguardError) -> Receipt:
    """Puts into the receipt what kept the account from having a night."""
    receipt.errors.append(error)
    receipt.stopped = True
    return receipt
