"""Sets up an installation: a configuration that wasn't there before, and the database it names."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from followguard.config.template import NewConfiguration


class NewFile(Protocol):
    """A file that isn't there yet."""

    def write(self) -> None:
        """Raises UsageError when something stands there already."""
        ...

    def remove(self) -> None:
        """Removes it, as if it had never been written."""
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


def new_configuration(path: Path, handle: str, executor: str, training_basis: str) -> "NewConfiguration":
    """Returns a `followguard.toml` with every key, not written yet. Raises UsageError."""
    from followguard.config.template import NewConfiguration, commented

    return NewConfiguration(path, commented(handle, executor, training_basis))
