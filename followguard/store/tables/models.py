"""House models, and which of them served when."""

from sqlalchemy import JSON, CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from followguard.domain.house_model import MoveKind, Origin, RetrainOutcome
from followguard.store.tables.common import ID, metadata, one_of
from followguard.store.values import UtcTime

models = Table(  # house models; a row stays when its files go
    "models",
    metadata,
    Column("id", ID, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("model_group", Text, nullable=False),
    Column("origin", Text, CheckConstraint(one_of("origin", Origin), name="known"), nullable=False),
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
    Column("kind", Text, CheckConstraint(one_of("kind", MoveKind), name="known"), nullable=False),
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
    Column("outcome", Text, CheckConstraint(one_of("outcome", RetrainOutcome), name="known"), nullable=False),
    Column("why", Text, nullable=False),
    Column("genuine", Integer, nullable=False),
    Column("spam", Integer, nullable=False),
    Column("newest_decision", ID, nullable=False),
    Column("model_id", ForeignKey("models.id")),
    Index("retrainings_by_group", "model_group", "id"),
)

early_predictions = Table(  # made by a champion's recipe before it had learned from the decision; only added to
    "early_predictions",
    metadata,
    Column("model_id", ForeignKey("models.id"), primary_key=True),
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("p_spam", Float, nullable=False),
    Column("base_logit", Float, nullable=False),
    Index("early_predictions_by_decision", "decision_id"),
)
