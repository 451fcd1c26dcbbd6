"""Installation with cards to decide about."""

from tests.builders.desk import attacked, desk
from tests.builders.reviewing import house, lite_house, ready

__all__ = [
    "attacked",
    "desk",
    "house",
    "lite_house",
    "ready",
]
