"""The tables. Invariants of the design that a database can hold are held here, by keys, checks and partial indexes.

Days are ISO dates in UTC; money is whole micro-dollars (1 USD = 1,000,000); X's ids are text, as X sends them.
"""

from collections.abc import Iterable

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from followguard.adapters.store.columns import UtcTime
from followguard.domain.house_model import MoveKind, Origin, Outcome
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.outbox import LIVE_STATES, OrderState
from followguard.domain.review import ItemState
from followguard.domain.verdict import Band

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

ID = BigInteger().with_variant(Integer, "sqlite")
LIVE_ORDER_STATES = tuple(state.value for state in OrderState if state in LIVE_STATES)
ROLES = ("viewer", "reviewer", "approver", "owner")


def _one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


settings = Table(
    "settings",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("handle", Text, nullable=False, unique=True),
    Column("x_id", Text, unique=True),
    Column("paused_at", UtcTime),
    Column("handoff_since", UtcTime),  # a plan-level 403 switched the account to hand-off
    Column("followers_count", Integer),  # what X said last
    Column("created_at", UtcTime, nullable=False),
)

people = Table(
    "people",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("pseudonym", Text, nullable=False, unique=True),
    Column("added_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
)

roles = Table(
    "roles",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("role", Text, CheckConstraint(_one_of("role", ROLES), name="known"), nullable=False),
    Column("account_id", ForeignKey("accounts.id")),  # empty: for every account
    Column("granted_at", UtcTime, nullable=False),
    Column("granted_by", ForeignKey("people.id")),
    Column("withdrawn_at", UtcTime),
)

passes = Table(  # one reading of a follower list from its top to the mark, over as many runs as it takes
    "passes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("kind", Text, CheckConstraint(_one_of("kind", ("night", "reconcile")), name="known"), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("token", Text),
    Column("position", Integer, nullable=False, default=0),
    Column("progress", JSON, nullable=False),
    Column("outcome", Text),
    Index("one_open_pass", "account_id", "kind", unique=True, sqlite_where=text("finished_at IS NULL"),
          postgresql_where=text("finished_at IS NULL")),
)  # fmt: skip

runs = Table(
    "runs",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("day", String(10), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("status", Text),
    Column("receipt", JSON),
    Index("runs_by_day", "account_id", "kind", "day"),
)

ledger = Table(  # what was paid for: one row a call
    "ledger",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("day", String(10), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("call", Text, CheckConstraint(_one_of("call", ("me", "followers", "lookup", "follow")), name="known"),
           nullable=False),
    Column("requests", Integer, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("cost_micro", BigInteger, CheckConstraint("cost_micro >= 0", name="not_negative"), nullable=False),
    Index("ledger_by_day", "day", "account_id"),
)  # fmt: skip

paid_profiles = Table(  # X bills a profile once a UTC day
    "paid_profiles",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("follower_id", Text, primary_key=True),
)

followers = Table(
    "followers",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("follower_id", Text, primary_key=True),
    Column("ordinal", BigInteger, nullable=False),  # place in the list: the higher, the later they followed
    Column("pass_id", ForeignKey("passes.id"), nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
    Column("left_at", UtcTime),
    Column("returned_at", UtcTime),
    Column("missing_at", UtcTime),  # a reading passed the place where they should have stood, and they weren't there
    Column("connection", JSON),  # X's connection_status when last seen
    Column("snapshot_id", ID, nullable=False),  # the latest; no foreign key, because snapshots point here
    Index("followers_by_ordinal", "account_id", "ordinal"),
    Index("followers_by_id", "follower_id"),
)

PROFILE = (
    Column("username", Text),
    Column("name", Text),
    Column("description", Text),
    Column("location", Text),
    Column("url", Text),
    Column("created_at", UtcTime),
    Column("followers_count", BigInteger),
    Column("following_count", BigInteger),
    Column("tweet_count", BigInteger),
    Column("listed_count", BigInteger),
    Column("like_count", BigInteger),
    Column("media_count", BigInteger),
    Column("profile_image_url", Text),
    Column("protected", Boolean),
    Column("verified", Boolean),
    Column("verified_type", Text),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("observed_at", UtcTime, nullable=False),
    *PROFILE,
    Column("appearance_hash", String(64), nullable=False),
    Column("text_cleared_at", UtcTime),
    ForeignKeyConstraint(["account_id", "follower_id"], ["followers.account_id", "followers.follower_id"]),
    Index("snapshots_by_follower", "account_id", "follower_id"),
    Index("snapshots_by_username", text("lower(username)")),
)

scores = Table(
    "scores",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("snapshot_id", ForeignKey("snapshots.id"), nullable=False),
    Column("model", Text, nullable=False),
    Column("policy_hash", Text, nullable=False),
    Column("p_spam", Float, CheckConstraint("p_spam >= 0 AND p_spam <= 1", name="probability"), nullable=False),
    Column(
        "band",
        Text,
        CheckConstraint(_one_of("band", Band), name="known"),
        nullable=False,
    ),
    Column("base_logit", Float, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("features", LargeBinary, nullable=False),
    Column("feature_schema", String(64), nullable=False),  # what gives the values their meaning
    Column("observed_at", UtcTime, nullable=False),
    Column("scored_at", UtcTime, nullable=False),
    ForeignKeyConstraint(["account_id", "follower_id"], ["followers.account_id", "followers.follower_id"]),
    Index("scores_by_snapshot", "snapshot_id"),
)

score_failures = Table(  # a snapshot that couldn't be scored: parked with its error, tried again each night
    "score_failures",
    metadata,
    Column("snapshot_id", ForeignKey("snapshots.id"), primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("error", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

batches = Table(
    "batches",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("day", String(10), nullable=False),
    Column("alike", Text, nullable=False),  # in words: what its followers share
    Column("size", Integer, nullable=False),
    Column("found_at", UtcTime, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("state", Text, CheckConstraint(_one_of("state", ItemState), name="known"), nullable=False),
    Column("held_back", Boolean, nullable=False, default=False),
    Column("audit", Boolean, nullable=False, default=False),
    Column("audit_probability", Float),  # of having been drawn by the day of the draw, in (0, 1]
    Column("audit_day", String(10)),  # ISO day of that draw
    Column("audit_missed", Float),  # of no draw so far, empty before the first it was in
    Column("due", String(10)),  # ISO day from which the desk shows it
    Column("batch_id", ForeignKey("batches.id")),
    Column("score_id", ForeignKey("scores.id")),
    Column("claimed_by", ForeignKey("people.id")),
    Column("claimed_until", UtcTime),
    Column("closed_why", Text),
    Column("note", Text),  # why the card came back: a difference, a lapsed order, a question
    Column("updated_at", UtcTime, nullable=False),
    ForeignKeyConstraint(["account_id", "follower_id"], ["followers.account_id", "followers.follower_id"]),
    UniqueConstraint("account_id", "follower_id"),
    UniqueConstraint("id", "account_id", "follower_id", name="uq_items_identity"),
    CheckConstraint("state <> 'claimed' OR (claimed_by IS NOT NULL AND claimed_until IS NOT NULL)", name="claim"),
    CheckConstraint("state <> 'closed' OR closed_why IS NOT NULL", name="closed_says_why"),
    Index("items_by_state", "account_id", "state", "due"),
)

decisions = Table(  # append-only: triggers refuse UPDATE and DELETE
    "decisions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("item_id", ID, nullable=False),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("kind", Text, CheckConstraint(_one_of("kind", Kind), name="known"), nullable=False),
    Column("reason", Text, CheckConstraint(f"reason IS NULL OR {_one_of('reason', RejectReason)}", name="reason")),
    Column("real_account", Boolean, nullable=False, default=False),
    Column("until", String(10)),
    Column("undoes", ForeignKey("decisions.id"), unique=True),
    Column("overrules", ForeignKey("decisions.id")),
    Column("at", UtcTime, nullable=False),
    Column("score_id", ForeignKey("scores.id")),
    Column("shown_hash", String(64), nullable=False),  # Profile.appearance_hash of what was on the card
    Column("shown_because", Text, CheckConstraint(_one_of("shown_because", ("listed", "audit", "asked")), name="shown"),
           nullable=False),
    Column("draw_probability", Float),
    ForeignKeyConstraint(["item_id", "account_id", "follower_id"],
                         ["items.id", "items.account_id", "items.follower_id"]),
    UniqueConstraint("id", "account_id", "follower_id", "kind", name="uq_decisions_identity"),
    CheckConstraint("kind = 'overrule' OR (kind = 'reject') = (reason IS NOT NULL)", name="reject_has_reason"),
    CheckConstraint("(kind = 'overrule') = (overrules IS NOT NULL)", name="overrule_names_one"),
    CheckConstraint("kind <> 'overrule' OR reason IS NOT NULL OR real_account", name="overrule_says_what"),
    CheckConstraint("(kind = 'later') = (until IS NOT NULL)", name="later_has_day"),
    CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name="undo_names_one"),
    Index("decisions_by_item", "item_id"),
    Index("decisions_by_day", "account_id", "at"),
)  # fmt: skip

decision_evidence = Table(  # what the decision was made on; text can be forgotten, the decision can't
    "decision_evidence",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("p_spam", Float),
    Column("band", Text),
    Column("model", Text),
    Column("policy_hash", Text),
    Column("features", LargeBinary),
    Column("feature_schema", String(64)),
    Column("shown", JSON),
)

orders = Table(
    "orders",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("decision_id", ID, nullable=False, unique=True),
    Column("decision_kind", Text, CheckConstraint("decision_kind = 'approve'", name="approved"), nullable=False),
    Column("appearance_hash", String(64), nullable=False),
    Column("state", Text, CheckConstraint(_one_of("state", OrderState), name="known"), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("due", String(10), nullable=False),  # the day our pace lets it go
    Column("waited_seconds", BigInteger, nullable=False, default=0),  # for our own pace, pause, budget or credits
    Column("waiting_since", UtcTime),  # it waits for one of these right now
    Column("handed_off_at", UtcTime),
    Column("sent_at", UtcTime),
    Column("confirmed_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("why", Text),
    Column("updated_at", UtcTime, nullable=False),
    ForeignKeyConstraint(["account_id", "follower_id"], ["followers.account_id", "followers.follower_id"]),
    ForeignKeyConstraint(["decision_id", "account_id", "follower_id", "decision_kind"],
                         ["decisions.id", "decisions.account_id", "decisions.follower_id", "decisions.kind"]),
    CheckConstraint("state <> 'void' OR why IS NOT NULL", name="void_says_why"),
    Index("one_live_order", "account_id", "follower_id", unique=True,
          sqlite_where=text(_one_of("state", LIVE_ORDER_STATES)),
          postgresql_where=text(_one_of("state", LIVE_ORDER_STATES))),
    Index("orders_by_state", "account_id", "state", "due"),
)  # fmt: skip

attempts = Table(
    "attempts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("order_id", ForeignKey("orders.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("executor", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("detail", Text),
    Index("attempts_by_order", "order_id"),
)

log = Table(  # a hash chain: hash = sha256(prev, seq, at, kind, account, actor, commitment); append-only by triggers
    "log",
    metadata,
    Column("seq", ID, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("kind", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("actor", Text, nullable=False),  # a person's pseudonym, or "followguard"
    Column("commitment", String(64), nullable=False),
    Column("prev", String(64), nullable=False, unique=True),
    Column("hash", String(64), nullable=False, unique=True),
)

log_openings = Table(  # salt and payload of an entry: erased when a person is forgotten, and the chain stays whole
    "log_openings",
    metadata,
    Column("seq", ForeignKey("log.seq"), primary_key=True),
    Column("salt", String(32), nullable=False),
    Column("payload", JSON, nullable=False),
)

models = Table(  # house models; a row stays when its files go
    "models",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("model_group", Text, nullable=False),
    Column("origin", Text, CheckConstraint(_one_of("origin", Origin), name="known"), nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("feature_schema", String(64), nullable=False),
    Column("parent", String(64), nullable=False),  # content_sha256 of the base model it started from
    Column("export_sha256", String(64), nullable=False),
    Column("genuine", Integer, nullable=False),
    Column("spam", Integer, nullable=False),
    Column("newest_decision", ID, nullable=False),
    Column("gate", JSON, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("retired_at", UtcTime),  # somebody it learned from was forgotten
    Column("retired_why", Text),
    Column("removed_at", UtcTime),  # its files were cleared away
    Index("models_by_group", "model_group", "id"),
)

model_moves = Table(  # append-only: the champion of a group is what its newest move names, empty the base model
    "model_moves",
    metadata,
    Column("id", ID, primary_key=True),
    Column("model_group", Text, nullable=False),
    Column("kind", Text, CheckConstraint(_one_of("kind", MoveKind), name="known"), nullable=False),
    Column("model_id", ForeignKey("models.id")),
    Column("person_id", ForeignKey("people.id")),
    Column("at", UtcTime, nullable=False),
    Column("why", Text, nullable=False),
    Index("moves_by_group", "model_group", "id"),
)

retrainings = Table(  # every attempt to learn, whatever came of it
    "retrainings",
    metadata,
    Column("id", ID, primary_key=True),
    Column("model_group", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("outcome", Text, CheckConstraint(_one_of("outcome", Outcome), name="known"), nullable=False),
    Column("why", Text, nullable=False),
    Column("genuine", Integer, nullable=False),
    Column("spam", Integer, nullable=False),
    Column("newest_decision", ID, nullable=False),
    Column("model_id", ForeignKey("models.id")),
    Index("retrainings_by_group", "model_group", "id"),
)

foretold = Table(  # what a champion's recipe said of earlier decisions before it had learned from them; only added to
    "foretold",
    metadata,
    Column("model_id", ForeignKey("models.id"), primary_key=True),
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("p_spam", Float, nullable=False),
    Column("base_logit", Float, nullable=False),
    Index("foretold_by_decision", "decision_id"),
)

unfollows = Table(  # a follow whose approval was overruled: on the list to be unfollowed by hand until it is seen gone
    "unfollows",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),  # the overrule
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("certain", Boolean, nullable=False),  # False: handed off or under way, so perhaps never followed
    Column("since", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("ended_why", Text),
    ForeignKeyConstraint(["account_id", "follower_id"], ["followers.account_id", "followers.follower_id"]),
    CheckConstraint("(ended_at IS NULL) = (ended_why IS NULL)", name="end_says_why"),
    Index("unfollows_by_account", "account_id", "ended_at"),
)

tombstones = Table(  # whom nobody may collect again: a keyed hash of the id, nothing that it could be read out of
    "tombstones",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("day", String(10), nullable=False),
)

forgetting = Table(  # who is being erased right now: triggers let decisions and orders go only while a row stands here
    "forgetting",
    metadata,
    Column("follower_id", Text, primary_key=True),
    Column("names", JSON, nullable=False),  # usernames, to find them in our own files
    Column("wishes", JSON, nullable=False),  # what else was asked for, and what is left to do
    Column("started_at", UtcTime, nullable=False),
    Column("erased_at", UtcTime),  # the database part is done
)
