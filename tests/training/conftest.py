"""Labelled profiles, and installations with decisions to learn from."""

from tests.builders.labelled import datasets, profile, rows, samples, scorer, small
from tests.builders.profile_sheets import profiles
from tests.builders.reviewing import house, lite_house
from tests.builders.school import (
    busy,
    busy_school,
    decided,
    decided_school,
    empty_school,
    learned,
    learned_school,
    promoted,
    promoted_school,
    school,
    served_school,
)

__all__ = [
    "busy",
    "busy_school",
    "datasets",
    "decided",
    "decided_school",
    "empty_school",
    "house",
    "learned",
    "learned_school",
    "lite_house",
    "profile",
    "profiles",
    "promoted",
    "promoted_school",
    "rows",
    "samples",
    "school",
    "scorer",
    "served_school",
    "small",
]
