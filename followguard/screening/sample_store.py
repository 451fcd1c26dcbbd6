"""Decisions about the random sample, as they stand now or stood at an earlier moment."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, select

from followguard.domain.labels import DECISIVE, Label, label_of
from followguard.screening.sample import NEEDED, SampleSoFar
from followguard.store.tables import decision_evidence, decisions, items, log, log_openings
from followguard.store.tables.conditions import DISTRUSTED, OVER_STATES, UNDOING
from followguard.store.work import Queries


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleAnswer:
    """A decision that gave a label about somebody drawn at random, with the feature values of the card.

    `features` are None for a card that couldn't be scored.
    """

    decision: int
    item: int
    label: Label
    features: bytes | None
    feature_schema: str | None


class RandomSample(Queries):
    """The random sample of an account."""

    def answers(self, account_id: int, before: datetime | None = None) -> list[SampleAnswer]:
        """Returns the newest decision of each drawn card that stands and gives a label, in order.

        With `before`, as it was at that moment: what was decided or taken back since doesn't count;
        what isn't trusted by now never does.
        """
        taken_back, wanted = _TAKEN_BACK, _given(account_id)
        if before is not None:
            taken_back = and_(taken_back, UNDOING.c.at < before)
            wanted.append(decisions.c.at < before)
        query = (
            select(decisions, decision_evidence.c.features, decision_evidence.c.feature_schema)
            .outerjoin(decision_evidence, decision_evidence.c.decision_id == decisions.c.id)
            .where(*wanted, ~exists().where(taken_back), ~DISTRUSTED)
            .order_by(decisions.c.id)
        )
        newest = {row.item_id: row for row in self._connection.execute(query)}
        labels = {item: label_of(row.kind, row.reason, row.real_account) for item, row in newest.items()}
        found = [
            SampleAnswer(
                decision=row.id, item=item, label=label, features=row.features, feature_schema=row.feature_schema
            )
            for item, row in newest.items()
            if (label := labels[item]) is not None
        ]
        return sorted(found, key=lambda each: each.decision)

    def newest_entry(self, handle: str, kind: str) -> dict[str, Any] | None:
        """Returns what the newest entry of that kind about the account says; None without one."""
        query = (
            select(log_openings.c.payload)
            .join(log, log.c.seq == log_openings.c.seq)
            .where(log.c.account == handle, log.c.kind == kind)
            .order_by(log.c.seq.desc())
            .limit(1)
        )
        found: dict[str, Any] | None = self._connection.execute(query).scalar_one_or_none()
        return found

    def so_far(self, account_id: int, day: str) -> SampleSoFar:
        """Returns how far the sample is on an ISO day."""
        drawn_today = select(func.count()).where(
            items.c.account_id == account_id,
            items.c.sample,
            items.c.sample_day == day,
            items.c.state.in_(OVER_STATES),
        )
        decided = int(self._connection.execute(drawn_today).scalar_one())
        return SampleSoFar(labels=len(self.answers(account_id)), decided_today=decided)

    def provisional(self, account_ids: Collection[int]) -> frozenset[int]:
        """Returns those of the accounts whose probabilities are provisional."""
        return frozenset(each for each in account_ids if SampleSoFar(labels=self._labels(each, NEEDED)).provisional)

    def _labels(self, account_id: int, enough: int) -> int:
        """Counts what `answers` returns, up to `enough`: every card on a screen asks, years after the first ones."""
        columns = (decisions.c[name] for name in ("item_id", "kind", "reason", "real_account"))
        query = select(*columns).where(*_given(account_id), ~exists().where(_TAKEN_BACK), ~DISTRUSTED)
        seen: set[int] = set()
        found = 0
        for row in self._connection.execute(query.order_by(decisions.c.id.desc())):
            newest = row.item_id not in seen
            seen.add(row.item_id)
            found += newest and label_of(row.kind, row.reason, row.real_account) is not None
            if found >= enough:
                break
        return found


_TAKEN_BACK = UNDOING.c.undoes == decisions.c.id


def _given(account_id: int) -> list[ColumnElement[bool]]:
    """Matches decisions of the account about somebody drawn at random."""
    return [
        decisions.c.account_id == account_id,
        decisions.c.shown_because == literal_column("'sample'"),  # a bound value would miss the partial index
        decisions.c.kind.in_([kind.value for kind in DECISIVE]),
    ]
