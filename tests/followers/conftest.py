"""Nights of an account that is read."""

from tests.builders.nights import nights

__all__ = ["nights"]
