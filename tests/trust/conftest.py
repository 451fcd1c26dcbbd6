"""What the tests of trust share."""

from tests.builders.desk import desk
from tests.builders.reviewing import house, lite_house

__all__ = ["desk", "house", "lite_house"]
