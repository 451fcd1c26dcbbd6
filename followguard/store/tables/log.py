"""The log, and who was forgotten."""

from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table, Text

from followguard.store.tables.common import ID, metadata
from followguard.store.values import UtcTime

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
    Column("rows", JSON, nullable=False),  # what the entry wrote: [table, key, sha256 of the row (null: deleted), ...]
)

seals = Table(  # an index of `log_openings.rows`: which entries vouch for a row; `prove` compares the two
    "seals",
    metadata,
    Column("table_name", String(40), primary_key=True),
    Column("row_key", String(80), primary_key=True),
    Column("seq", ForeignKey("log.seq"), primary_key=True),
    Index("seals_by_entry", "seq"),
)

tombstones = Table(  # followers that may not be collected again, each as a keyed hash of the id
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
)
