"""What people decided and turned in a span of time, with what the machine had said."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select

from followguard.domain.labels import DECISIVE, Kind, label_of
from followguard.domain.policy import Band, Reason
from followguard.store.tables import decision_evidence, decisions, scores
from followguard.store.tables.conditions import COUNTS, DISTRUSTED
from followguard.store.work import Queries
from followguard.trust.figures import JudgedCard, Turned


class JudgedCards(Queries):
    """Decisions of an account as `followguard trust` counts them."""

    def cards(self, account_id: int, since: datetime) -> list[JudgedCard]:
        """Returns the newest word of a person that stands about each card, said since then, where it is a label."""
        query = (
            select(decisions, decision_evidence.c.band, decision_evidence.c.model, scores.c.reasons)
            .join(decision_evidence, decision_evidence.c.decision_id == decisions.c.id)
            .outerjoin(scores, scores.c.id == decisions.c.score_id)
            .where(
                decisions.c.account_id == account_id,
                decisions.c.at >= since,
                decisions.c.kind.in_([kind.value for kind in DECISIVE]),
                decision_evidence.c.p_spam.is_not(None),
                COUNTS,
            )
            .order_by(decisions.c.id)
        )
        newest = {row.item_id: row for row in self._connection.execute(query)}
        return [card for row in newest.values() if (card := _card_of(row)) is not None]

    def turned(self, account_id: int, since: datetime) -> Turned:
        """Counts approvals, rejections and proposals made since then, and how many were turned by whom."""
        later = decisions.alias("later")
        wanted = [Kind.APPROVE.value, Kind.REJECT.value, Kind.PROPOSE.value]
        mine = decisions.c.account_id == account_id, decisions.c.at >= since
        made = (*mine, decisions.c.kind.in_(wanted), ~DISTRUSTED)
        number = int(self._connection.execute(select(func.count()).where(*made)).scalar_one())
        query = (
            select(decisions.c.id, (later.c.person_id == decisions.c.person_id).label("own"))
            .join(later, or_(later.c.undoes == decisions.c.id, later.c.overrules == decisions.c.id))
            .where(*made)
            .order_by(later.c.id)
        )
        turned = {row.id: bool(row.own) for row in self._connection.execute(query)}
        own = sum(turned.values())
        return Turned(decisions=number, by_author=own, by_others=len(turned) - own)


def _card_of(row: Row[Any]) -> JudgedCard | None:
    label = label_of(row.kind, row.reason, row.real_account)
    if label is None:
        return None
    return JudgedCard(
        item=row.item_id,
        label=label,
        band=Band(row.band),
        model=row.model,
        asked=row.shown_because == "asked",
        draw_probability=row.draw_probability if row.shown_because == "audit" else None,
        reasons=tuple(Reason(each["code"], each["text"], each["weight"]) for each in row.reasons or ()),
    )
