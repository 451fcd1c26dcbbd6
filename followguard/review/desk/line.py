"""Which cards stand in a person's line, beside those of the day."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from followguard.accounts.store import Accounts
from followguard.domain.card import Card, Wanted, under_policy
from followguard.domain.place import PlaceInLine
from followguard.domain.policy import AccountSettings
from followguard.domain.units import day_of
from followguard.review.card_list import ListFilter, todays_share, wanted_cards
from followguard.review.decide import Hand, known_person
from followguard.review.desk.line_store import Places
from followguard.review.notes import asked_of
from followguard.review.store import Cards
from followguard.store.work import Work


def asked_about(work: Work, hand: Hand) -> list[int]:
    """Returns the cards of open questions to this person, the oldest first; whatever their day."""
    here = hand.account_ids(work)
    found = asked_of(work, known_person(work, hand))
    return list(dict.fromkeys(note.item for note in found if note.account_id in here))


def line_of(
    work: Work, accounts: Mapping[str, AccountSettings], now: datetime, *, held_back: bool
) -> Sequence[PlaceInLine]:
    """Returns the places of the cards that the desk shows today: `cards_of` for the same, without what is shown."""
    rows = {row.id: accounts[row.handle] for row in Accounts(work).all() if row.handle in accounts}
    wanted = wanted_cards(tuple(rows), ListFilter(held_back=held_back), now)
    return todays_share(work, Places(work).places(wanted, rows), rows, day_of(now))


def cards_by_item(work: Work, accounts: Mapping[str, AccountSettings], wanted: Sequence[int]) -> list[Card]:
    """Returns these cards, in this order, as far as they are of these accounts."""
    ids = tuple(row.id for row in Accounts(work).all() if row.handle in accounts)
    found = Cards(work).cards(Wanted(account_ids=ids, held_back=True, only=tuple(wanted)))
    by_item = {card.item: under_policy(card, accounts[card.account]) for card in found}
    return [by_item[item] for item in wanted if item in by_item]
