"""Nights against lists that end early."""

from typing import Any

from followguard.domain.policy import AccountSettings, Policy

Nights = Any
"""`conftest.Nights`."""


def ids(number: int, first: int = 70_000) -> list[str]:
    """New followers, the newest first."""
    return [str(first + number - i) for i in range(number)]


def codes(tally: Any) -> list[str]:
    """Codes of the errors that the reading tells."""
    return [error.code for error in tally.errors]


def generous(nights: Nights, **policy: Any) -> Nights:
    """The same account with enough money."""
    policy = {"first_night": 100, "max_usd_per_night": 40.0} | policy
    nights.settings = AccountSettings(handle="acme", training_basis="none", policy=Policy(**policy))
    nights.max_usd_per_month = 400.0
    return nights
