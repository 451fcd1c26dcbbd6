"""What people tell each other about followers: notes, questions to a colleague, and routes chosen by hand."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Table, Text, text

from followguard.store.tables.common import ID, metadata
from followguard.store.values import UtcTime

_OF_ITEM = ["items.id", "items.account_id", "items.follower_id"]

notes = Table(  # triggers let nobody change what was said by whom; retention clears the text
    "notes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("item_id", ID, nullable=False),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("text", Text),
    Column("at", UtcTime, nullable=False),
    Column("asked_person_id", ForeignKey("people.id")),  # a question to this colleague
    Column("answered_at", UtcTime),  # when the question ended: by a note of theirs, or by a decision
    Column("ended_by", ForeignKey("decisions.id")),  # that decision: taking it back opens the question again
    ForeignKeyConstraint(["item_id", "account_id", "follower_id"], _OF_ITEM),
    CheckConstraint("answered_at IS NULL OR asked_person_id IS NOT NULL", name="only_questions_end"),
    CheckConstraint("ended_by IS NULL OR answered_at IS NOT NULL", name="ended_is_answered"),
    Index("notes_by_item", "item_id"),
    Index("open_questions", "asked_person_id", sqlite_where=text("answered_at IS NULL"),
          postgresql_where=text("answered_at IS NULL")),
)  # fmt: skip

routings = Table(  # a person sends a follower a department's way, whatever the bio says
    "routings",
    metadata,
    Column("id", ID, primary_key=True),
    Column("item_id", ID, nullable=False),
    Column("account_id", ID, nullable=False),
    Column("follower_id", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("taken_back_at", UtcTime),
    Column("taken_back_by", ForeignKey("people.id")),
    ForeignKeyConstraint(["item_id", "account_id", "follower_id"], _OF_ITEM),
    CheckConstraint("(taken_back_at IS NULL) = (taken_back_by IS NULL)", name="taken_back_by_somebody"),
    Index("one_routing_each", "item_id", "route", unique=True, sqlite_where=text("taken_back_at IS NULL"),
          postgresql_where=text("taken_back_at IS NULL")),
)  # fmt: skip
