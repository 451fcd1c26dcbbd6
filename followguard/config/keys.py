"""The table of configuration keys: type, range, default and one sentence each. Docs and `init` are made from it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict

from followguard.config.names import follower_name
from followguard.config.phrases import each_once, own_name, phrase
from followguard.domain.desk_keys import DEFAULT_KEYS
from followguard.domain.installation import DeskSettings, RetentionPeriods
from followguard.domain.policy import Executor, HoldingBack, Policy, Prices, Says
from followguard.x.address import DEFAULT_URL

TrainingBasis = Literal["none", "own-decisions", "written-permission"]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, AfterValidator(follower_name)]
OwnName = Annotated[str, Field(max_length=100), AfterValidator(own_name)]
Phrase = Annotated[str, Field(max_length=100), AfterValidator(phrase)]
Url = Annotated[str, Field(min_length=1)]
Group = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Usd = Annotated[float, Field(ge=0, le=1_000_000)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
AtLeastOne = Annotated[int, Field(ge=1, le=10_000_000)]
Days = Annotated[int, Field(ge=1, le=36_500)]
Minutes = Annotated[int, Field(ge=1, le=1440)]

_POLICY, _PRICES, _RETENTION, _DESK = Policy(), Prices(), RetentionPeriods(), DeskSettings()


class Keys(BaseModel):
    """One TOML table: nothing unknown in it, and nothing taken for something else."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class PriceKeys(Keys):
    """What X charges for one returned profile, in USD."""

    read_on: date = date.fromisoformat(_PRICES.read_on)
    """when these prices were read; doctor warns after 180 days"""
    read: Usd = _PRICES.read
    """a profile"""
    owned_read: Usd = _PRICES.owned_read
    """a follower of the account that owns the developer app"""


class RetentionKeys(Keys):
    """Days; then the profile's text goes, and the feature values and the decision stay."""

    held_back_text: Days = _RETENTION.held_back_text
    """of followers who are held back"""
    decided_text: Days = _RETENTION.decided_text
    """of followers who were decided about"""


class NotifyKeys(Keys):
    """Where word of a night is sent."""

    targets: list[Text] = []
    """apprise URLs, or names of environment variables that hold them"""
    heartbeat: Annotated[str, Field(max_length=2000)] = ""
    """URL pinged at the night's start, end (/EXIT-CODE) and failure, or the name of a variable; empty: none"""
    profiles: bool = False
    """true: names and usernames of followers may stand in a notification"""


DeskKey = Annotated[str, Field(pattern=r"^[a-z0-9/?.,;-]$")]


class DeskKeyKeys(Keys):
    """One table for both desks: action and key. What isn't named keeps its key."""

    approve: DeskKey = DEFAULT_KEYS["approve"]
    """follow back"""
    spam: DeskKey = DEFAULT_KEYS["spam"]
    """reject as spam"""
    impersonation: DeskKey = DEFAULT_KEYS["impersonation"]
    """reject: passes itself off as somebody else"""
    not_relevant: DeskKey = DEFAULT_KEYS["not_relevant"]
    """reject: not relevant for us"""
    competitor: DeskKey = DEFAULT_KEYS["competitor"]
    """reject: a competitor"""
    brand_risk: DeskKey = DEFAULT_KEYS["brand_risk"]
    """reject: a risk for the brand"""
    private_person: DeskKey = DEFAULT_KEYS["private_person"]
    """reject: a private person"""
    other: DeskKey = DEFAULT_KEYS["other"]
    """asks for the reason"""
    later: DeskKey = DEFAULT_KEYS["later"]
    """put off until a day"""
    skip: DeskKey = DEFAULT_KEYS["skip"]
    """leave it on the list"""
    undo: DeskKey = DEFAULT_KEYS["undo"]
    """take the last decision back"""
    note: DeskKey = DEFAULT_KEYS["note"]
    """write a note"""
    ask: DeskKey = DEFAULT_KEYS["ask"]
    """ask a colleague"""
    open: DeskKey = DEFAULT_KEYS["open"]
    """the profile's addresses; in the browser a new tab"""
    held_back: DeskKey = DEFAULT_KEYS["held_back"]
    """show also what is held back"""
    reveal: DeskKey = DEFAULT_KEYS["reveal"]
    """show band and reasons of a card that hides them"""
    guidelines: DeskKey = DEFAULT_KEYS["guidelines"]
    """the company's do's and don'ts"""
    reject_all: DeskKey = DEFAULT_KEYS["reject_all"]
    """reject a whole batch"""
    search: DeskKey = DEFAULT_KEYS["search"]
    """search everyone ever seen"""
    help: DeskKey = DEFAULT_KEYS["help"]
    """all keys"""
    quit: DeskKey = DEFAULT_KEYS["quit"]
    """end the terminal desk"""


class WebDeskKeys(Keys):
    """The desk in the browser, and the keys of both desks."""

    url: Annotated[str, Field(max_length=200, pattern=r"^(https?://[^\s/?#@]+(/[^\s?#]*)?)?$")] = ""
    """how people reach the web desk: https://desk.example.com; needed for --host and links in notifications"""
    session_hours: Annotated[int, Field(ge=1, le=72)] = _DESK.session_hours
    """how long a sign-in lasts"""
    pictures: bool = _DESK.pictures
    """true: the reader's browser loads profile pictures from X's own host"""
    keys: DeskKeyKeys = DeskKeyKeys()
    """the keys"""


class PolicyKeys(Keys):
    """The rules for this account."""

    max_usd_per_night: Usd = _POLICY.max_usd_per_night
    """most that one UTC day may cost"""
    first_night: AtLeastOne = _POLICY.first_night
    """how many of the newest followers the first night reads"""
    max_cards_per_day: Count = _POLICY.max_cards_per_day
    """the rest waits, and can be seen waiting"""
    max_follow_backs_per_day: Count = _POLICY.max_follow_backs_per_day
    """spread over the day"""
    holding_back: Annotated[HoldingBack, Strict(False)] = _POLICY.holding_back
    """earned | on | off: whether likely spam may be left out of the cards"""
    max_wrong_hold: Share = _POLICY.max_wrong_hold
    """at most this share of those held back may be real people"""
    unsure_above: Share = _POLICY.unsure_above
    """p_spam at which a card is marked unsure"""
    audit_cards_per_day: Count = _POLICY.audit_cards_per_day
    """held-back followers shown all the same, drawn by chance"""
    retrain_after_decisions: Count = _POLICY.retrain_after_decisions
    """new labels after which the night retrains; 0: never by itself"""
    order_lapses_days: Days = _POLICY.order_lapses_days
    """an approval that old must be given again"""
    claim_minutes: Minutes = _POLICY.claim_minutes
    """how long a card is kept for the person who looks at it"""
    two_person_approval: bool = _POLICY.two_person_approval
    """true: a second person must approve too"""
    blind_share: Share = _POLICY.blind_share
    """share of cards that first show no band and no reasons"""
    never_hold_back: list[Name] = list(_POLICY.never_hold_back)
    """usernames or ids; a username holds to whom it first met"""
    never_follow: list[Name] = list(_POLICY.never_follow)
    """usernames or ids; a username holds to whom it first met"""
    own_names: list[OwnName] = list(_POLICY.own_names)
    """brands, products, executives: who imitates one is marked"""
    guidelines: Annotated[str, Field(max_length=1000)] = _POLICY.guidelines
    """a text file: the company's do's and don'ts, shown on the desk, its hash kept with each decision"""


class RouteKeys(Keys):
    """A department to tell about an interesting follower."""

    name: Text
    """who is told; the card shows it"""
    bio: Annotated[list[Text], Field(min_length=1)]
    """words to look for in the bio"""
    notify: list[Text] = []
    """the department's own targets: apprise URLs, or names of environment variables that hold them"""


class WordKeys(Keys):
    """What this company takes for a sign, in bio, name, username or link."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    """what reasons and the report call the list"""
    any_of: Annotated[list[Phrase], Field(min_length=1, max_length=1000)]
    """words or phrases, any of which is enough; an asterisk ends a beginning: airdrop*"""
    says: Annotated[Says, Strict(False)]
    """spam | genuine | look (marks the card, moves no score)"""


class AccountKeys(Keys):
    """One of our accounts. HANDLE is its handle, without @."""

    owns_developer_app: bool = False
    """true: owned reads, because the account owns the developer app"""
    executor: Annotated[Executor, Strict(False)] = Executor.HANDOFF
    """handoff | api | dry-run: who carries out an approved follow"""
    training_basis: TrainingBasis
    """none | own-decisions | written-permission; no default: the company decides"""
    model_group: Group = "house"
    """accounts of one group learn together and share a model"""
    colour: Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6})?$")] = ""
    """the account's header on the desk: #RRGGBB; empty: one of its own"""
    policy: PolicyKeys = PolicyKeys()
    """the rules for this account"""
    routes: list[RouteKeys] = []
    """whom to tell about an interesting follower"""
    words: Annotated[list[WordKeys], Field(max_length=100), AfterValidator(each_once)] = []
    """what this company takes for a sign"""


class FileKeys(Keys):
    """The top of the file."""

    database_url: Url = "sqlite:///followguard.db"
    """FOLLOWGUARD_DATABASE_URL wins; postgresql+psycopg://... for several machines"""
    models_dir: Url = "models"
    """FOLLOWGUARD_MODELS_DIR wins; house models"""
    backups: Count = 14
    """how many are kept beside the database; one is made before each night"""
    x_api_url: Url = DEFAULT_URL
    """FOLLOWGUARD_X_API_URL wins; anything but X's own hosts must be loopback"""
    max_usd_per_month: Usd = 50.0
    """all accounts together, in a UTC month"""
    prices: PriceKeys = PriceKeys()
    """what X charges"""
    retention: RetentionKeys = RetentionKeys()
    """how long text is kept"""
    notify: NotifyKeys = NotifyKeys()
    """where word of a night is sent"""
    desk: WebDeskKeys = WebDeskKeys()
    """the desk in the browser"""
    accounts: Annotated[dict[str, AccountKeys], Field(min_length=1)]
    """our accounts"""
