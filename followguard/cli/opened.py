"""What nearly every command begins with: the configuration read, the database at hand, the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from followguard.cli import output

if TYPE_CHECKING:
    from datetime import datetime

    from followguard.cli.opening import Clock
    from followguard.domain.installation import Installation
    from followguard.store.work import Store


class Opened(NamedTuple):
    """One installation, ready to work with."""

    installation: "Installation"
    store: "Store"
    clock: "Clock"

    @property
    def now(self) -> "datetime":
        """Aware UTC."""
        return self.clock()


def read(config: str) -> "Installation":
    """The configuration; what it warns about goes to stderr."""
    from followguard.cli.opening import load_installation

    installation = load_installation(config)
    for warning in installation.warnings:
        output.warn(warning)
    return installation


@contextmanager
def opened(config: str) -> Iterator[Opened]:
    """The installation with its database, which is let go of at the end."""
    from followguard.cli.opening import clock_of, open_store

    installation = read(config)
    with open_store(installation) as store:
        yield Opened(installation, store, clock_of(installation))
