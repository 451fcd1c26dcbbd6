"""The unit of work: one transaction over everything that is kept."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from followguard.domain.stores.accounts import Accounts
from followguard.domain.stores.arrivals import Arrivals
from followguard.domain.stores.disclosing import Disclosing
from followguard.domain.stores.forgetting import Forgetting
from followguard.domain.stores.learning import Learning
from followguard.domain.stores.listed import Listed
from followguard.domain.stores.log import Log
from followguard.domain.stores.models import Models
from followguard.domain.stores.orders import Orders
from followguard.domain.stores.past import Past
from followguard.domain.stores.people import People
from followguard.domain.stores.proofs import Proofs, Proving
from followguard.domain.stores.reading import Reading
from followguard.domain.stores.reporting import Reporting
from followguard.domain.stores.retention import Retention
from followguard.domain.stores.review import Review
from followguard.domain.stores.runs import Runs
from followguard.domain.stores.scoring import Scoring
from followguard.domain.stores.unfollows import Unfollows


class Work(Protocol):
    """One transaction. What isn't committed by leaving `Store.begin()` normally never happened."""

    @property
    def accounts(self) -> Accounts: ...
    @property
    def people(self) -> People: ...
    @property
    def log(self) -> Log: ...
    @property
    def runs(self) -> Runs: ...
    @property
    def reading(self) -> Reading: ...
    @property
    def scoring(self) -> Scoring: ...
    @property
    def review(self) -> Review: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def reporting(self) -> Reporting: ...
    @property
    def arrivals(self) -> Arrivals: ...
    @property
    def past(self) -> Past: ...
    @property
    def listed(self) -> Listed: ...
    @property
    def retention(self) -> Retention: ...
    @property
    def unfollows(self) -> Unfollows: ...
    @property
    def forgetting(self) -> Forgetting: ...
    @property
    def disclosing(self) -> Disclosing: ...
    @property
    def learning(self) -> Learning: ...
    @property
    def models(self) -> Models: ...
    @property
    def proofs(self) -> Proofs: ...
    @property
    def proving(self) -> Proving: ...


class Store(Protocol):
    """Where everything is kept."""

    def begin(self) -> AbstractContextManager[Work]:
        """A transaction: committed when the block ends normally, rolled back when it raises.

        Raises `StoreFailed` when the database refuses, stays busy or has no room left.
        """
        ...

    def lock(self, handle: str) -> AbstractContextManager[Callable[[], None]]:
        """The account's lock, freed by the operating system or the server when the holder dies.

        Raises `AlreadyRunning` at once when another run holds it. What it gives raises `StoreBusy` once the lock is
        lost, as with a connection that was cut: another run may have the account by then.
        """
        ...
