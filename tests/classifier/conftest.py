"""Labelled profiles and models that know them."""

from tests.builders.labelled import profile, rows, shipped

__all__ = ["profile", "rows", "shipped"]
