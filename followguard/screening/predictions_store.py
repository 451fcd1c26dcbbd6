"""What models predicted of decisions, as it is on record."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, insert, select

from followguard.screening.holding_back import EarlyPrediction
from followguard.store.tables import decisions, early_predictions, models


def add_predictions(connection: Connection, model_id: int, found: Mapping[int, EarlyPrediction]) -> None:
    """Stores what the model's recipe said of each decision; once for each model."""
    rows = [
        {"model_id": model_id, "decision_id": decision, "p_spam": each.p_spam, "base_logit": each.base_logit}
        for decision, each in found.items()
    ]
    if rows:
        connection.execute(insert(early_predictions), rows)


def predictions_of(
    connection: Connection, account_id: int, names: Collection[str] | None = None
) -> dict[int, tuple[EarlyPrediction, ...]]:
    """Maps decisions to what was predicted of them, by the models named (None: by all)."""
    query = (
        select(early_predictions, models.c.name)
        .join(models, models.c.id == early_predictions.c.model_id)
        .join(decisions, decisions.c.id == early_predictions.c.decision_id)
        .where(decisions.c.account_id == account_id)
        .order_by(early_predictions.c.model_id)
    )
    if names is not None:
        query = query.where(models.c.name.in_(names))
    found: defaultdict[int, list[EarlyPrediction]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.decision_id].append(EarlyPrediction(row.name, row.p_spam, row.base_logit))
    return {decision: tuple(each) for decision, each in found.items()}


def along(
    decision: int, overruled: Mapping[int, int | None], found: Mapping[int, Sequence[EarlyPrediction]]
) -> tuple[EarlyPrediction, ...]:
    """Returns what was predicted of a decision; an overrule takes over what was said of the one it overrules."""
    at: int | None = decision
    while at is not None and at not in found:
        at = overruled.get(at)
    return () if at is None else tuple(found[at])
