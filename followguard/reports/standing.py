"""How an account stands, for a receipt whose night didn't come to count it: cards, batches, open orders."""

from datetime import datetime

from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.card import ItemState
from followguard.domain.policy import AccountSettings
from followguard.domain.units import day_of
from followguard.following.rows import orders_standing
from followguard.reports.receipt import Receipt
from followguard.review.card_list import ListFilter, cards_of
from followguard.screening.plan import QueueCounts
from followguard.screening.queue_store import Queue
from followguard.store.work import Work

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
    """Returns what stands on the desk and behind it, without placing any card anew."""
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
