"""The store and its unit of work: one connection, one transaction, one query object for each noun."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from followguard.adapters.store.covered import Covered, Touched
from followguard.adapters.store.errors import translated
from followguard.adapters.store.locks import account_lock
from followguard.adapters.store.schema import require_current
from followguard.adapters.store.seed import read_seed

if TYPE_CHECKING:
    from followguard.adapters.store.accounts import AccountTables
    from followguard.adapters.store.arrivals import ArrivalTables
    from followguard.adapters.store.disclosing import DisclosingTables
    from followguard.adapters.store.forgetting import ForgettingTables
    from followguard.adapters.store.learning import LearningTables
    from followguard.adapters.store.listed import ListedTables
    from followguard.adapters.store.log import LogTables
    from followguard.adapters.store.models import ModelTables
    from followguard.adapters.store.orders import OrderTables
    from followguard.adapters.store.past import PastTables
    from followguard.adapters.store.people import PeopleTables
    from followguard.adapters.store.proofs import ProofTables
    from followguard.adapters.store.proving import ProvingTables
    from followguard.adapters.store.reading import ReadingTables
    from followguard.adapters.store.reporting import ReportingTables
    from followguard.adapters.store.retention import RetentionTables
    from followguard.adapters.store.review import ReviewTables
    from followguard.adapters.store.runs import RunTables
    from followguard.adapters.store.scoring import ScoringTables
    from followguard.adapters.store.unfollows import UnfollowTables
    from followguard.adapters.store.upkeep import SqlUpkeep


@dataclass(frozen=True, slots=True)
class StoreFolders:
    """Folders beside the database."""

    locks: Path
    backups: Path


class SqlWork:
    """`domain.stores.work.Work` over one connection. Each noun's queries are imported when first used."""

    def __init__(self, connection: Connection, token_bytes: Callable[[int], bytes]) -> None:
        self.connection = connection
        self._token_bytes = token_bytes
        self._touched = Touched()

    def seal(self) -> None:
        """Has the log vouch for all that was written."""
        if self._touched.rows or self._touched.erased:
            self.log.seal()

    @cached_property
    def covered(self) -> Covered:
        """Writes the rows that the log vouches for."""
        return Covered(self.connection, self._touched)

    @cached_property
    def accounts(self) -> "AccountTables":
        """Our accounts."""
        from followguard.adapters.store.accounts import AccountTables

        return AccountTables(self.connection, self.covered)

    @cached_property
    def people(self) -> "PeopleTables":
        """Who decides."""
        from followguard.adapters.store.people import PeopleTables

        return PeopleTables(self.connection, self.covered)

    @cached_property
    def log(self) -> "LogTables":
        """The hash chain."""
        from followguard.adapters.store.log import LogTables

        return LogTables(self.connection, self._token_bytes, self._touched)

    @cached_property
    def runs(self) -> "RunTables":
        """Nights and their costs."""
        from followguard.adapters.store.runs import RunTables

        return RunTables(self.connection, self.covered)

    @cached_property
    def reading(self) -> "ReadingTables":
        """The follower list as read."""
        from followguard.adapters.store.reading import ReadingTables

        return ReadingTables(self.connection)

    @cached_property
    def scoring(self) -> "ScoringTables":
        """Scores and batches."""
        from followguard.adapters.store.scoring import ScoringTables

        return ScoringTables(self.connection, self.covered)

    @cached_property
    def review(self) -> "ReviewTables":
        """Cards and decisions."""
        from followguard.adapters.store.review import ReviewTables

        return ReviewTables(self.connection, self.covered)

    @cached_property
    def listed(self) -> "ListedTables":
        """Names in the policy's lists."""
        from followguard.adapters.store.listed import ListedTables

        return ListedTables(self.connection)

    @cached_property
    def retention(self) -> "RetentionTables":
        """Texts whose time is over."""
        from followguard.adapters.store.retention import RetentionTables

        return RetentionTables(self.connection)

    @cached_property
    def past(self) -> "PastTables":
        """What a replay of past nights reads."""
        from followguard.adapters.store.past import PastTables

        return PastTables(self.connection)

    @cached_property
    def orders(self) -> "OrderTables":
        """Follow orders."""
        from followguard.adapters.store.orders import OrderTables

        return OrderTables(self.connection, self.log, self.covered)

    @cached_property
    def unfollows(self) -> "UnfollowTables":
        """Follows to be unfollowed by hand."""
        from followguard.adapters.store.unfollows import UnfollowTables

        return UnfollowTables(self.connection, self.covered)

    @cached_property
    def forgetting(self) -> "ForgettingTables":
        """Who was erased, and erasing."""
        from followguard.adapters.store.forgetting import ForgettingTables

        return ForgettingTables(self.connection, self._token_bytes, self.log, self._touched)

    @cached_property
    def disclosing(self) -> "DisclosingTables":
        """What is held about one follower."""
        from followguard.adapters.store.disclosing import DisclosingTables

        return DisclosingTables(self.connection)

    @cached_property
    def reporting(self) -> "ReportingTables":
        """What the report of a night asks."""
        from followguard.adapters.store.reporting import ReportingTables

        return ReportingTables(self.connection)

    @cached_property
    def arrivals(self) -> "ArrivalTables":
        """Who came in which night."""
        from followguard.adapters.store.arrivals import ArrivalTables

        return ArrivalTables(self.connection)

    @cached_property
    def learning(self) -> "LearningTables":
        """Labels, and attempts to learn from them."""
        from followguard.adapters.store.learning import LearningTables

        return LearningTables(self.connection)

    @cached_property
    def models(self) -> "ModelTables":
        """House models and champions."""
        from followguard.adapters.store.models import ModelTables

        return ModelTables(self.connection, self.covered)

    @cached_property
    def proofs(self) -> "ProofTables":
        """Single rows against the log."""
        from followguard.adapters.store.proofs import ProofTables

        return ProofTables(self.connection)

    @cached_property
    def proving(self) -> "ProvingTables":
        """The whole history as it is stored."""
        from followguard.adapters.store.proving import ProvingTables

        return ProvingTables(self.connection)


class SqlStore:
    """`domain.stores.work.Store` in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine, places: StoreFolders, token_bytes: Callable[[int], bytes]) -> None:
        self.engine = engine
        self.places = places
        self._token_bytes = token_bytes
        self._checked = False

    @contextmanager
    def begin(self) -> Iterator[SqlWork]:
        """A transaction. Raises `SchemaMismatch` when the database isn't this program's, `StoreFailed` otherwise."""
        with translated():
            self._require_schema()
            with self.engine.begin() as connection:
                work = SqlWork(connection, self._token_bytes)
                yield work
                work.seal()

    def lock(self, handle: str) -> AbstractContextManager[Callable[[], None]]:
        """The account's lock. Raises `AlreadyRunning`."""
        return account_lock(self.engine, self.places.locks, handle)

    @property
    def file(self) -> Path | None:
        """The database's file, None where a server keeps it."""
        name = self.engine.url.database
        return Path(name) if name and self.engine.dialect.name == "sqlite" else None

    @cached_property
    def upkeep(self) -> "SqlUpkeep":
        """Schema, backups, check."""
        from followguard.adapters.store.upkeep import SqlUpkeep

        return SqlUpkeep(self.engine, self.places, self._token_bytes)

    def upgrade(self) -> tuple[str | None, str]:
        """Creates the schema or brings it up to date, all or nothing; returns (before, after)."""
        return self.upkeep.upgrade()

    def seed(self) -> int:
        """What chance starts from in this installation."""
        with self.begin() as work:
            return read_seed(work.connection)

    def close(self) -> None:
        """Lets go of the idle connection."""
        self.engine.dispose()

    def __enter__(self) -> "SqlStore":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _require_schema(self) -> None:
        """Once a store: a schema changes only while nothing runs."""
        if not self._checked:
            require_current(self.engine)
            self._checked = True
