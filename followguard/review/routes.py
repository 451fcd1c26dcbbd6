"""Whom to tell about an interesting follower: words to look for in a bio."""

import re
from collections.abc import Iterable

from followguard.domain.policy import Route


def routes_matching(bio: str | None, routes: Iterable[Route]) -> tuple[str, ...]:
    """Returns names of the routes one of whose words stands in the bio, as whole words, in any case."""
    text = (bio or "").casefold()
    return tuple(route.name for route in routes if any(_stands_in(word, text) for word in route.bio))


def words_matching(bio: str | None, route: Route) -> tuple[str, ...]:
    """Returns the words of the route that stand in the bio: why it matches."""
    text = (bio or "").casefold()
    return tuple(word for word in route.bio if _stands_in(word, text))


def _stands_in(word: str, text: str) -> bool:
    wanted = word.strip().casefold()
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text) is not None
