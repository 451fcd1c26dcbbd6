"""Opens, closes and places cards: the last word of the night on what the desk shows tomorrow."""

from dataclasses import replace
from datetime import datetime

from followguard.accounts.policy_in_force import hold_names, policy_in_force
from followguard.domain.account import Account
from followguard.domain.card import closed_because
from followguard.domain.policy import Policy, names_of
from followguard.domain.units import day_of
from followguard.screening.audit import NOTHING_AUDITED, HeldBackShare, audit_draws, draw_payload
from followguard.screening.blind_store import BlindTests
from followguard.screening.blind_test import is_tested
from followguard.screening.holding_back import may_hold_back
from followguard.screening.lookalikes import find_lookalikes
from followguard.screening.plan import PoolDraw, QueueCounts, QueueRules, Undecided, changed, counts, plan, starts
from followguard.screening.queue_store import Queue
from followguard.screening.sample import sampled
from followguard.screening.sample_store import RandomSample
from followguard.screening.store import Scoring
from followguard.store.log import Log
from followguard.store.store import Store
from followguard.store.work import Work


def queue_account(store: Store, account: Account, policy: Policy, now: datetime, seed: int) -> QueueCounts:
    """Makes a card for every scored follower without one and plans all undecided cards, in one transaction.

    The same again on the same day, with nothing decided or read in between, changes nothing.
    """
    with store.begin() as work:
        Queue(work).open(account.id, Queue(work).without_item(account.id), None, now)
        return _planned(work, account, policy, now, seed)


def plan_account(store: Store, account: Account, policy: Policy, now: datetime, seed: int) -> QueueCounts:
    """Returns a new plan for the cards that there are.

    By day nobody gets a card: where a night broke off, they haven't been searched for look-alikes yet.
    """
    with store.begin() as work:
        return _planned(work, account, policy, now, seed)


def _planned(work: Work, account: Account, policy: Policy, now: datetime, seed: int) -> QueueCounts:
    hold_names(work, account.id, policy, now)
    policy = policy_in_force(work, account.id, policy)
    queue = Queue(work)
    queue.reopen_returned(account.id, names_of(policy.never_follow), now)
    cards = queue.undecided(account.id, now)
    rules = _rules(work, account, policy, cards, now, seed)
    draws: list[PoolDraw] = []
    drawn = sampled(cards, rules, RandomSample(work).so_far(account.id, rules.today), draws)
    placements = plan(drawn, rules, draws)
    queue.place(changed(cards, placements), now)
    for each in draws:
        Log(work).append(now, each.kind, account.handle, "followguard", draw_payload(each, rules.today, seed))
    batches = queue.batches_on(account.id, rules.today)
    return replace(counts(placements, rules.today), batches=batches)


def _rules(
    work: Work, account: Account, policy: Policy, cards: list[Undecided], now: datetime, seed: int
) -> QueueRules:
    today = day_of(now)
    models = starts(cards)
    evidence, tests = Queue(work).evidence(account.id, models), BlindTests(work).of(account.id)
    return QueueRules(
        account=account.handle,
        policy=policy,
        today=today,
        seed=seed,
        may_hold=frozenset(
            model
            for model, start in models.items()
            if may_hold_back(policy, evidence, model, *start, tested=is_tested(tests, policy, model, start[0]))
        ),
        shown_today=Queue(work).shown_on(account.id, today),
        audited_today=Queue(work).audited_on(account.id, today),
    )


def batch_account(store: Store, account: Account, policy: Policy, now: datetime) -> int:
    """Returns how many batches were found among followers who have no card yet.

    Skips followers that we already follow, requested, mute, block or list in never_follow. All cards are opened in one
    transaction: a follower left over without one would be searched for look-alikes again.
    """
    with store.begin() as work:
        never_follow = names_of(policy_in_force(work, account.id, policy).never_follow)
        profiles = [
            profile
            for profile in Scoring(work).unbatched(account.id)
            if closed_because(profile.id, profile.username, profile.connection, never_follow) is None
        ]
    found = find_lookalikes(profiles)
    with store.begin() as work:
        for lookalikes in found:
            batch = Scoring(work).add_batch(account.id, lookalikes, day_of(now), now)
            Queue(work).open(account.id, lookalikes.members, batch, now)
        Queue(work).open(account.id, Queue(work).without_item(account.id), None, now)
    return len(found)


def share_held_back(work: Work, account_id: int) -> HeldBackShare:
    """Estimates the share of real people among those held back, from every audit draw that was decided."""
    draws = audit_draws(Queue(work).evidence(account_id))
    if not draws:
        return NOTHING_AUDITED
    from followguard.screening.audit_interval import held_back_share

    return held_back_share(draws)
