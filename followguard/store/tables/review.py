"""Cards, decisions, and what came of them."""

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
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from followguard.domain.card import ItemState
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.order import LIVE_STATES, OrderState
from followguard.store.tables.common import ID, metadata, one_of
from followguard.store.values import UtcTime

SHOWN_BECAUSE = ("listed", "audit", "sample", "asked")
LIVE_ORDER_STATES = tuple(state.value for state in OrderState if state in LIVE_STATES)

items = Table(
    "items",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("state", Text, CheckConstraint(one_of("state", ItemState), name="known"), nullable=False),
    Column("held_back", Boolean, nullable=False, default=False),
    Column("audit", Boolean, nullable=False, default=False),
    Column("audit_probability", Float),  # that the card was drawn by the day of the draw, in (0, 1]
    Column("audit_day", String(10)),  # ISO day of that draw
    Column("audit_missed", Float),  # probability of no draw so far; empty before its first draw
    Column("sample", Boolean, nullable=False, server_default=false()),  # drawn from a night's new followers
    Column("sample_probability", Float),  # of that draw, in (0, 1]
    Column("sample_day", String(10)),  # ISO day of its first plan, in which it was drawn or wasn't
    Column("due", String(10)),  # ISO day from which the desk shows it
    Column("batch_id", ForeignKey("batches.id")),
    Column("score_id", ForeignKey("scores.id")),
    Column("claimed_by", ForeignKey("people.id")),
    Column("claimed_until", UtcTime),
    Column("put_off_by", ForeignKey("people.id")),  # whose put-off card it is, while it is one
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

decisions = Table(  # append-only: triggers refuse UPDATE, and DELETE but while the follower is being forgotten
    "decisions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("item_id", ID, nullable=False),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("kind", Text, CheckConstraint(one_of("kind", Kind), name="known"), nullable=False),
    Column("reason", Text, CheckConstraint(f"reason IS NULL OR {one_of('reason', RejectReason)}", name="reason")),
    Column("real_account", Boolean, nullable=False, default=False),
    Column("until", String(10)),
    Column("undoes", ForeignKey("decisions.id"), unique=True),
    Column("overrules", ForeignKey("decisions.id")),
    Column("at", UtcTime, nullable=False),
    Column("score_id", ForeignKey("scores.id")),
    Column("shown_hash", String(64), nullable=False),  # Profile.appearance_hash of what was on the card
    Column("shown_because", Text, CheckConstraint(one_of("shown_because", SHOWN_BECAUSE), name="shown"),
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
    Index("decisions_by_person", "person_id", "id"),
    Index("decisions_of_sample", "account_id", sqlite_where=text("shown_because = 'sample'"),
          postgresql_where=text("shown_because = 'sample'")),
)  # fmt: skip

decision_evidence = Table(  # what the decision was made on; its text may be cleared while the decision stays
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
    Column("guidelines", String(64)),  # sha256 of the company's guidelines that the person had; empty: there were none
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
    Column("state", Text, CheckConstraint(one_of("state", OrderState), name="known"), nullable=False),
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
          sqlite_where=text(one_of("state", LIVE_ORDER_STATES)),
          postgresql_where=text(one_of("state", LIVE_ORDER_STATES))),
    Index("orders_by_state", "account_id", "state", "due"),
    Index("orders_by_follower", "account_id", "follower_id"),
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
