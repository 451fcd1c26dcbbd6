"""Sets up an installation: a configuration that wasn't there before, and the database it names."""

from collections.abc import Callable
from typing import Protocol


class NewFile(Protocol):
    """A file that isn't there yet."""

    def write(self) -> None:
        """Raises UsageError when something stands there already."""
        ...

    def remove(self) -> None:
        """As if it had never been written."""
        ...


def set_up(configuration: NewFile, create_database: Callable[[], tuple[str | None, str]]) -> bool:
    """Writes the configuration, then creates the database; False when one of this schema was there already.

    `create_database` returns the schema before and after. When it raises, the configuration goes again: nothing
    half-written stays.
    """
    configuration.write()
    try:
        before, after = create_database()
    except BaseException:
        configuration.remove()
        raise
    return before != after
