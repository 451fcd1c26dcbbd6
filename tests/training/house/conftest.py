"""Decisions to learn from."""

from tests.builders.labelled import decided

__all__ = ["decided"]
