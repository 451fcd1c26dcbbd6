"""Which cards stand in a person's line, beside those of the day."""

from collections.abc import Mapping, Sequence

from followguard.accounts.store import Accounts
from followguard.domain.card import Card, Wanted, under_policy
from followguard.domain.policy import AccountSettings
from followguard.review.decide import Hand, known_person
from followguard.review.notes import asked_of
from followguard.review.store import Cards
from followguard.store.work import Work


def asked_about(work: Work, hand: Hand) -> list[int]:
    """Returns the cards of open questions to this person, the oldest first; whatever their day."""
    here = hand.account_ids(work)
    found = asked_of(work, known_person(work, hand))
    return list(dict.fromkeys(note.item for note in found if note.account_id in here))


def cards_by_item(work: Work, accounts: Mapping[str, AccountSettings], wanted: Sequence[int]) -> list[Card]:
    """Returns these cards, in this order, as far as they are of these accounts."""
    ids = tuple(row.id for row in Accounts(work).all() if row.handle in accounts)
    found = Cards(work).cards(Wanted(account_ids=ids, held_back=True, only=tuple(wanted)))
    by_item = {card.item: under_policy(card, accounts[card.account]) for card in found}
    return [by_item[item] for item in wanted if item in by_item]
