"""Drift of one account: its followers of the last nights against those of its own nights before.

Computed anew from the followers on record: the same ones give the same answer, in whatever order they stand within a
night, and a crash or a second run changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np

from followguard.classifier.columns import Floats, Matrix, Whole
from followguard.classifier.features import FEATURES, schema_hash
from followguard.classifier.model import Model, probabilities
from followguard.classifier.scoring import Scorer
from followguard.domain.account import Account
from followguard.drift.result import Drift, DriftSignal, DriftState
from followguard.drift.scan import ALARMS_A_QUARTER, FEWEST_NIGHTS, MOST_RECENT, limit, night_means, scan
from followguard.drift.store import Arrivals
from followguard.drift.streams import FAMILIES, STREAMS, Aspect, Stream, StreamShift, name_of, stream_values, text_of
from followguard.store.store import Store

FEWEST_REFERENCE = 28
"""Nights before the recent ones: less tells too little about how nights differ."""
MOST_REFERENCE = 90
MOST_NIGHTS = MOST_REFERENCE + MOST_RECENT


@dataclass(frozen=True, slots=True)
class History:
    """n followers: (n, features) values, p_spam by one and the same model, and the number of their night, from 0."""

    matrix: Matrix
    p_spam: Floats
    night: Whole

    @property
    def nights(self) -> int:
        """Counts the nights."""
        return int(self.night.max()) + 1 if len(self.night) else 0

    def since(self, night: int) -> "History":
        """Returns the followers from that night on, which becomes night 0."""
        rows = self.night >= night
        return History(self.matrix[rows], self.p_spam[rows], self.night[rows] - night)


@dataclass(frozen=True, slots=True)
class Compared:
    """`needs`: nights that are still missing; then nothing was compared."""

    needs: int
    reference: int
    recent: int
    moves: tuple[StreamShift, ...] = ()


def history_of(days: Sequence[str], values: Sequence[bytes], model: Model) -> tuple[History, list[str]]:
    """Groups followers' stored values by night, in the order in which they came; returns the nights' days too.

    A night ends where the day changes, so that a clock that goes back makes no past night longer. Values of another
    length than this program's are left out.
    """
    width = 4 * len(FEATURES)
    kept = [(day, value) for day, value in zip(days, values, strict=True) if len(value) == width]
    starts = [at for at in range(len(kept)) if at == 0 or kept[at][0] != kept[at - 1][0]]
    matrix = np.frombuffer(b"".join(value for _, value in kept), dtype="<f4").reshape(-1, len(FEATURES))
    matrix = np.where(np.isfinite(matrix), matrix, np.float32(np.nan)).astype(np.float32)
    night = np.repeat(np.arange(len(starts)), np.diff([*starts, len(kept)]))
    found = History(matrix, probabilities(model, matrix), night)
    cut = max(0, len(starts) - MOST_NIGHTS)
    return found.since(cut), [kept[at][0] for at in starts[cut:]]


def compare(history: History) -> Compared:
    """Finds what moved, the strongest first; nothing while there are too few nights."""
    nights = history.nights
    recent = min(MOST_RECENT, nights - FEWEST_REFERENCE)
    if recent < FEWEST_NIGHTS:
        return Compared(FEWEST_REFERENCE + FEWEST_NIGHTS - nights, 0, 0)
    reference = nights - recent
    values = stream_values(history.matrix, history.p_spam, history.night < reference)
    found = scan(night_means(values, history.night, nights), reference)
    share = np.abs(found.strength) / limits()
    order = [number for number in np.argsort(-share, kind="stable").tolist() if share[number] > 1.0]
    moves = [_move(history, reference, number, found.nights[number], found.strength[number]) for number in order]
    return Compared(0, reference, recent, tuple(moves))


def limits() -> Floats:
    """Returns what |strength| of each stream must exceed: the two families share the false alarms evenly."""
    return np.array([limit(FAMILIES[stream.family], of=len(FAMILIES)) for stream in STREAMS])


def _move(history: History, reference: int, number: int, nights: int, strength: float) -> StreamShift:
    before, now = history.night < reference, history.night >= history.nights - nights
    stream = STREAMS[number]
    return StreamShift(
        stream, int(nights), float(strength), _figure(history, stream, before), _figure(history, stream, now)
    )


def _figure(history: History, stream: Stream, rows: np.ndarray) -> float:
    """Returns what a person is told of a stream: a typical value, a share; NaN where nothing is known."""
    values = history.p_spam[rows] if stream.feature is None else history.matrix[rows, stream.feature]
    known = values[~np.isnan(values)].astype(np.float64)
    if stream.aspect is Aspect.MISSING:
        return 1.0 - len(known) / max(1, len(values))
    if not len(known):
        return float("nan")
    if stream.aspect is Aspect.SPREAD:
        return float(np.subtract(*np.quantile(known, [0.75, 0.25])))
    shares = stream.aspect is Aspect.BASE_RATE or bool(np.isin(known, (0.0, 1.0)).all())
    return float(known.mean() if shares else np.median(known))


MOST_A_NIGHT = 500
"""Followers looked at of one night: beyond that, nights differ by far more than chance within them."""
RUNS = MOST_NIGHTS + 46
"""Runs looked back: some days take two, and some bring nobody."""
BROKEN = (ValueError, TypeError, ArithmeticError, LookupError)
"""Faults in the computing: no reason to stop a night."""


def account_drift(store: Store, account: Account | None, scorer: Scorer) -> Drift:
    """Compares the last nights' followers with those before, scored by one model. Without a row: no history."""
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
    """Compares for a night, which goes on whatever the figures do. Raises `StoreFailed`."""
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
        before=_rounded(move.before),
        now=_rounded(move.now),
        text=text_of(move),
    )


def _rounded(value: float) -> float | None:
    return None if isnan(value) else round(value, 4)
