"""Replays the followers on record under another policy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from followguard.domain.holding_back import only_lacks_data
from followguard.domain.policy import AccountSettings, Policy
from followguard.domain.review import OVER
from followguard.domain.stores.review import Wanted
from followguard.domain.stores.work import Store, Work
from followguard.domain.utc_day import day_of
from followguard.domain.whatif import Arrived, Outcome, what_if
from followguard.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Values to try; an empty list keeps the policy's own."""

    max_wrong_hold: Sequence[float] = ()
    unsure_above: Sequence[float] = ()
    max_cards_per_day: Sequence[int] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A policy and what it comes to; `current` is the one that is configured."""

    max_wrong_hold: float
    unsure_above: float
    max_cards_per_day: int
    current: bool
    outcome: Outcome


def replay(store: Store, settings: AccountSettings, others: Others) -> list[Row]:
    """The configured policy first, then every combination of the others. Raises `UsageError` for crossed cutoffs."""
    policies = [settings.policy, *(each for each in _policies(settings.policy, others) if each != settings.policy)]
    with store.begin() as work:
        arrived = _arrived(work, settings)
    return [
        Row(
            max_wrong_hold=policy.max_wrong_hold,
            unsure_above=policy.unsure_above,
            max_cards_per_day=policy.max_cards_per_day,
            current=policy == settings.policy,
            outcome=what_if(arrived, policy),
        )
        for policy in policies
    ]


def _policies(policy: Policy, others: Others) -> list[Policy]:
    values = (
        others.max_wrong_hold or [policy.max_wrong_hold],
        others.unsure_above or [policy.unsure_above],
        others.max_cards_per_day or [policy.max_cards_per_day],
    )
    found = [
        replace(policy, max_wrong_hold=hold, unsure_above=unsure, max_cards_per_day=cards)
        for hold, unsure, cards in product(*values)
    ]
    for each in found:
        _check(each)
    return found


def _check(policy: Policy) -> None:
    try:
        _ = policy.cutoffs
    except ValueError as error:
        what = f"max_wrong_hold {policy.max_wrong_hold} and unsure_above {policy.unsure_above} don't go together."
        raise UsageError(what, "unsure_above must be at most 1 - max_wrong_hold.") from error


def _arrived(work: Work, settings: AccountSettings) -> list[Arrived]:
    """Every scored follower. What people decided counts while the card isn't waiting again."""
    ids = tuple(row.id for row in work.accounts.all() if row.handle == settings.handle)
    cards = work.review.cards(Wanted(account_ids=ids, held_back=True))
    labels = {each.item: each.label for account_id in ids for each in work.review.evidence(account_id)}
    return [
        Arrived(
            day=day_of(card.first_seen_at),
            p_spam=card.p_spam,
            thin=only_lacks_data(card.profile, card.batch is not None),
            label=labels.get(card.item) if card.state in OVER else None,
        )
        for card in cards
        if card.p_spam is not None
    ]
