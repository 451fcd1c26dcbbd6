"""When people decided, and what they said of cards with and without the machine's word."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import exists, select

from followguard.domain.labels import Kind, Label
from followguard.review.agreement import opinion_of
from followguard.review.measures.anchoring import Seen
from followguard.review.measures.pace import gaps_between
from followguard.store.tables import decision_evidence, decisions
from followguard.store.tables.conditions import UNDOING
from followguard.store.work import Queries

AT_A_CARD = (Kind.PROPOSE.value, Kind.APPROVE.value, Kind.REJECT.value, Kind.LATER.value)
"""Kinds of decision that end a look at a card."""
BANDS = {"spam": Label.SPAM, "genuine": Label.GENUINE}


class Measured(Queries):
    """Questions about how people decide; nothing here changes anything."""

    def gaps(self, account_ids: Collection[int], since: datetime) -> list[float]:
        """Returns the seconds before each decision about these accounts since its author's one before, of any account.

        Pauses are left out.
        """
        query = select(decisions.c.person_id, decisions.c.account_id, decisions.c.at).where(
            decisions.c.at >= since, decisions.c.kind.in_(AT_A_CARD)
        )
        rows = self._connection.execute(query.order_by(decisions.c.person_id, decisions.c.id))
        found: list[float] = []
        for _, group in groupby(rows, key=lambda row: row.person_id):
            made = [(row.at, row.account_id) for row in group]
            gaps = gaps_between([at for at, _ in made])
            found += [gap for gap, (_, account) in zip(gaps, made[1:], strict=True) if gap and account in account_ids]
        return found

    def seen(self, account_id: int, since: datetime) -> Iterator[Seen]:
        """Yields what people said of cards whose band was spam or genuine, while what they were shown is kept."""
        blind = decision_evidence.c.shown["blind"].as_boolean()
        query = (
            select(decisions.c.kind, decisions.c.reason, decisions.c.real_account, decision_evidence.c.band, blind)
            .join(decision_evidence, decision_evidence.c.decision_id == decisions.c.id)
            .where(
                decisions.c.account_id == account_id,
                decisions.c.at >= since,
                decisions.c.kind.in_(AT_A_CARD),
                decision_evidence.c.band.in_(BANDS),
                decision_evidence.c.shown.is_not(None),
                ~exists().where(UNDOING.c.undoes == decisions.c.id),
            )
        )
        for kind, reason, real, band, was_blind in self._connection.execute(query):
            label = opinion_of(kind, reason, real)
            if label is not None and was_blind is not None:
                yield Seen(blind=bool(was_blind), agrees=label is BANDS[band])
