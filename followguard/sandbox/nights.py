"""One night of one account: who comes, comes back, leaves, changes and is suspended."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from followguard.domain.follower import Profile
from followguard.sandbox.accounts import SandboxAccount
from followguard.sandbox.plan import AccountPlan
from followguard.sandbox.population import DEFAULT_PICTURE, IS_SPAM, Population, short_link

RECENT = 7
"""Nights after which nobody changes, comes back or is suspended any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxNight:
    """The needs of a night: its number, its chance, its time, and the followers of our other accounts."""

    number: int
    at: datetime
    rng: Random
    elsewhere: list[int]
    overlap: float


def bring(account: SandboxAccount, people: Population, night: SandboxNight) -> dict[str, int]:
    """Lets the night happen. Returns the counts of what happened, and of the followers after it."""
    account.count_before = account.counted(people.suspended)
    _accept_requests(account, night.rng)
    changed = _change(account, people, night.rng)
    suspended = _suspend(account, people, night.rng)
    gone = _leave(account, night.rng)
    back = _come_back(account, night.rng)
    new = _arrive(account, people, night)
    account.left.append(gone)
    account.came.append(new)
    account.followers.add([*back, *new])
    counts = {"new": len(new), "returned": len(back), "left": len(gone), "changed": changed, "suspended": suspended}
    return counts | {"followers": len(account.followers)}


def settle_in(account: SandboxAccount, people: Population, at: datetime, rng: Random) -> None:
    """Adds the first followers, some of whom the account follows, mutes or blocks already."""
    plan = account.plan
    numbers = people.grow(plan.at_start, at, spam_share=plan.spam_share / 2)
    account.followers.add(numbers)
    account.count_before = len(numbers)
    account.following.update(rng.sample(numbers, int(len(numbers) * plan.already_following)))
    odd = rng.sample(numbers, 2 * int(len(numbers) * plan.already_following / 20))
    account.muting.update(odd[::2])
    account.blocking.update(odd[1::2])


def poisson(rng: Random, mean: float) -> int:
    """Draws by Knuth's method; from a mean of 200 on by the rounded normal, which is as good there."""
    if mean >= 200:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, drawn = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        drawn += 1
    return drawn


def _some(rng: Random, people: Iterable[int], share: float) -> list[int]:
    """Picks each person with probability `share`."""
    return [person for person in people if rng.random() < share] if share else []


def _recent(nights: list[list[int]]) -> list[int]:
    return [person for night in nights[-RECENT:] for person in night]


def _arrive(account: SandboxAccount, people: Population, night: SandboxNight) -> list[int]:
    plan, rng = account.plan, night.rng
    filed = people.adopt(_share_of(plan, night.number), night.at)
    expected = poisson(rng, plan.mean)
    shared = [person for person in night.elsewhere if person not in account.followers]
    both = rng.sample(shared, min(len(shared), poisson(rng, expected * night.overlap)))[:expected]
    made = list(people.grow(expected - len(both), night.at, spam_share=plan.spam_share))
    ordinary = made + both
    rng.shuffle(ordinary)
    account.following.update(_some(rng, made, plan.already_following))
    at = rng.randrange(len(ordinary) + 1)
    bought = sum(attack.size for attack in plan.attacks if attack.night == night.number)
    attackers = people.grow(bought, night.at, attack=True)
    arrived = [*filed, *ordinary[:at], *attackers, *ordinary[at:]]
    return [person for person in dict.fromkeys(arrived) if person not in account.followers]


def _share_of(plan: AccountPlan, night: int) -> tuple[Profile, ...]:
    """Gives the rows of the profile file that arrive in this night, oldest first."""
    if night > plan.nights:
        return ()
    edges = [len(plan.profiles) * step // plan.nights for step in (night - 1, night)]
    return plan.profiles[edges[0] : edges[1]]


def _leave(account: SandboxAccount, rng: Random) -> list[int]:
    churn = account.plan.coming_and_going
    hasty = _some(rng, account.came[-1] if account.came else [], churn.quick_unfollow)
    everybody = account.followers.people() if churn.unfollow else []
    leaving = rng.sample(everybody, min(len(everybody), poisson(rng, len(everybody) * churn.unfollow)))
    gone = [person for person in dict.fromkeys([*hasty, *leaving]) if person in account.followers]
    for person in gone:
        account.followers.remove(person)
    return gone


def _come_back(account: SandboxAccount, rng: Random) -> list[int]:
    returning = _some(rng, _recent(account.left), account.plan.coming_and_going.refollow)
    return [person for person in dict.fromkeys(returning) if person not in account.followers]


def _suspend(account: SandboxAccount, people: Population, rng: Random) -> int:
    candidates = _some(rng, _recent(account.came), account.plan.coming_and_going.suspend)
    caught = {person for person in candidates if IS_SPAM[people.kind_of(person)]} - people.suspended
    people.suspended |= caught
    return len(caught)


def _change(account: SandboxAccount, people: Population, rng: Random) -> int:
    changing = _some(rng, _recent(account.came), account.plan.coming_and_going.change)
    for person in changing:
        profile = people.person(person).profile
        change = rng.choice(
            (
                {"description": f"{profile.description or ''} ✨ new chapter"},
                {"name": f"{profile.name} (new)"},
                {"url": short_link(f"https://new-{person}.example")},
                {"profile_image_url": DEFAULT_PICTURE},
                {"username": f"x{profile.username or 'renamed'}"[:15]},
            )
        )
        people.change(person, **change)
    return len(changing)


def _accept_requests(account: SandboxAccount, rng: Random) -> None:
    """Lets half of the protected people who were asked accept by the next night."""
    accepted = set(_some(rng, sorted(account.requested), 0.5))
    account.requested -= accepted
    account.following |= accepted
