"""Blind tests: which cards a person was shown without the machine's word, and what they said."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from followguard.store.tables.common import ID, metadata, one_of
from followguard.store.values import UtcTime

BLIND_ANSWERS = ("real", "spam", "unsure")

blind_tests = Table(  # append-only, like all three
    "blind_tests",
    metadata,
    Column("id", ID, primary_key=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("number", Integer, nullable=False),  # which one of this person's for the account, from 1
    Column("model", Text, nullable=False),
    Column("spam_from", Float, nullable=False),  # the hold-back cutoff of the day
    Column("seed_sha256", String(64), nullable=False),
    Column("pool_above", Integer, nullable=False),  # how many it was drawn from, on each side
    Column("pool_below", Integer, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    UniqueConstraint("account_id", "person_id", "number"),
)

blind_cards = Table(
    "blind_cards",
    metadata,
    Column("id", ID, primary_key=True),
    Column("test_id", ForeignKey("blind_tests.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("snapshot_id", ForeignKey("snapshots.id"), nullable=False),  # what is shown
    Column("score_id", ForeignKey("scores.id"), nullable=False),  # the snapshot's
    Column("p_spam", Float, nullable=False),  # by the test's model, before it had learned of the follower
    Column("base_logit", Float, nullable=False),
    Column("above", Boolean, nullable=False),  # it would have been held back when it was drawn
    Column("own", Boolean, nullable=False),  # the person had judged the follower before, some time ago
    ForeignKeyConstraint(["account_id", "follower_id"], ["followers.account_id", "followers.follower_id"]),
    UniqueConstraint("test_id", "place"),
    Index("blind_cards_by_follower", "account_id", "follower_id"),
)

blind_answers = Table(
    "blind_answers",
    metadata,
    Column("card_id", ForeignKey("blind_cards.id"), primary_key=True, autoincrement=False),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("answer", Text, CheckConstraint(one_of("answer", BLIND_ANSWERS), name="known"), nullable=False),
    Column("at", UtcTime, nullable=False),
    ForeignKeyConstraint(["account_id", "follower_id"], ["followers.account_id", "followers.follower_id"]),
    Index("blind_answers_by_follower", "account_id", "follower_id"),
)
