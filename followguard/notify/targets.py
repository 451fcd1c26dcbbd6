"""Targets: what the configuration names, where the address comes from, and how one is called without its secret."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from followguard.domain.installation import Installation
from followguard.domain.wording import ordinal, unquoted
from followguard.errors import ConfigurationError

VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
"""A name in capitals; an address always has a :// in it."""
_SCHEMA = re.compile(r"([a-z][a-z0-9+.-]{0,19})://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """An entry of the configuration: an address, or the name of a variable that holds it. `place`: where it stands."""

    entry: str = field(repr=False)
    place: str

    @property
    def variable(self) -> str:
        """The variable's name, empty for an address."""
        return self.entry if VARIABLE.fullmatch(self.entry) else ""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A target whose address is known. `name` is fit for print: kind of address and place, nothing of its secret."""

    name: str
    address: str = field(repr=False)


def night_targets(installation: Installation) -> list[Target]:
    """Lists `[notify] targets`."""
    entries = installation.notify.targets
    return [Target(entry, f"{ordinal(place)} of notify.targets") for place, entry in enumerate(entries, 1)]


def route_targets(installation: Installation, handle: str, route: str) -> list[Target]:
    """Lists the targets of a department of an account."""
    routes = [each for each in installation.accounts[handle].routes if each.name == route]
    whose = f"notify of {handle}'s route {route}"
    return [Target(entry, f"{ordinal(n)} of {whose}") for each in routes for n, entry in enumerate(each.notify, 1)]


def every_route_target(installation: Installation) -> Iterator[Target]:
    """Yields the targets of all departments, account by account."""
    for handle, settings in installation.accounts.items():
        for route in settings.routes:
            yield from route_targets(installation, handle, route.name)


def variables_of_all(installation: Installation) -> frozenset[str]:
    """Collects the variables that the configuration names for everybody."""
    heart = Target(installation.notify.heartbeat, "notify.heartbeat")
    everybody = [*night_targets(installation), *every_route_target(installation), heart]
    return frozenset(each.variable for each in everybody if each.variable)


def named(target: Target, env: Mapping[str, str]) -> Addressee:
    """Finds the address. Raises `ConfigurationError` that names the variable which isn't set."""
    if not target.variable:
        address = target.entry.strip()
        return Addressee(f"{_kind(address)} ({target.place})", address)
    address = unquoted(env.get(target.variable)) or ""
    if not address:
        raise ConfigurationError(
            f"{target.variable} isn't set ({target.place}).",
            "Set the environment variable to an apprise URL where the night runs, or name another one.",
        )
    return Addressee(f"{_kind(address)} in {target.variable} ({target.place})", address)


def unnamed(target: Target) -> str:
    """Names a target whose address isn't known."""
    return f"{target.variable or 'target'} ({target.place})"


def _kind(address: str) -> str:
    """Tells the kind of address: what stands before ://, or that it is none."""
    found = _SCHEMA.match(address)
    return found[1].lower() if found else "no address"
