"""Our accounts and people, the runs and what was paid for."""

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from followguard.store.tables.common import ID, metadata, one_of
from followguard.store.values import UtcTime

ROLES = ("viewer", "reviewer", "approver", "owner")

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
    Column("role", Text, CheckConstraint(one_of("role", ROLES), name="known"), nullable=False),
    Column("account_id", ForeignKey("accounts.id")),  # empty: for every account
    Column("granted_at", UtcTime, nullable=False),
    Column("granted_by", ForeignKey("people.id")),
    Column("withdrawn_at", UtcTime),
    Index("one_role_each", "person_id", text("coalesce(account_id, 0)"), unique=True,
          sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL")),
)  # fmt: skip

distrusts = Table(  # append-only: what a person decided from a time on until the act doesn't count, until it is lifted
    "distrusts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("newest_decision", ID, nullable=False),  # the last decision of all when it was done; no foreign key, as
    Column("by_person_id", ForeignKey("people.id"), nullable=False),  # that one's follower may be forgotten
    Column("at", UtcTime, nullable=False),
    Column("lifts", ForeignKey("distrusts.id"), unique=True),
    Index("distrusts_by_person", "person_id"),
)

passes = Table(  # one reading of a follower list from its top to the mark, over as many runs as it takes
    "passes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("kind", Text, CheckConstraint(one_of("kind", ("night", "reconcile")), name="known"), nullable=False),
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
    Column("call", Text, CheckConstraint(one_of("call", ("me", "followers", "lookup", "follow")), name="known"),
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
