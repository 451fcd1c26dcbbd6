"""Cards as people see them, and the names by which they are found."""

from typing import Any

from sqlalchemy import Row, Select, and_, or_, select

from followguard.domain.card import Card, Claim, ItemState, Wanted
from followguard.domain.policy import Band, Reason
from followguard.store.tables import accounts, batches, followers, items, people, score_failures, scores, snapshots
from followguard.store.tables.conditions import OF_FOLLOWER, OPEN_STATES
from followguard.store.values import profile_of
from followguard.store.work import Queries


class Cards(Queries):
    """Cards with everything that is shown of them."""

    def cards(self, wanted: Wanted) -> list[Card]:
        """Returns the wanted cards, in no order."""
        return [_card_of(row) for row in self._connection.execute(_narrowed(_CARDS, wanted))]


_CARDS = (
    select(
        items,
        accounts.c.handle,
        followers.c.first_seen_at,
        followers.c.left_at,
        followers.c.returned_at,
        followers.c.connection,
        *(column for column in snapshots.c if column.name not in {"id", "account_id", "follower_id"}),
        scores.c.p_spam,
        scores.c.band,
        scores.c.base_logit,
        scores.c.reasons,
        scores.c.model,
        scores.c.policy_hash,
        batches.c.alike,
        batches.c.size,
        people.c.name.label("claimant"),
        score_failures.c.error.label("parked"),
    )
    .select_from(items)
    .join(accounts, accounts.c.id == items.c.account_id)
    .join(followers, OF_FOLLOWER)
    .join(snapshots, snapshots.c.id == followers.c.snapshot_id)
    .outerjoin(scores, scores.c.id == items.c.score_id)
    .outerjoin(batches, batches.c.id == items.c.batch_id)
    .outerjoin(people, people.c.id == items.c.claimed_by)
    .outerjoin(score_failures, score_failures.c.snapshot_id == followers.c.snapshot_id)
)


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    query = query.where(items.c.account_id.in_(wanted.account_ids))
    if wanted.only is not None:
        query = query.where(items.c.id.in_(wanted.only))
    if wanted.states is not None:
        query = query.where(items.c.state.in_(sorted(wanted.states)))
    if wanted.batch is not None:
        query = query.where(items.c.batch_id == wanted.batch)
    hidden = and_(items.c.state.in_(OPEN_STATES), items.c.held_back, ~items.c.audit)
    if not wanted.held_back:
        query = query.where(~hidden)
    if wanted.desk_day is None:
        return query
    return query.where(items.c.state.in_(OPEN_STATES), or_(items.c.due <= wanted.desk_day, hidden))


def _card_of(row: Row[Any]) -> Card:
    return Card(
        item=row.id,
        account=row.handle,
        account_id=row.account_id,
        profile=profile_of(row._mapping, row.connection),
        appearance_hash=row.appearance_hash,
        state=ItemState(row.state),
        held_back=row.held_back,
        audit=row.audit,
        first_seen_at=row.first_seen_at,
        audit_probability=row.audit_probability,
        due=row.due,
        batch=row.batch_id,
        batch_alike=row.alike,
        batch_size=row.size,
        score_id=row.score_id,
        p_spam=row.p_spam,
        band=Band(row.band) if row.band else Band.UNSURE,
        base_logit=row.base_logit,
        reasons=tuple(Reason(r["code"], r["text"], r["weight"]) for r in row.reasons or ()),
        model=row.model,
        policy_hash=row.policy_hash,
        claim=_claim_of(row),
        note=row.note,
        closed_why=row.closed_why,
        left_at=row.left_at,
        returned_at=row.returned_at,
        parked=row.parked if row.p_spam is None else None,
    )


def _claim_of(row: Row[Any]) -> Claim | None:
    if row.claimed_by is None or row.claimed_until is None:
        return None
    return Claim(person_id=row.claimed_by, person=row.claimant or "", until=row.claimed_until)
