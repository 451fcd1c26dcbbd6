"""How an account stands, for a receipt whose night didn't come to count it: cards, batches, open orders."""

from datetime import datetime

from followguard.adapters.store.accounts import Accounts
from followguard.adapters.store.orders import Orders
from followguard.adapters.store.queue_rows import Queue
from followguard.adapters.store.work import Work
from followguard.domain.account import Account
from followguard.domain.night import Receipt
from followguard.domain.outbox import LIVE_STATES, OrderState
from followguard.domain.policy import AccountSettings
from followguard.domain.queueing import QueueCounts
from followguard.domain.review import ItemState
from followguard.domain.utc_day import day_of
from followguard.jobs.review_list import ListFilter, cards_of

NO_CARDS = QueueCounts(listed=0, held_back=0, audit=0, waiting=0)


def note_standing(work: Work, settings: AccountSettings, receipt: Receipt, now: datetime) -> None:
    """Reads what the receipt doesn't know yet. An account without a row has never had a night: all zeros are true."""
    row = next((each for each in Accounts(work).all() if each.handle == settings.handle), None)
    if not receipt.cards_known:
        receipt.count_cards(cards_standing(work, settings, row, now) if row else NO_CARDS)
    if not receipt.orders_known:
        open_ones, parked = orders_standing(work, row.id) if row else (0, 0)
        receipt.count_orders(receipt.follow_back | {"open": open_ones, "parked": parked})


def cards_standing(work: Work, settings: AccountSettings, row: Account, now: datetime) -> QueueCounts:
    """What stands on the desk and behind it, without placing any card anew."""
    cards = Queue(work).undecided(row.id, now)
    share = cards_of(work, [settings], ListFilter(), now)
    seen = sum(card.state is ItemState.WAITING and not card.hidden for card in cards)
    return QueueCounts(
        listed=len(share),
        held_back=sum(card.hidden for card in cards),
        audit=sum(card.audit for card in share),
        waiting=seen - sum(card.state is ItemState.WAITING for card in share),
        batches=Queue(work).batches_on(row.id, day_of(now)),
    )


def orders_standing(work: Work, account_id: int) -> tuple[int, int]:
    """Open orders, and those among them that need help."""
    standing = Orders(work).counts(account_id)
    return sum(number for state, number in standing.items() if state in LIVE_STATES), standing.get(OrderState.PARKED, 0)
