"""A line of cards without the cards: the few columns that an order takes, for a desk of 20,000."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, String, cast, select

from followguard.domain.card import ItemState, Wanted, band_under, has_imitation, is_hidden
from followguard.domain.place import PlaceInLine
from followguard.domain.policy import AccountSettings
from followguard.review.store import narrowed
from followguard.store.engine import read_json
from followguard.store.tables import accounts, items, scores
from followguard.store.work import Queries

_OWN = ("id", "account_id", "follower_id", "state", "held_back", "audit", "sample", "due", "batch_id", "note")
_PLACES = (
    select(
        *(items.c[name] for name in _OWN),
        accounts.c.handle,
        scores.c.p_spam,
        cast(scores.c.look, String).label("look"),  # read only where there is one
    )
    .select_from(items)
    .join(accounts, accounts.c.id == items.c.account_id)
    .outerjoin(scores, scores.c.id == items.c.score_id)
)
_NO_LOOK = (None, "[]", "null")


class Places(Queries):
    """Places of cards in a line."""

    def places(self, wanted: Wanted, settings: Mapping[int, AccountSettings]) -> list[PlaceInLine]:
        """Returns the places of the wanted cards, in no order, with the bands of these accounts' policies."""
        found = self._connection.execute(narrowed(_PLACES, wanted)).all()
        return [_place_of(row, settings[row.account_id]) for row in found]


def _place_of(row: Row[Any], settings: AccountSettings) -> PlaceInLine:
    look = () if row.look in _NO_LOOK else read_json(row.look)
    return PlaceInLine(
        item=row.id,
        account=row.handle,
        account_id=row.account_id,
        follower_id=row.follower_id,
        state=ItemState(row.state),
        audit=row.audit,
        sample=row.sample,
        drawn=row.audit or row.sample,
        hidden=is_hidden(row.held_back, row.audit),
        imitates=has_imitation(mark["code"] for mark in look),
        due=row.due,
        batch=row.batch_id,
        note=row.note,
        p_spam=row.p_spam,
        band=band_under(settings, row.p_spam, look=bool(look)),
    )
