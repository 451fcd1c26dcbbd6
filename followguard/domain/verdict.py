"""What the classifier says of a follower: a probability, a band and reasons that add up."""

from dataclasses import dataclass
from enum import StrEnum


class Band(StrEnum):
    """The three answers. Unsure is an answer in its own right."""

    GENUINE = "genuine"
    UNSURE = "unsure"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """Where the bands meet. The only place that compares a score with a cutoff.

    `unsure_from` and `spam_from` are probabilities in [0, 1], `unsure_from <= spam_from`.
    """

    unsure_from: float
    spam_from: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.unsure_from <= self.spam_from <= 1.0:
            raise ValueError(f"cutoffs are crossed: unsure from {self.unsure_from}, spam from {self.spam_from}")

    def band_of(self, p_spam: float) -> Band:
        """A score on a cutoff belongs to the band above it: 0.15 with `unsure_from` 0.15 is unsure."""
        if p_spam >= self.spam_from:
            return Band.SPAM
        return Band.UNSURE if p_spam >= self.unsure_from else Band.GENUINE


@dataclass(frozen=True, slots=True)
class Reason:
    """One contribution to a score. `weight` is in log-odds: above 0 speaks for spam, below 0 against."""

    code: str
    text: str
    weight: float

    @property
    def direction(self) -> str:
        """`spam: ` or `genuine: `, to stand before the text; nothing where it weighs nothing."""
        return "spam: " if self.weight > 0 else "genuine: " if self.weight < 0 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A score with its reasons; the reasons' weights add up to logit(p_spam) - base_logit."""

    p_spam: float
    base_logit: float
    reasons: tuple[Reason, ...]
    model: str
    features: bytes
    """The feature values that were scored: little-endian float32 in the order of the feature table, NaN = missing."""
    feature_schema: str = ""
    """sha256 (hex) of that table: values of another one mean something else."""
