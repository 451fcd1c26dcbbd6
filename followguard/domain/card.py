"""Review items, the cards that people see of them, and in which order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from followguard.domain.follower import Profile
from followguard.domain.policy import IMITATES_US, AccountSettings, Band, LookMark, Reason, is_named
from followguard.domain.wording import safe_text


class ItemState(StrEnum):
    """Where a review item stands. `claimed` is a waiting or put-off one in somebody's hands for some minutes."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    APPROVED = "approved"
    REJECTED = "rejected"
    LATER = "later"
    CLOSED = "closed"


UNDECIDED = frozenset({ItemState.WAITING, ItemState.LATER})
"""States in which a card can be decided, as stored: a claim is kept beside the state, so that it ends by itself."""

OVER = frozenset({ItemState.APPROVED, ItemState.REJECTED, ItemState.CLOSED})
"""States in which nothing is left to decide, until something brings the card back."""

LEFT = "left"
NEVER_FOLLOW = "never_follow"
CONNECTION_CLOSES = ("following", "follow_request_sent", "blocking", "muting")
"""X's words for what is between us and a follower that makes a card pointless, the strongest first."""

CLOSED_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "following": "we follow them already",
        "follow_request_sent": "we have asked to follow them",
        "blocking": "we block them",
        "muting": "we mute them",
        "followed": "we followed them back",
        NEVER_FOLLOW: "the configuration says never to follow them",
        LEFT: "they don't follow us any more",
    }
)

PROFILE_ADDRESS = "https://x.com/"
_NAME_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A card in somebody's hands until `until`."""

    person_id: int
    person: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything a person sees of one review item. `state` is as stored; `state_at` knows about claims.

    `p_spam` is None for a follower who couldn't be scored: `note` says why, and the band is unsure.
    `due` is the ISO day from which the desk shows it; None: no day yet. `sample`: drawn at random from all new
    followers of a night. `provisional`: too few of those gave the account a label for the probability to be trusted.
    `routes`: names of the departments to tell, in lists; a single card's dossier has them.
    """

    item: int
    account: str
    account_id: int
    profile: Profile
    appearance_hash: str
    state: ItemState
    held_back: bool
    audit: bool
    first_seen_at: datetime
    audit_probability: float | None = None
    due: str | None = None
    batch: int | None = None
    batch_alike: str | None = None
    batch_size: int | None = None
    score_id: int | None = None
    p_spam: float | None = None
    band: Band = Band.UNSURE
    base_logit: float | None = None
    reasons: tuple[Reason, ...] = ()
    look: tuple[LookMark, ...] = ()
    model: str | None = None
    policy_hash: str | None = None
    claim: Claim | None = None
    note: str | None = None
    closed_why: str | None = None
    left_at: datetime | None = None
    returned_at: datetime | None = None
    parked: str | None = None
    sample: bool = False
    sample_probability: float | None = None
    provisional: bool = False
    routes: tuple[str, ...] = ()

    @property
    def follower_id(self) -> str:
        """X's id, digits."""
        return self.profile.id

    @property
    def drawn(self) -> bool:
        """Shown because chance picked it: for the audit or for the random sample."""
        return self.audit or self.sample

    @property
    def draw_probability(self) -> float | None:
        """The probability with which chance picked it, in (0, 1]; None where nothing did."""
        return self.audit_probability if self.audit else self.sample_probability if self.sample else None

    @property
    def hidden(self) -> bool:
        """Shown only when somebody asks."""
        return is_hidden(self.held_back, self.audit)

    @property
    def imitates(self) -> bool:
        """Marked as somebody who passes themselves off as us."""
        return has_imitation(mark.code for mark in self.look)

    def state_at(self, now: datetime) -> ItemState:
        """Gives the state at `now`: `claimed` while somebody has it; a claim that timed out is none."""
        held = self.claim is not None and self.claim.until > now and self.state in UNDECIDED
        return ItemState.CLAIMED if held else self.state

    def on_desk(self, today: str) -> bool:
        """Tells whether the desk shows it on the ISO day `today`."""
        return self.state in UNDECIDED and not self.hidden and self.due is not None and self.due <= today

    def as_row(self, now: datetime) -> dict[str, Any]:
        """Gives the row of `review list --json`."""
        return {
            "item": self.item,
            "account": self.account,
            "follower_id": self.follower_id,
            "username": self.profile.username,
            "name": self.profile.name,
            "bio": self.profile.description,
            "band": self.band.value,
            "p_spam": self.p_spam,
            "state": self.state_at(now).value,
            "held_back": self.held_back,
            "audit": self.audit,
            "sample": self.sample,
            "provisional": self.provisional,
            "batch": self.batch,
            "due": self.due,
            "reasons": [{"code": r.code, "text": r.text, "weight": r.weight} for r in self.reasons],
            "look": [{"code": mark.code, "text": mark.text} for mark in self.look],
            "base_logit": self.base_logit,
            "routes": list(self.routes),
            "profile_url": profile_url(self.profile),
            "first_seen_at": self.first_seen_at,
            "model": self.model,
            "note": self.note,
            "closed_why": self.closed_why,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFollower:
    """A recorded follower that a name stands for. `item` is None while there is no card."""

    account_id: int
    account: str
    follower_id: str
    item: int | None
    left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A choice of cards. `desk_day`: only those the desk shows on that ISO day; None: any day and any state.

    `held_back`: also those that are hidden. `states` are as stored; None: any. `only`: these items.
    """

    account_ids: tuple[int, ...]
    desk_day: str | None = None
    held_back: bool = False
    states: frozenset[ItemState] | None = None
    batch: int | None = None
    only: tuple[int, ...] | None = None


def has_imitation(codes: Iterable[str]) -> bool:
    """Tells whether one of these look marks is that of somebody who passes themselves off as us."""
    return IMITATES_US in codes


def is_hidden(held_back: bool, audit: bool) -> bool:
    """Tells whether a card is held back and isn't drawn for the audit."""
    return held_back and not audit


def profile_url(profile: Profile) -> str:
    """Gives the profile's address on X. A username that X couldn't have given is left out of it."""
    name = profile.username or ""
    if name and len(name) <= 15 and _NAME_LETTERS.issuperset(name):
        return f"{PROFILE_ADDRESS}{name}"
    return f"{PROFILE_ADDRESS}i/user/{profile.id}"


def closed_because(
    follower_id: str, username: str | None, connection: frozenset[str] | None, never_follow: frozenset[str]
) -> str | None:
    """Tells why a present follower gets no card, or None. `never_follow` as from `names_of`."""
    if is_named(follower_id, username, never_follow):
        return NEVER_FOLLOW
    return next((word for word in CONNECTION_CLOSES if connection and word in connection), None)


def name_of(card: Card) -> str:
    """Gives the name of a card, safe to print: `@username (item:12, a follower of @acme)`."""
    username = card.profile.username
    shown = f"@{safe_text(username, 40)}" if username else f"Follower {card.follower_id}"
    return f"{shown} (item:{card.item}, a follower of @{card.account})"


def under_policy(card: Card, settings: AccountSettings) -> Card:
    """Gives the card the band that today's policy gives its score."""
    return replace(card, band=band_under(settings, card.p_spam, look=bool(card.look)))


def band_under(settings: AccountSettings, p_spam: float | None, *, look: bool) -> Band:
    """Gives the band of a score under today's policy; who couldn't be scored is unsure. `look`: there is a mark."""
    return Band.UNSURE if p_spam is None else settings.policy.cutoffs.band_of(p_spam, look=look)


def shown_because(card: Card) -> str:
    """Tells how the card came to be decided: drawn for audit or sample, asked for although held back, or listed."""
    if card.drawn:
        return "audit" if card.audit else "sample"
    return "asked" if card.hidden else "listed"


def shown_on(card: Card, blind: bool) -> dict[str, Any]:
    """Gives the card as the person saw it, for the record: without band and reasons where it was blind."""
    look = card.profile
    shown: dict[str, Any] = {
        "name": look.name,
        "username": look.username,
        "bio": look.description,
        "url": look.url,
        "profile_image_url": look.profile_image_url,
        "location": look.location,
        "created_at": look.created_at.isoformat() if look.created_at else None,
        "observed_at": look.observed_at.isoformat(),
        "protected": look.protected,
        "counts": {
            "followers": look.followers_count,
            "following": look.following_count,
            "posts": look.tweet_count,
            "listed": look.listed_count,
            "likes": look.like_count,
        },
        "batch": card.batch,
        "note": card.note,
        "blind": blind,
    }
    if not blind:
        shown["band"] = card.band.value
        shown["p_spam"] = card.p_spam
        shown["reasons"] = [[reason.text, reason.weight] for reason in card.reasons]
        shown["look"] = [mark.text for mark in card.look]
    return shown
