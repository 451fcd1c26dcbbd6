"""Installation with decided followers."""

from tests.builders.reviewing import house, lite_house

__all__ = ["house", "lite_house"]
