"""Followers of the sandbox's accounts come and go, night by night."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import mean, pvariance

import pytest

from followguard.domain.follower import Profile
from followguard.errors import ConfigurationError
from followguard.sandbox.nights import poisson
from followguard.sandbox.plan import QUIET, START, AccountPlan, Attack, Churn, SandboxPlan
from followguard.sandbox.world import World

RESTLESS = Churn(unfollow=0.05, quick_unfollow=0.3, refollow=0.3, change=0.3, suspend=0.3)


def world(*accounts: AccountPlan, **more: object) -> World:
    return World(SandboxPlan(accounts=accounts, **more), elapsed=lambda: 0.0)  # type: ignore[arg-type]


def rows(count: int) -> tuple[Profile, ...]:
    at = datetime(2020, 8, 19, tzinfo=UTC)
    return tuple(Profile(id=str(1_000 + n), observed_at=at, created_at=at - timedelta(days=n)) for n in range(count))


def test_same_plan_same_nights() -> None:
    """Two worlds of one plan live the same nights."""
    plan = AccountPlan(handle="acme", followers=300, mean_new=20, churn=RESTLESS)
    first, second = world(plan, seed=3), world(plan, seed=3)
    assert [first.next_night() for _ in range(5)] == [second.next_night() for _ in range(5)]
    assert first.truth() == second.truth()


@pytest.mark.parametrize("expected", [0.0, 0.5, 5.0, 50.0, 500.0, 5000.0])
def test_poisson_has_mean_and_variance(expected: float) -> None:
    """2,000 draws have the mean and the variance of a Poisson distribution."""
    rng = Random(1)
    draws = [poisson(rng, expected) for _ in range(2_000)]
    assert mean(draws) == pytest.approx(expected, rel=0.1)
    assert pvariance(draws) == pytest.approx(expected, rel=0.2)


def test_new_followers_come_first_and_counts_add_up() -> None:
    """After a night the newest come first in the list, and its length is what the counts say."""
    stage = world(AccountPlan(handle="acme", followers=300, mean_new=20, churn=RESTLESS))
    for _ in range(6):
        before = stage.account("acme").followers.people()
        counts = stage.next_night()["accounts"]["acme"]  # type: ignore[index]
        after = stage.account("acme").followers.people()
        assert len(after) == counts["followers"] == len(before) + counts["new"] + counts["returned"] - counts["left"]
        arrived = after[: counts["new"] + counts["returned"]]
        assert not set(arrived[: counts["new"]]) & set(before)
        assert [person for person in before if person in set(after[len(arrived) :])] == after[len(arrived) :]


def test_churn_brings_everything_about() -> None:
    """A restless account sees people leave, come back, change and be suspended; suspended ones are spam."""
    stage = world(AccountPlan(handle="acme", followers=300, mean_new=30, spam_share=0.6, churn=RESTLESS))
    nights = [stage.next_night()["accounts"]["acme"] for _ in range(8)]  # type: ignore[index]
    assert all(sum(night[what] for night in nights) > 3 for what in ("left", "returned", "changed", "suspended"))
    spam = {row["id"]: row["spam"] for row in stage.truth()["accounts"]["acme"]["followers"]}  # type: ignore[index]
    assert all(spam.get(one, True) for one in stage.truth()["suspended"])  # type: ignore[attr-defined]


def test_an_attack_comes_in_one_block_of_its_night() -> None:
    """Forty look-alikes in night 2, side by side; none in the others."""
    stage = world(AccountPlan(handle="acme", followers=50, mean_new=20, attacks=(Attack(2, 40),), churn=QUIET))
    for night in (1, 2, 3):
        arrived = stage.next_night()["accounts"]["acme"]["new"]  # type: ignore[index]
        kinds = [stage.people.kind_of(person) for person in stage.account("acme").followers.people()[:arrived]]
        places = [place for place, kind in enumerate(kinds) if kind == "look_alike"]
        assert places == (list(range(places[0], places[0] + 40)) if night == 2 else [])


@pytest.mark.parametrize(("count", "nights"), [(11, 4), (10, 5), (3, 5), (1, 1)])
def test_a_profile_file_arrives_in_equal_nights(count: int, nights: int) -> None:
    """Each row once, in the file's order, in nights that differ by one row at most; then nobody else."""
    stage = world(AccountPlan(handle="acme", profiles=rows(count), nights=nights))
    sizes = [stage.next_night()["accounts"]["acme"]["new"] for _ in range(nights + 2)]  # type: ignore[index]
    assert sizes[nights:] == [0, 0]
    assert max(sizes[:nights]) - min(sizes[:nights]) <= 1
    newest_first = [stage.people.id_of(person) for person in stage.account("acme").followers.people()]
    assert newest_first[::-1] == [row.id for row in rows(count)]


def test_two_accounts_share_some_followers() -> None:
    """Some of a second account's new followers follow the first one too, and are the same person there."""
    stage = world(
        AccountPlan(handle="acme", followers=300),
        AccountPlan(handle="acme_labs", followers=0, mean_new=100),
        overlap=0.3,
        seed=3,
    )
    stage.next_night()
    shared = set(stage.account("acme").followers.people()) & set(stage.account("acme_labs").followers.people())
    assert 10 < len(shared) < 60


def test_the_clock_runs_on_and_never_back() -> None:
    """A night moves the clock a day on, or to the time given; earlier or zoneless times are refused."""
    seconds = iter([0.0, 0.0, 5.0, 5.0, 5.0, 5.0, 5.0])
    stage = World(SandboxPlan(), elapsed=lambda: next(seconds, 5.0))
    assert stage.now() == START
    assert stage.now() == START + timedelta(seconds=5)
    assert stage.next_night()["now"] == "2026-11-03T00:05:00Z"
    assert stage.next_night(START + timedelta(days=9))["now"] == "2026-11-11T00:05:00Z"
    with pytest.raises(ConfigurationError, match="forward"):
        stage.next_night(START)
    with pytest.raises(ConfigurationError, match="time zone"):
        stage.next_night(datetime(2030, 1, 1))  # noqa: DTZ001 - the point of the test
    assert stage.night == 2


def test_protected_people_accept_in_time() -> None:
    """Protected people who were asked are followed some nights later."""
    stage = world(AccountPlan(handle="acme", followers=20))
    account = stage.account("acme")
    account.following.clear()
    account.requested.update(range(20))
    for _ in range(12):
        stage.next_night()
    assert not account.requested
    assert account.following >= set(range(20))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: AccountPlan(handle="@acme"),
        lambda: AccountPlan(handle="acme", nights=0),
        lambda: AccountPlan(handle="acme", followers=-1),
        lambda: SandboxPlan(accounts=()),
        lambda: SandboxPlan(accounts=(AccountPlan(handle="acme"), AccountPlan(handle="Acme"))),
        lambda: SandboxPlan(spec="3.0"),
        lambda: SandboxPlan(start=datetime(2030, 1, 1)),  # noqa: DTZ001 - the point of the test
    ],
)
def test_a_plan_that_cannot_be_is_refused(wrong: object) -> None:
    """Each mistake in a plan is one error with a next step."""
    with pytest.raises(ConfigurationError) as caught:
        wrong()  # type: ignore[operator]
    assert caught.value.next_step


def test_fifty_thousand_followers_cost_no_time_at_the_start() -> None:
    """A large account is made up only as it is read; its people are there nevertheless."""
    stage = world(replace(AccountPlan(handle="acme"), followers=50_000))
    newest = stage.account("acme").followers.people()[0]
    assert stage.people.person(newest).profile.id == "9000000000000049999"
    assert stage.people._made.cache_info().currsize == 1
