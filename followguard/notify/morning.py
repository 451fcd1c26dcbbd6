"""The morning told: the night's message, a way in for each person, and word to the departments.

Nothing is sent while a transaction is open, and nothing that goes wrong here concerns the night.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from followguard.accounts.store import Accounts
from followguard.domain.installation import Installation
from followguard.errors import ConfigurationError, FollowguardError
from followguard.notify.delivery import Delivered, Letter, Message, deliver
from followguard.notify.departments import settle, words_for
from followguard.notify.message import Telling, night_message
from followguard.notify.personal import (
    SHARED,
    OwnTarget,
    cards_of_person,
    own_targets,
    personal_message,
    shared,
)
from followguard.notify.targets import Addressee, Target, every_route_target, named, night_targets, unnamed
from followguard.notify.trial import resolved, send_all
from followguard.reports.gather import night_page
from followguard.reports.page import SECONDS_A_CARD, NightPage
from followguard.review.measures.measured import USUAL, pace_of
from followguard.store.store import Store
from followguard.store.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What word of a night is sent with. `env` holds addresses that the configuration names by variable."""

    installation: Installation
    store: Store
    env: Mapping[str, str]
    now: datetime


def tell_morning(post: Post, handles: Collection[str]) -> list[Delivered]:
    """Tells of the night of these accounts; returns what came of each target."""
    page = _page(post, handles)
    return [*_tell_night(post, page), *_tell_people(post, page), *_tell_departments(post, handles)]


def tell_failure(post: Post, error: FollowguardError) -> list[Delivered]:
    """Tells the night's targets that there was no night, and the error's code: its words may hold anything."""
    text = f"The night couldn't begin: {error.code}.\nTo see why, where it runs: followguard doctor"
    return send_all(night_targets(post.installation), post.env, Message("followguard: there was no night", text))


def _page(post: Post, handles: Collection[str]) -> NightPage:
    page = night_page(post.store, post.installation, None, post.now)
    return replace(page, accounts=tuple(each for each in page.accounts if each.handle in handles))


def _tell_night(post: Post, page: NightPage) -> list[Delivered]:
    targets, settings = night_targets(post.installation), post.installation
    if not targets:
        return []
    with post.store.begin() as work:
        ids = [row.id for row in Accounts(work).all()]
        seconds = pace_of(work, ids, post.now - USUAL).seconds or float(SECONDS_A_CARD)
    telling = Telling(desk=settings.desk.url, profiles=settings.notify.profiles, seconds=seconds)
    return send_all(targets, post.env, night_message(page, telling))


def _tell_people(post: Post, page: NightPage) -> list[Delivered]:
    """Tells each person who has cards. A link is made only for somebody whose address is theirs alone."""
    waiting = {account.handle: account.desk.today for account in page.accounts}
    with post.store.begin() as work:
        own, failed = _addresses(post, own_targets(work))
        letters = [letter for each in own if (letter := _letter(work, post, each, waiting))]
    return failed + deliver(letters)


def _letter(work: Work, post: Post, own: tuple[OwnTarget, Addressee], waiting: Mapping[str, int]) -> Letter | None:
    person, address = own[0].person, own[1]
    cards = cards_of_person(work, person, waiting)
    if not cards:
        return None
    return Letter(address, personal_message(work, person, cards, post.installation.desk.url, post.now))


def _addresses(post: Post, owned: Sequence[OwnTarget]) -> tuple[list[tuple[OwnTarget, Addressee]], list[Delivered]]:
    """Finds the addresses of people; one that is anybody else's too is refused to all who have it."""
    found: list[tuple[OwnTarget, Addressee]] = []
    failed: list[Delivered] = []
    for each in owned:
        try:
            found.append((each, named(each.target, post.env)))
        except ConfigurationError as error:
            failed.append(Delivered(unnamed(each.target), str(error)))
    of_all, _ = resolved([*night_targets(post.installation), *every_route_target(post.installation)], post.env)
    doubtful = shared([address.address for _, address in found] + [each.address for each in of_all])
    failed += [Delivered(address.name, SHARED) for _, address in found if address.address in doubtful]
    return [(own, address) for own, address in found if address.address not in doubtful], failed


def _tell_departments(post: Post, handles: Collection[str]) -> list[Delivered]:
    with post.store.begin() as work:
        words = words_for(work, post.installation, [*handles], post.now)
    found = [(word, _addressed(post, word.target)) for word in words]
    ready = [(word, address) for word, address in found if isinstance(address, Addressee)]
    failed = [(word, lost) for word, lost in found if isinstance(lost, Delivered)]
    sent = deliver([Letter(address, word.message) for word, address in ready])
    done = [*zip([word for word, _ in ready], sent, strict=True), *failed]
    with post.store.begin() as work:
        for word, each in done:
            settle(work, word, each, post.now)
    return [each for _, each in done]


def _addressed(post: Post, target: Target) -> Addressee | Delivered:
    try:
        return named(target, post.env)
    except ConfigurationError as error:
        return Delivered(unnamed(target), str(error))
