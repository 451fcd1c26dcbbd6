"""Whom to tell about an interesting follower: words to look for in a bio, and what a person chose."""

import re
from collections.abc import Iterable

from followguard.domain.card import Card
from followguard.domain.note import Routing
from followguard.domain.policy import AccountSettings, Route


def routes_matching(bio: str | None, routes: Iterable[Route]) -> tuple[str, ...]:
    """Returns names of the routes one of whose words stands in the bio, as whole words, in any case."""
    text = (bio or "").casefold()
    return tuple(route.name for route in routes if any(_stands_in(word, text) for word in route.bio))


def routes_of(card: Card, settings: AccountSettings, by_hand: Iterable[Routing]) -> tuple[str, ...]:
    """Returns names of a card's routes, in the order of the configuration: those that match, and those chosen by hand.

    Of `by_hand` only those of this card count. One that isn't configured any more comes last.
    """
    matching = routes_matching(card.profile.description, settings.routes)
    found = {*matching, *(each.route for each in by_hand if each.item == card.item)}
    configured = [route.name for route in settings.routes if route.name in found]
    return (*configured, *sorted(found.difference(configured)))


def _stands_in(word: str, text: str) -> bool:
    wanted = word.strip().casefold()
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text) is not None
