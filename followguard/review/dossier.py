"""Everything that is known about one follower of one account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.accounts.store import Accounts
from followguard.domain.card import Card, Wanted, under_policy
from followguard.domain.decision import Decision
from followguard.domain.note import CardNote, Routing
from followguard.domain.order import Order
from followguard.domain.policy import AccountSettings
from followguard.followers.find_store import FollowerRef, FollowerSearch, RefKind, find_item
from followguard.following.store import Orders
from followguard.review.notes_store import Notes
from followguard.review.routes import routes_of
from followguard.review.routings_store import Routings
from followguard.review.store import Cards, Decisions
from followguard.store.store import Store
from followguard.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A card with its history, what became of its order, whom to tell, and the follower's cards elsewhere.

    `elsewhere`: other accounts of ours that the same follower has a card with. `notes`: the newest last, questions
    among them. `by_hand`: which of the routes a person chose.
    """

    card: Card
    history: tuple[Decision, ...]
    order: Order | None
    routes: tuple[str, ...]
    elsewhere: tuple[Card, ...]
    notes: tuple[CardNote, ...] = ()
    by_hand: tuple[Routing, ...] = ()

    def as_json(self, now: datetime) -> dict[str, Any]:
        """Returns the row of the list, with all that it leaves out."""
        look = self.card.profile
        profile = {
            "location": look.location,
            "url": look.url,
            "created_at": look.created_at,
            "observed_at": look.observed_at,
            "followers_count": look.followers_count,
            "following_count": look.following_count,
            "tweet_count": look.tweet_count,
            "listed_count": look.listed_count,
            "like_count": look.like_count,
            "media_count": look.media_count,
            "protected": look.protected,
            "verified": look.verified,
            "connection": look.connection,
        }
        order = self.order and {"id": self.order.id, "state": self.order.state.value, "due": self.order.due}
        return self.card.as_row(now) | {
            "profile": profile,
            "batch_alike": self.card.batch_alike,
            "batch_size": self.card.batch_size,
            "left_at": self.card.left_at,
            "parked": self.card.parked,
            "history": [decision.as_row() for decision in self.history],
            "order": order,
            "routes": list(self.routes),
            "routed": [each.as_row() for each in self.by_hand],
            "notes": [each.as_row() for each in self.notes],
            "elsewhere": [
                {"account": c.account, "item": c.item, "state": c.state_at(now).value} for c in self.elsewhere
            ],
        }


def show(store: Store, accounts: Mapping[str, AccountSettings], follower: str, account: str | None) -> Dossier:
    """Raises `UnknownFollower` and `AmbiguousFollower`."""
    with store.begin() as work:
        return dossier(work, accounts, find_item(work, follower, account, accounts))


def dossier(work: Work, accounts: Mapping[str, AccountSettings], item: int) -> Dossier:
    """Returns the dossier of an item that is known to exist."""
    ids = tuple(row.id for row in Accounts(work).all() if row.handle in accounts)
    card = Cards(work).cards(Wanted(account_ids=ids, held_back=True, only=(item,)))[0]
    card = under_policy(card, accounts[card.account])
    twins = [each.item for each in FollowerSearch(work).find(FollowerRef(RefKind.ID, card.follower_id), None)]
    others = Cards(work).cards(
        Wanted(account_ids=ids, held_back=True, only=tuple(t for t in twins if t not in (None, item)))
    )
    by_hand = tuple(Routings(work).of_items([item]))
    return Dossier(
        card=card,
        history=tuple(Decisions(work).history(item)),
        order=Orders(work).live_order(card.account_id, card.follower_id),
        routes=routes_of(card, accounts[card.account], by_hand),
        elsewhere=tuple(others),
        notes=tuple(Notes(work).of_item(item)),
        by_hand=by_hand,
    )
