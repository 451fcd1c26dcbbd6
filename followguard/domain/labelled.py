"""A profile whose answer is known: a row of a public set or of a labelled file."""

from dataclasses import dataclass

from followguard.domain.follower import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledProfile:
    """`spam` is the answer; `group` the kind of population the row stands for; `source` the set it comes from.

    Some sets hold lengths instead of texts. A length that is given counts where the text itself is None.
    """

    profile: Profile
    spam: bool
    group: str
    source: str
    username_length: int | None = None
    bio_length: int | None = None
