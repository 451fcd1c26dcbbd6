"""Drift of an account, computed anew from the followers on record: a crash or a second run changes nothing."""

from math import isnan

from followguard.classifier.features import schema_hash
from followguard.classifier.scoring import Scorer
from followguard.domain.account import Account
from followguard.drift.compare import MOST_NIGHTS, StreamShift, compare, history_of
from followguard.drift.moved_text import name_of, text_of
from followguard.drift.result import Drift, DriftSignal, DriftState
from followguard.drift.scan import ALARMS_A_QUARTER
from followguard.drift.store import Arrivals
from followguard.store.store import Store

MOST_A_NIGHT = 500
"""Followers looked at of one night: beyond that, nights differ by far more than chance within them."""
RUNS = MOST_NIGHTS + 46
"""Runs looked back: some days take two, and some bring nobody."""
BROKEN = (ValueError, TypeError, ArithmeticError, LookupError)
"""What a fault in the computing can raise; it is no reason to stop a night."""


def account_drift(store: Store, account: Account | None, scorer: Scorer) -> Drift:
    """The followers of the last nights against those before, all scored by one model. Without a row: no history."""
    rows = []
    if account is not None:
        with store.begin() as work:
            rows = Arrivals(work).recent(account.id, schema_hash(), RUNS, MOST_A_NIGHT)
    history, days = history_of([row.day for row in rows], [row.features for row in rows], scorer.model)
    found = compare(history)
    state = DriftState.TOO_LITTLE if found.needs else DriftState.ALARM if found.moves else DriftState.QUIET
    return Drift(
        state=state,
        nights=history.nights,
        needs_nights=found.needs,
        recent=found.recent,
        reference=found.reference,
        alarms_a_quarter=ALARMS_A_QUARTER,
        moved=tuple(_moved(each, days) for each in found.moves),
    )


def night_drift(store: Store, account: Account, scorer: Scorer) -> Drift:
    """The same for a night, which goes on whatever the figures do. Raises `StoreFailed`."""
    try:
        return account_drift(store, account, scorer)
    except BROKEN as error:
        return Drift(state=DriftState.FAILED, why=f"{type(error).__name__}: {error}")


def _moved(move: StreamShift, days: list[str]) -> DriftSignal:
    return DriftSignal(
        what=name_of(move.stream),
        aspect=move.stream.aspect.value,
        since=days[-move.nights],
        nights=move.nights,
        strength=round(move.strength, 2),
        before=_figure(move.before),
        now=_figure(move.now),
        text=text_of(move),
    )


def _figure(value: float) -> float | None:
    return None if isnan(value) else round(value, 4)
