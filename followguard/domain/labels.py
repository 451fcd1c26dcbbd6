"""Labels that decisions teach: spam, genuine or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from followguard.domain.follower import Profile


class Kind(StrEnum):
    """The kinds of action a person can take on a card. `propose` is the first of two approvals."""

    PROPOSE = "propose"
    APPROVE = "approve"
    REJECT = "reject"
    LATER = "later"
    UNDO = "undo"
    OVERRULE = "overrule"


DECISIVE = (Kind.APPROVE, Kind.REJECT, Kind.OVERRULE)
"""Kinds that may carry a label: the newest of these that stands says what a card teaches."""


class Label(StrEnum):
    """The two answers a classifier learns from."""

    GENUINE = "genuine"
    SPAM = "spam"


class RejectReason(StrEnum):
    """Why a follower isn't followed back. Only the first two say anything about spam."""

    SPAM = "spam"
    IMPERSONATION = "impersonation"
    NOT_RELEVANT = "not_relevant"
    COMPETITOR = "competitor"
    BRAND_RISK = "brand_risk"
    PRIVATE_PERSON = "private_person"


SPAM_REASONS = frozenset({RejectReason.SPAM, RejectReason.IMPERSONATION})

REASON_WORDS: Mapping[RejectReason, str] = MappingProxyType(
    {
        RejectReason.SPAM: "spam",
        RejectReason.IMPERSONATION: "passes itself off as somebody else",
        RejectReason.NOT_RELEVANT: "not relevant for us",
        RejectReason.COMPETITOR: "a competitor",
        RejectReason.BRAND_RISK: "a risk for the brand",
        RejectReason.PRIVATE_PERSON: "a private person",
    }
)


def label_of(kind: str, reason: str | None, real: bool) -> Label | None:
    """Gives the label that a decision makes: genuine for an approval, spam for a rejection as spam or impersonation.

    Any other rejection says nothing, unless the person added that the account is real. An overrule with a reason says
    what a rejection for it says; without one it says that the account is real (`real` is on record then). A proposal, a
    put-off and an undo say nothing.
    """
    if kind == Kind.APPROVE:
        return Label.GENUINE
    if kind not in (Kind.REJECT, Kind.OVERRULE):
        return None
    if reason in SPAM_REASONS:
        return Label.SPAM
    return Label.GENUINE if real else None


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
