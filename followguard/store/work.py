"""The store and its transactions: each noun's queries are built over the one that they belong to."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from followguard.store.covered import Covered, Touched

if TYPE_CHECKING:
    pass


class Work:
    """One transaction. What isn't committed by leaving `Store.begin()` normally never happened."""

    def __init__(self, connection: Connection, token_bytes: Callable[[int], bytes]) -> None:
        self.connection = connection
        self.token_bytes = token_bytes
        self.touched = Touched()
        self.covered = Covered(connection, self.touched)


class Queries:
    """A noun's queries within one transaction."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._connection = work.connection
        self._covered = work.covered
