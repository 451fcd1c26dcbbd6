"""Installation with followers who are forgotten."""

from tests.builders.reviewing import house, lite_house
from tests.builders.staffed import staffed

__all__ = ["house", "lite_house", "staffed"]
