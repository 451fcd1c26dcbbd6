"""A company's guidelines as people had them: each version's text once, and who was told of which."""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from followguard.store.tables.common import ID, metadata
from followguard.store.values import UtcTime

guidelines = Table(  # decisions name the version by its sha256, which proves the text
    "guidelines",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("text", Text, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("in_force_since", UtcTime, nullable=False),  # later than first_seen_at where an old version came back
)

guidelines_told = Table(
    "guidelines_told",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False, index=True),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("at", UtcTime, nullable=False),
)
