"""Followers, what X showed of them, and their scores."""

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
    String,
    Table,
    Text,
    text,
)

from followguard.domain.policy import Band
from followguard.store.tables.common import ID, metadata, one_of
from followguard.store.values import UtcTime

followers = Table(
    "followers",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("follower_id", Text, primary_key=True),
    Column(
        "ordinal", BigInteger, nullable=False
    ),  # place in the list: the higher, the later they followed; 0: unproven
    Column("next_ordinal", BigInteger, nullable=False, server_default=text("0")),  # the same in a reading under way
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
    Index("followers_by_first_seen", "first_seen_at"),
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
        CheckConstraint(one_of("band", Band), name="known"),
        nullable=False,
    ),
    Column("base_logit", Float, nullable=False),
    Column("slope", Float, nullable=False, server_default=text("1.0")),  # what its reasons were multiplied by
    Column("reasons", JSON, nullable=False),
    Column("look", JSON, nullable=False, default=list),  # marks for a second look: code and text
    Column("words", String(12), nullable=False, default=""),  # what words were looked for: TextReader.signature
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

listed_names = Table(  # usernames in never_follow and never_hold_back, from when they are listed until they aren't
    "listed_names",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("name", Text, primary_key=True),  # as `domain.policy.plain_entry` writes it
    Column("since", UtcTime, nullable=False),
    Column("follower_id", Text),  # the follower it holds to, also after a rename; empty: it has met nobody
    ForeignKeyConstraint(
        ["account_id", "follower_id"],
        ["followers.account_id", "followers.follower_id"],
        name="fk_listed_names_follower",
    ),
)
