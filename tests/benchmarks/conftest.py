"""Made-up rows and the model trained on them."""

from tests.builders.labelled import rows, samples, scorer, small

__all__ = ["rows", "samples", "scorer", "small"]
