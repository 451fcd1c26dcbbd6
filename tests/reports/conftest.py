"""Installation whose nights are reported."""

from tests.builders.reported import house

__all__ = ["house"]
