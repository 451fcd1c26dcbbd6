"""The review list: which cards, in which order, with today's bands."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from followguard.accounts.store import Accounts
from followguard.domain.card import UNDECIDED, Card, ItemState, Wanted, under_policy
from followguard.domain.note import Routing
from followguard.domain.place import Placed, list_order
from followguard.domain.policy import AccountSettings, Band
from followguard.domain.units import day_of
from followguard.review.routes import routes_of
from followguard.review.routings_store import Routings
from followguard.review.store import Cards
from followguard.screening.queue_store import Queue
from followguard.store.store import Store
from followguard.store.work import Work

DEFAULT_LIMIT = 500
OneCard = TypeVar("OneCard", bound=Placed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilter:
    """The cards to show. Without any of it: what the desk shows today. `limit` 0: no limit."""

    held_back: bool = False
    everything: bool = False
    band: Band | None = None
    state: ItemState | None = None
    batch: int | None = None
    route: str | None = None
    limit: int = DEFAULT_LIMIT


def list_cards(store: Store, accounts: Sequence[AccountSettings], wanted: ListFilter, now: datetime) -> list[Card]:
    """Returns cards in the order of the review list, over all the given accounts."""
    with store.begin() as work:
        cards = cards_of(work, accounts, wanted, now)
    cards.sort(key=list_order)
    return cards[: wanted.limit] if wanted.limit else cards


def cards_of(work: Work, accounts: Sequence[AccountSettings], wanted: ListFilter, now: datetime) -> list[Card]:
    """Returns the cards without order and limit, inside a transaction."""
    by_handle = {each.handle: each for each in accounts}
    rows = {row.id: by_handle[row.handle] for row in Accounts(work).all() if row.handle in by_handle}
    asked = wanted_cards(tuple(rows), wanted, now)
    shown = [under_policy(card, rows[card.account_id]) for card in Cards(work).cards(asked)]
    shown = _routed(work, shown, rows)
    if asked.desk_day is not None:
        shown = todays_share(work, shown, rows, asked.desk_day)
    return [card for card in shown if _fits(card, wanted, now)]


def _routed(work: Work, cards: Sequence[Card], rows: Mapping[int, AccountSettings]) -> list[Card]:
    """Returns the cards with whom to tell, by their bios and by hand."""
    by_hand: dict[int, list[Routing]] = {}
    for each in Routings(work).of_accounts(tuple(rows)):
        by_hand.setdefault(each.item, []).append(each)
    return [
        replace(card, routes=routes_of(card, rows[card.account_id], by_hand.get(card.item, ())))
        if rows[card.account_id].routes or card.item in by_hand
        else card
        for card in cards
    ]


def todays_share(work: Work, cards: list[OneCard], rows: Mapping[int, AccountSettings], today: str) -> list[OneCard]:
    """Returns at most `max_cards_per_day` for each account, also when more have come due without a night.

    Cards that are asked for although they are held back don't count.
    """
    left = {i: each.policy.max_cards_per_day - Queue(work).shown_on(i, today) for i, each in rows.items()}
    asked = Counter(card.account_id for card in cards if not card.hidden)
    if all(number <= left[account] for account, number in asked.items()):
        return cards
    kept = []
    for card in sorted(cards, key=_urgency):
        if not card.hidden:
            left[card.account_id] -= 1
        if card.hidden or left[card.account_id] >= 0:
            kept.append(card)
    return kept


def _urgency(card: Placed) -> tuple[bool, bool, bool, bool, str, tuple[int, bool, float, int]]:
    """Orders put-off, drawn and returned cards first, batches last; the longest due first."""
    later, batch = card.state is ItemState.LATER, card.batch is not None
    return not later, not card.drawn, card.note is None, batch, card.due or "", list_order(card)


def wanted_cards(account_ids: tuple[int, ...], wanted: ListFilter, now: datetime) -> Wanted:
    """Asks for all of a state or batch, whatever its day; not for what is held back."""
    states = None
    if wanted.state is not None:
        states = UNDECIDED if wanted.state is ItemState.CLAIMED else frozenset({wanted.state})
    on_desk = not (wanted.everything or wanted.state or wanted.batch is not None)
    return Wanted(
        account_ids=account_ids,
        desk_day=day_of(now) if on_desk else None,
        held_back=wanted.held_back or wanted.everything,
        states=states,
        batch=wanted.batch,
    )


def _fits(card: Card, wanted: ListFilter, now: datetime) -> bool:
    band_fits = wanted.band is None or card.band is wanted.band
    state_fits = wanted.state is None or card.state_at(now) is wanted.state
    route_fits = wanted.route is None or wanted.route.casefold() in {each.casefold() for each in card.routes}
    return band_fits and state_fits and route_fits
