"""Installation with cards to decide about."""

from tests.builders.reviewing import house, lite_house

__all__ = ["house", "lite_house"]
