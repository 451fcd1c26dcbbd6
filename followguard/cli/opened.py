"""What nearly every command begins with: the configuration read, the database at hand, the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from followguard.cli import output

if TYPE_CHECKING:
    from datetime import datetime

    from followguard.adapters.store.work import Store
    from followguard.bootstrap import Clock
    from followguard.domain.installation import Installation


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
    from followguard import bootstrap

    installation = bootstrap.load_installation(config)
    for warning in installation.warnings:
        output.warn(warning)
    return installation


@contextmanager
def opened(config: str) -> Iterator[Opened]:
    """The installation with its database, which is let go of at the end."""
    from followguard import bootstrap

    installation = read(config)
    with bootstrap.open_store(installation) as store:
        yield Opened(installation, store, bootstrap.clock(installation))
