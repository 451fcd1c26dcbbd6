"""The health of the database, as a quick look shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Health:
    """The result of a quick look: what is damaged, one sentence each, and the parts that time didn't suffice for."""

    findings: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
