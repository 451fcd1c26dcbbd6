"""Whom to tell: people's own targets, and what departments have heard."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text

from followguard.store.tables.common import ID, metadata, one_of
from followguard.store.values import UtcTime

MARK_SOURCES = ("decisions", "routings")

person_targets = Table(  # the environment variable that holds a person's own target; nobody shares one
    "person_targets",
    metadata,
    Column("person_id", ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("variable", String(100), nullable=False, unique=True),
    Column("set_by", ForeignKey("people.id"), nullable=False),
    Column("set_at", UtcTime, nullable=False),
)

route_marks = Table(  # how far a target of a department has heard of decisions, so that it hears nothing twice
    "route_marks",
    metadata,
    Column("account_id", ForeignKey("accounts.id"), primary_key=True, autoincrement=False),
    Column("route", Text, primary_key=True),
    Column("target", String(64), primary_key=True),  # sha256 of the entry in the configuration
    Column("source", Text, CheckConstraint(one_of("source", MARK_SOURCES), name="known"), primary_key=True),
    Column("told", ID, nullable=False),  # the newest row of the source that it has heard of, or that came before it
    Column("sending", ID),  # a message up to this one is under way, or was when the program ended
    Column("at", UtcTime, nullable=False),
)
