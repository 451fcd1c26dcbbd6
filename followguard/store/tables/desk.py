"""Ways in to the web desk: personal links and sessions, each known by the sha256 of its token alone."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text

from followguard.store.tables.common import ID, metadata, one_of
from followguard.store.values import UtcTime

LINK_KINDS = ("invite", "night")

sign_in_links = Table(  # good once: `used_at` by signing in, `ended_at` when it was taken back before that
    "sign_in_links",
    metadata,
    Column("id", ID, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("kind", Text, CheckConstraint(one_of("kind", LINK_KINDS), name="known"), nullable=False),
    Column("made_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, CheckConstraint("expires_at > made_at", name="later"), nullable=False),
    Column("used_at", UtcTime),
    Column("ended_at", UtcTime),
    Index("links_of_person", "person_id"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", ID, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("link_id", ForeignKey("sign_in_links.id"), nullable=False, unique=True),  # one link opens one session
    Column("started_at", UtcTime, nullable=False),  # the sign-in
    Column("expires_at", UtcTime, CheckConstraint("expires_at > started_at", name="later"), nullable=False),
    Column("ended_at", UtcTime),
    Index("sessions_of_person", "person_id"),
)
