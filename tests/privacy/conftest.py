"""Installation with followers who are forgotten."""

from tests.builders.reviewing import house, lite_house

__all__ = ["house", "lite_house"]
