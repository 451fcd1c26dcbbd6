"""Store whose process dies at one of its commits."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Killed(BaseException):
    """Death of the process: nothing of ours runs on, as after `kill -9`."""


class MortalStore:
    """The real store, whose `dies_at`-th commit is its last: just after it, or just before; None: never."""

    def __init__(self, store: Any, dies_at: int | None, *, after: bool = True) -> None:
        self._store, self._dies_at, self._after, self.made = store, dies_at, after, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def begin(self) -> Iterator[Any]:
        """One transaction."""
        if self._dies_at is not None and self.made >= self._dies_at:
            raise Killed
        self.made += 1
        with self._store.begin() as work:
            yield work
            if self.made == self._dies_at and not self._after:
                raise Killed
        if self.made == self._dies_at:
            raise Killed
