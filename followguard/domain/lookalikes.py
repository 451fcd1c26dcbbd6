"""Look-alikes that arrive together."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """A batch: followers of one night who look alike. `alike` says in words what they share."""

    members: tuple[str, ...]
    alike: str


def find_lookalikes(profiles):
    return []
