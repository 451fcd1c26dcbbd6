"""Installation with followers to score and list."""

from tests.builders.reviewing import house, lite_house

__all__ = ["house", "lite_house"]
