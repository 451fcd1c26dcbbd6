"""What a company's own decisions add to the base model: tables, pairs of features and trees, all of them sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from followguard.classifier.columns import Floats, Matrix
from followguard.classifier.pairs import FeaturePair, arrays_of, of_arrays
from followguard.classifier.tables import Tables, joined, parted
from followguard.classifier.trees import Trees

OWN = "own_"


@dataclass(frozen=True, slots=True)
class HousePart:
    """What stands beside the base model in a house model; everything in log-odds.

    `follow` (features,) is how far the base is followed in what it says of each feature, 1 for as it is. `tables`, half
    of the cell of each of the `pairs` and the paths through `trees` add to it. The outer edges of the tables are the
    least and the greatest value that decisions showed; beyond them nothing is added.

    `regain` (features,) is how much more the base is followed, in all, for each feature that a follower doesn't show:
    trees that stand on likes have little to say where X leaves likes out, and the base does.
    """

    follow: Floats
    regain: Floats
    tables: Tables
    pairs: tuple[FeaturePair, ...] = ()
    trees: Trees | None = None

    def moved(self, base: Floats, matrix: Matrix) -> Floats:
        """Returns (n, features) in log-odds: of the base what is followed, and what the decisions taught."""
        more = (np.isnan(matrix) * self.regain).sum(axis=1, keepdims=True)
        found: Floats = base * (self.follow + more) + self.tables.contributions(matrix)
        for pair in self.pairs:
            pair.add_to(found, matrix)
        if self.trees is not None:
            found += self.trees.contributions(np.where(self.tables.inside(matrix), matrix, np.float32(np.nan)))
        return found

    def parts(self) -> dict[str, NDArray[Any]]:
        """Returns it as named arrays, for a file."""
        trees = {} if self.trees is None else self.trees.parts()
        return {
            f"{OWN}follow": self.follow,
            f"{OWN}regain": self.regain,
            **joined([self.tables], OWN),
            **arrays_of(self.pairs),
            **{OWN + name: array for name, array in trees.items()},
        }

    @classmethod
    def of_parts(cls, parts: Mapping[str, NDArray[Any]]) -> "HousePart":
        """Undoes `parts`. Raises ValueError for arrays that don't fit together."""
        own = {name.removeprefix(OWN): array for name, array in parts.items() if name.startswith(OWN)}
        trees = Trees.of_parts(own) if "tree_feature" in own else None
        return cls(own["follow"], own["regain"], parted(own, 1)[0], of_arrays(parts), trees)
