"""The policy of an account: cutoffs and bands, limits, and lists of names with whom each entry holds to."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from math import log


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

    def band_of(self, p_spam: float, *, look: bool = False) -> Band:
        """Gives the score's band. On a cutoff it is the band above: 0.15 with `unsure_from` 0.15 is unsure.

        `look`: the card has a look mark, so that no low score makes it genuine.
        """
        if p_spam >= self.spam_from:
            return Band.SPAM
        return Band.UNSURE if look or p_spam >= self.unsure_from else Band.GENUINE


OF_A_HUNDRED = "(of 100 such accounts "
"""Begins, in a reason's text, how common spam is among such accounts; before it stand the facts."""


SAYS_SPAM = log(4.0)
"""Log-odds from which a reason alone makes spam of somebody of whom a fifth of such people are."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One contribution to a score. `weight` is in log-odds: above 0 speaks for spam, below 0 against."""

    code: str
    text: str
    weight: float

    @property
    def direction(self) -> str:
        """`spam: ` or `genuine: `, to stand before the text; nothing where it weighs nothing.

        What makes four times the odds of spam, from one in five to one half, says so; less than that leans to it.
        """
        if self.weight > 0.0:
            return "spam: " if self.weight >= SAYS_SPAM else "leans to spam: "
        return "genuine: " if self.weight < 0.0 else ""

    def as_fact(self) -> "Reason":
        """Returns what it says about the follower, without a side; `other` bears its weight."""
        return Reason(self.code, self.text.partition(f" {OF_A_HUNDRED}")[0].partition("; ")[0], 0.0)


IMITATES_US = "imitates_us"
"""The code of the look mark for somebody who passes themselves off as us."""


@dataclass(frozen=True, slots=True)
class LookMark:
    """A mark that asks a person to look twice: a stable code, and a sentence for the card. It moves no score."""

    code: str
    text: str


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
    slope: float = 1.0
    """What the model's own contributions were multiplied by, from the account's random decisions."""
    look: tuple[LookMark, ...] = ()


class Executor(StrEnum):
    """Who carries out an approved follow."""

    HANDOFF = "handoff"
    API = "api"
    DRY_RUN = "dry-run"


class HoldingBack(StrEnum):
    """When likely spam may be left out of the daily cards."""

    EARNED = "earned"
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`[accounts.NAME.policy]`. Money in USD, shares and probabilities in [0, 1]."""

    max_usd_per_night: float = 5.00
    first_night: int = 100
    max_cards_per_day: int = 60
    max_follow_backs_per_day: int = 25
    holding_back: HoldingBack = HoldingBack.EARNED
    max_wrong_hold: float = 0.05
    unsure_above: float = 0.15
    audit_cards_per_day: int = 3
    retrain_after_decisions: int = 50
    order_lapses_days: int = 30
    claim_minutes: int = 15
    two_person_approval: bool = False
    blind_share: float = 0.0
    never_hold_back: tuple[str, ...] = ()
    never_follow: tuple[str, ...] = ()
    own_names: tuple[str, ...] = ()
    guidelines: str = ""

    @property
    def cutoffs(self) -> Cutoffs:
        """Where the bands meet under this policy. Raises ValueError when they are crossed."""
        return Cutoffs(unsure_from=self.unsure_above, spam_from=round(1.0 - self.max_wrong_hold, 12))

    def hash(self) -> str:
        """Gives the twelve hex digits that name this policy on every score made under it.

        Where the guidelines stand is no rule of scoring: a file that moves makes no other policy.
        """
        rules = {name: value for name, value in asdict(self).items() if name != "guidelines"}
        return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Route:
    """A department to tell about an interesting follower: a name, and words to look for in the bio.

    `notify`: its targets, apprise URLs or names of environment variables that hold them.
    """

    name: str
    bio: tuple[str, ...]
    notify: tuple[str, ...] = field(default=(), repr=False)


class Says(StrEnum):
    """What a list of the company's own words says of whoever uses one of them."""

    SPAM = "spam"
    GENUINE = "genuine"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class WordList:
    """The company's own words: a name for the reason, the phrases of which any one is enough, and what they say."""

    name: str
    any_of: tuple[str, ...]
    says: Says


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """The prices that X charges for one returned profile, in USD, as read on `read_on` (ISO date)."""

    read_on: str = "2026-08-22"
    read: float = 0.010
    owned_read: float = 0.001


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSettings:
    """One corporate account of ours, as configured."""

    handle: str
    training_basis: str
    owns_developer_app: bool = False
    executor: Executor = Executor.HANDOFF
    model_group: str = "house"
    colour: str = ""
    policy: Policy = Policy()
    routes: tuple[Route, ...] = ()
    words: tuple[WordList, ...] = ()


_ID = re.compile(r"[1-9][0-9]{0,19}")
_DIGITS_ONLY = re.compile(r"@[0-9]{1,15}")
_USERNAME = re.compile(r"[a-z0-9_]{1,15}")


def plain_entry(entry: str) -> str:
    """Spells an entry as it is compared: an id, or a username in lower case without @.

    Digits alone are an id. A username of digits alone keeps its @, which tells the two apart.
    """
    plain = entry.strip().lower()
    name = plain.removeprefix("@")
    return plain if name.isdigit() else name


def can_match(entry: str) -> bool:
    """Tells whether a follower on X can have that id or username."""
    plain = plain_entry(entry)
    kind = _ID if plain.isdigit() else _DIGITS_ONLY if plain.startswith("@") else _USERNAME
    return kind.fullmatch(plain) is not None


def username_key(username: str) -> str:
    """Spells a follower's username as `plain_entry` does."""
    return plain_entry(f"@{username}")


def names_of(listed: tuple[str, ...]) -> frozenset[str]:
    """Spells the entries of a policy's list so that they can be compared."""
    return frozenset(plain_entry(name) for name in listed)


def usernames_of(policy: Policy) -> frozenset[str]:
    """Collects the entries of both lists that name somebody by username."""
    return frozenset(name for name in names_of(policy.never_follow + policy.never_hold_back) if not name.isdigit())


def is_named(follower_id: str, username: str | None, names: frozenset[str]) -> bool:
    """Tells whether a policy list names this follower, by id or by username."""
    return follower_id in names or (username is not None and username_key(username) in names)


def in_force(policy: Policy, holders: Mapping[str, str]) -> Policy:
    """Replaces each username in the policy's lists by the id of the follower it has met (`holders`).

    So a rename doesn't escape a list, and a later holder of the name isn't on it. An entry that has met nobody names
    anyone who comes with that username. For comparing followers only: the policy as configured is the one on record.
    """
    never_follow, never_hold_back = (
        tuple(sorted(holders.get(name, name) for name in names_of(listed)))
        for listed in (policy.never_follow, policy.never_hold_back)
    )
    return replace(policy, never_follow=never_follow, never_hold_back=never_hold_back)
