"""Installation with cards to decide about."""

from tests.builders.desk import attacked, desk
from tests.builders.reviewing import house, lite_house, ready
from tests.builders.staffed import staffed

__all__ = ["attacked", "desk", "house", "lite_house", "ready", "staffed"]
