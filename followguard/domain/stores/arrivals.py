"""Who came in which night, by the feature values that they came with."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Arrival:
    """A follower when first scored: the ISO day on which they were first seen, and their feature values as stored."""

    day: str
    features: bytes


class Arrivals(Protocol):
    """Nothing here changes anything."""

    def recent(self, account_id: int, schema: str, nights: int, most: int) -> list[Arrival]:
        """Who came in the last `nights` runs, in the order in which they were recorded; at most `most` of one day.

        Of more than that it takes every second, third ... in that order. Left out are the account's first reading,
        which takes people of many days, what a reconcile found, members of batches, and values that aren't of this
        feature schema.
        """
        ...
