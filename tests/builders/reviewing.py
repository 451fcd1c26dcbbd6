"""Accounts with followers in a real database, and people to decide about them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from followguard.accounts.store import Accounts, People
from followguard.cli.opened import load_installation
from followguard.domain.card import Card
from followguard.domain.decision import Choice, DecisionResult
from followguard.domain.follower import Profile
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.policy import AccountSettings, Policy, Route
from followguard.followers.store import Followers
from followguard.following.store import Orders
from followguard.review.card_list import ListFilter, list_cards
from followguard.review.decide import Hand, decide
from followguard.review.desk.session import Desk
from followguard.screening.plan import QueueCounts
from followguard.screening.queue import batch_account, queue_account
from followguard.screening.score import score_account
from followguard.testing import START, RuleScorer, made_up_profile, record_followers
from followguard.training.models.serving import TrainingContext, training_context
from followguard.words.reading import BUILT_IN, TextReader

ROLES = {"Ola": "owner", "Ada": "approver", "Ben": "approver", "Rea": "reviewer", "Vic": "viewer"}
APPROVE = Choice(kind=Kind.APPROVE)
SPAM = Choice(kind=Kind.REJECT, reason=RejectReason.SPAM)


@dataclass
class House:
    """One installation. `p_spam` says how each follower scores: by id, else 0.1."""

    store: Any
    settings: dict[str, AccountSettings]
    now: datetime = START
    p_spam: dict[str, float] = field(default_factory=dict)
    model: str = "rule-1"
    seed: int = 0
    words: TextReader = BUILT_IN

    def people(self) -> None:
        """Somebody for every role, for all accounts."""
        with self.store.begin() as work:
            for name, role in ROLES.items():
                person = People(work).add(name, f"p-{name.lower()}", self.now)
                People(work).grant(person.id, role, None, None, self.now)

    def read(self, *profiles: Profile | str, account: str = "acme") -> None:
        """New followers as a night records them."""
        full = [ordinary(each, self.now) if isinstance(each, str) else each for each in profiles]
        record_followers(self.store, account, full, self.now)

    def see_again(self, profile: Profile, account: str = "acme", *, in_list: bool = False) -> None:
        """A recorded follower is seen once more, perhaps changed."""
        with self.store.begin() as work:
            row = Accounts(work).ensure(account, self.now)
            Followers(work).observe(row.id, [profile], self.now, in_list=in_list)

    def leaves(self, *ids: str, account: str = "acme") -> None:
        """Marks followers as gone."""
        with self.store.begin() as work:
            Followers(work).mark_left(Accounts(work).ensure(account, self.now).id, ids, self.now)

    def night(self, account: str = "acme") -> QueueCounts:
        """Score, batch, queue."""
        with self.store.begin() as work:
            row = Accounts(work).ensure(account, self.now)
        policy = self.settings[account].policy
        scorer = RuleScorer(lambda profile: self.p_spam.get(profile.id, 0.1), self.model)
        score_account(self.store, row, policy, scorer, self.now, self.words)
        batch_account(self.store, row, policy, self.now)
        return queue_account(self.store, row, policy, self.now, self.seed)

    def next_day(self, days: int = 1) -> None:
        """Time goes by."""
        self.now += timedelta(days=days)

    def policy(self, account: str = "acme", **keys: Any) -> None:
        """Changes the configuration."""
        settings = self.settings[account]
        self.settings[account] = replace(settings, policy=replace(settings.policy, **keys))

    def cards(self, **wanted: Any) -> list[Card]:
        """The review list."""
        return list_cards(self.store, list(self.settings.values()), ListFilter(**wanted), self.now)

    def card(self, follower_id: str, account: str = "acme") -> Card:
        """One follower's card."""
        return next(c for c in self.cards(everything=True) if (c.follower_id, c.account) == (follower_id, account))

    def ids(self, **wanted: Any) -> list[str]:
        """Ids of the followers on the list."""
        return [card.follower_id for card in self.cards(**wanted)]

    def hand(self, by: str | None = "Ada", account: str | None = None) -> Hand:
        """Somebody who decides."""
        return Hand(store=self.store, accounts=self.settings, by=by, now=self.now, account=account)

    def decide(self, follower: str, choice: Choice = SPAM, by: str | None = "Ada") -> DecisionResult:
        """Decides about one follower."""
        return decide(self.hand(by), follower, choice)

    def desk(self, by: str = "Ada", clock: Callable[[], datetime] | None = None) -> Desk:
        """A sitting."""
        desk = Desk(
            store=self.store, accounts=dict(self.settings), by=by, clock=clock or (lambda: self.now), seed=self.seed
        )
        desk.sit_down()
        return desk

    def workshop(self, folder: Path, config: str) -> TrainingContext:
        """Everything that learning works with, under this configuration and at this installation's time."""
        (folder / "followguard.toml").write_text(config, encoding="utf-8")
        installation = load_installation(folder / "followguard.toml", {})
        return replace(training_context(installation, self.store), clock=lambda: self.now)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows that the database answers with."""

        with self.store.begin() as work:
            return [tuple(row) for row in work.connection.execute(text(sql))]


def ordinary(follower_id: str, now: datetime) -> Profile:
    """A believable person. Ids of three digits and more differ enough not to be look-alikes."""
    profile, number = made_up_profile(follower_id, now), int(follower_id)
    if number < 100:
        return profile
    hobby = "".join("abcdefghij"[int(digit)] for digit in follower_id)
    born = profile.created_at and profile.created_at - timedelta(days=number * 53 % 2500)
    return replace(profile, description=f"{profile.description} And {hobby}.", created_at=born)


def a_house(store: Any, accounts: Sequence[str] = ("acme", "beta")) -> House:
    """Two accounts, a route, and everybody."""
    routes = (Route("press", ("journalist", "reporter")),)
    settings = {
        handle: AccountSettings(handle=handle, training_basis="none", policy=Policy(), routes=routes)
        for handle in accounts
    }
    house = House(store, settings)
    house.people()
    return house


@pytest.fixture
def house(store: Any) -> House:
    """An installation on each kind of database in turn."""
    return a_house(store)


@pytest.fixture
def lite_house(sqlite_store: Any) -> House:
    """An installation on SQLite only, where the database makes no difference."""
    return a_house(sqlite_store)


LATER = Choice(kind=Kind.LATER, until="2026-01-12")


def look_alikes(size: int) -> list[Profile]:
    """Made by one script in one week."""
    return [
        replace(
            made_up_profile(str(5_000 + n)),
            username=f"Nora{87_210_334 + 7 * n}",
            description="",
            created_at=START - timedelta(days=44 - n % 5),
            following_count=190 + n % 30,
            followers_count=2,
            tweet_count=1,
        )
        for n in range(size)
    ]


@pytest.fixture
def ready(house):
    """Three followers of acme with cards; 11 follows beta too."""
    house.read("11", "12", "13")
    house.read("11", account="beta")
    house.night()
    house.night("beta")
    return house


def order_of(house, follower_id: str):
    """The live order of a follower of acme."""
    with house.store.begin() as work:
        return Orders(work).live_order(Accounts(work).ensure("acme", house.now).id, follower_id)
