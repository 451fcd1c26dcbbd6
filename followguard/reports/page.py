"""What the report of a night shows: everything that its page says, already decided and counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from followguard.domain.card import Card
from followguard.domain.order import Unfollow
from followguard.domain.policy import AccountSettings, Executor
from followguard.reports.figures import Distribution, NightFigures
from followguard.review.agreement import NO_PAIRS, Agreement
from followguard.review.approval_speed import Hurry
from followguard.review.measures.anchoring import NOTHING_SEEN, Anchoring
from followguard.review.measures.pace import UNKNOWN, Pace
from followguard.screening.audit import NOTHING_AUDITED, HeldBackShare
from followguard.screening.sample import NOTHING_DRAWN, SampleSoFar
from followguard.screening.standing import Standing
from followguard.trust.told import Trust
from followguard.words.reading import ListRecord

MOST_ROWS = 100
"""Cards shown of one account; how many more there are is said, with the command that lists them."""
SECONDS_A_CARD = 10
"""What a card takes somebody who decides from what is on it. An estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Look-alikes of one night. `total`: how many of them are on the desk; `cards`: those shown."""

    number: int
    alike: str
    size: int
    total: int
    cards: tuple[Card, ...]

    @property
    def more(self) -> int:
        """How many aren't shown."""
        return self.total - len(self.cards)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardList:
    """The review list of an account: ordinary cards, then batches. `total` counts the ordinary ones."""

    cards: tuple[Card, ...] = ()
    total: int = 0
    batches: tuple[Batch, ...] = ()

    @property
    def more(self) -> int:
        """How many ordinary cards aren't shown."""
        return self.total - len(self.cards)

    @property
    def everything(self) -> int:
        """All cards, shown or not, batches included."""
        return self.total + sum(batch.total for batch in self.batches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A parked order: somebody must look. `name` is the username, or the id where it isn't known."""

    item: int
    follower_id: str
    name: str
    url: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFigures:
    """Follow orders as they stand. `due`: may go today at our pace, `ahead`: on a later day, `until` the last of these.

    `handed`: with a person; `sent`: made, and not confirmed by X yet; `unfollow`: overruled after the follow.
    """

    due: int = 0
    ahead: int = 0
    until: str | None = None
    handed: int = 0
    sent: int = 0
    stuck: tuple[Stuck, ...] = ()
    unfollow: tuple[Unfollow, ...] = ()
    executor: Executor = Executor.HANDOFF
    paused_at: datetime | None = None
    switched_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskCounts:
    """Undecided cards. `today`: on the desk now, of which `audit` were drawn and `batched` belong to look-alikes.

    `waiting`: shown on a later day; `put_off`: until a day to come, by a person; `held_back`: shown only if asked.
    """

    today: int = 0
    audit: int = 0
    batched: int = 0
    waiting: int = 0
    put_off: int = 0
    held_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """One account's part of the page.

    `held_share`: real people among those held back, by the audit; `sample`: how far the random sample is; `trust`: how
    often machine and people were wrong; `agreement`: between people about its followers, with `open_disagreements` that
    nobody has settled; `hurried`: approvals that came faster than anybody looks.
    `pace`: how long a card takes people; `anchoring`: whether they agree with the machine more where they see its word.
    `words`: how often each list of the company's own was right, and what it weighs by now.
    `unread`: nights in a row, up to now, without a complete reading.
    `first`: this was the account's first night; `left`: found not to follow any more; `spent_usd`: that whole UTC day.
    """

    settings: AccountSettings
    figures: NightFigures
    desk: DeskCounts
    list: CardList
    scores: Distribution
    standing: Standing
    orders: OrderFigures
    model: str | None
    first: bool = False
    left: int = 0
    unscored: int = 0
    spent_usd: float = 0.0
    unread: int = 0
    held_share: HeldBackShare = NOTHING_AUDITED
    sample: SampleSoFar = NOTHING_DRAWN
    agreement: Agreement = NO_PAIRS
    trust: Trust | None = None
    open_disagreements: int = 0
    hurried: tuple[Hurry, ...] = ()
    words: Mapping[str, ListRecord] = field(default_factory=dict)
    pace: Pace = UNKNOWN
    anchoring: Anchoring = NOTHING_SEEN

    @property
    def handle(self) -> str:
        """Without @."""
        return self.settings.handle


@dataclass(frozen=True, slots=True, kw_only=True)
class NightPage:
    """The whole page for the night of the ISO day `day`, made at `made_at`.

    `newest` is the day of the newest night, None before the first one; an older night's page shows whom it brought
    and where they stand now, and leaves what to do first to the newest one. `tells_month`: not to those who see only
    some accounts, because the month's costs are of all together.
    """

    day: str
    newest: str | None
    made_at: datetime
    accounts: tuple[AccountPage, ...]
    month_spent_usd: float
    month_limit_usd: float
    log_head: str
    tells_month: bool = True

    @property
    def current(self) -> bool:
        """Whether the page is of the newest night, or of an installation without one."""
        return self.newest is None or self.day >= self.newest


def minutes_for(cards: int) -> int:
    """Returns about how many whole minutes that many cards take, at least 1."""
    return max(1, round(cards * SECONDS_A_CARD / 60))
