"""An installation with followers of several nights, and a person who decides by a rule that can be learned."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.store import People
from followguard.cli.opened import load_installation, open_store
from followguard.domain.decision import Choice
from followguard.domain.follower import Profile
from followguard.errors import FollowguardError
from followguard.review.decide import Hand, decide
from followguard.screening.queue import queue_account
from followguard.screening.score import score_account
from followguard.testing import START, made_up_profile, record_followers
from followguard.training.models.serving import TrainingContext, training_context
from followguard.training.retrain.retrain import Retrained, retrain
from followguard.words.readers import reader_of
from tests.builders.reviewing import APPROVE, SPAM

CONFIG = """
[accounts.acme]
training_basis = "own-decisions"
[accounts.acme.policy]
max_cards_per_day = 1000
max_follow_backs_per_day = 1000
"""


def person(number: int, now: datetime, spam: bool) -> Profile:
    """A follower; what this company calls spam hardly likes a post and follows many: the base model half knows."""
    rng = random.Random(number)
    likes, following = (rng.randint(0, 40), rng.randint(900, 2400)) if spam else (
        rng.randint(300, 9000), rng.randint(80, 700))  # fmt: skip
    return replace(
        made_up_profile(str(1000 + number), now),
        followers_count=rng.randint(20, 400),
        following_count=following,
        like_count=likes,
        tweet_count=rng.randint(150, 4000),
        created_at=now - timedelta(days=rng.randint(400, 3000)),
    )


@dataclass
class School:
    """One installation. `told` collects what kept a champion from serving."""

    folder: Path
    store: Any
    now: datetime = START
    told: list[FollowguardError] = field(default_factory=list)
    number: int = 0

    @property
    def config(self) -> Path:
        """Path of its configuration file."""
        return self.folder / "followguard.toml"

    def configure(self, text: str = CONFIG) -> None:
        """Writes the configuration."""
        self.config.write_text(text, encoding="utf-8")

    @property
    def workshop(self) -> TrainingContext:
        """Everything that learning works with, at this school's time."""
        env = {"FOLLOWGUARD_X_API_URL": "http://127.0.0.1:9", "FOLLOWGUARD_NOW": self.now.isoformat()}
        return training_context(load_installation(self.config, env), self.store)

    def hire(self, name: str, role: str = "owner") -> None:
        """A person with a role for every account."""
        with self.store.begin() as work:
            one = People(work).add(name, f"p-{name.lower()}", self.now)
            People(work).grant(one.id, role, None, None, self.now)

    def night(self, real: int, spam: int, account: str = "acme") -> list[tuple[str, bool]]:
        """A day later so many follow, are scored and queued; returns ids, and whether each is spam."""
        self.now += timedelta(days=1)
        answers = [False] * real + [True] * spam
        profiles = [person(self.number + place, self.now, each) for place, each in enumerate(answers)]
        self.number += len(profiles)
        row = record_followers(self.store, account, profiles, self.now)
        settings = self.workshop.installation.account(account)
        scorer = self.workshop.load_scorer(account, self.told.append)
        words = reader_of(self.workshop.installation, settings)
        score_account(self.store, row, settings.policy, scorer, self.now, words)
        queue_account(self.store, row, settings.policy, self.now, 0)
        return [(profile.id, each) for profile, each in zip(profiles, answers, strict=True)]

    def decide(self, follower: str, choice: Choice, by: str = "Ann", account: str = "acme") -> None:
        """Decides some seconds after the decision before, as people do."""
        self.now += timedelta(seconds=3)
        accounts = self.workshop.installation.accounts
        decide(Hand(store=self.store, accounts=accounts, by=by, now=self.now, account=account), follower, choice)

    def morning(self, arrived: list[tuple[str, bool]], by: str = "Ann", account: str = "acme") -> None:
        """Everybody is decided rightly."""
        for follower, spam in arrived:
            self.decide(follower, SPAM if spam else APPROVE, by, account)

    def weeks(self, nights: int = 6, real: int = 14, spam: int = 6) -> None:
        """Lives so many nights, each followed by its morning."""
        for _ in range(nights):
            self.morning(self.night(real, spam))

    def retrain(self, handle: str | None = None) -> Retrained:
        """Retrains as the command does."""
        return retrain(self.workshop, handle, self.told.append)

    def champion(self) -> str:
        """The name of what scores the account now."""
        return self.workshop.load_scorer("acme", self.told.append).name

    def copy(self, folder: Path) -> "School":
        """The same installation once more, in another folder."""
        return opened(copied(self.folder, folder), now=self.now, number=self.number)


def copied(folder: Path, to: Path) -> Path:
    """The installation's files once more."""
    return Path(shutil.copytree(folder, to))


def opened(folder: Path, **changed: Any) -> School:
    """The installation of a folder."""
    store = open_store(load_installation(folder / "followguard.toml", {}))
    return School(folder, store, **changed)


@pytest.fixture(scope="session")
def empty_school(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder: Ann is owner, before the first night."""
    folder = tmp_path_factory.mktemp("schools") / "empty"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "followguard.db")
    (folder / "followguard.toml").write_text(CONFIG, encoding="utf-8")
    made = opened(folder)
    made.hire("Ann")
    made.store.close()
    return folder


@pytest.fixture(scope="session")
def decided_school(empty_school: Path) -> tuple[Path, datetime, int]:
    """A folder in which six nights were decided, its time, and how many followers it has."""
    made = opened(copied(empty_school, empty_school.with_name("decided")))
    made.weeks()
    made.store.close()
    return made.folder, made.now, made.number


@pytest.fixture(scope="session")
def learned_school(decided_school: tuple[Path, datetime, int]) -> tuple[Path, datetime, int]:
    """A folder in which what was learned from six nights serves."""
    folder, now, number = decided_school
    made = opened(copied(folder, folder.with_name("learned")), now=now, number=number)
    assert made.retrain().outcome == "promoted"
    made.store.close()
    return made.folder, now, number


@pytest.fixture(scope="session")
def busy_school(empty_school: Path) -> tuple[Path, datetime, int]:
    """A folder in which seven nights with much spam were decided and an eighth waits."""
    made = opened(copied(empty_school, empty_school.with_name("busy")))
    made.weeks(nights=7, real=14, spam=16)
    made.night(6, 12)
    made.store.close()
    return made.folder, made.now, made.number


@pytest.fixture(scope="session")
def promoted_school(busy_school: tuple[Path, datetime, int]) -> tuple[Path, datetime, int]:
    """The same after its retraining."""
    folder, now, number = busy_school
    made = opened(copied(folder, folder.with_name("promoted")), now=now, number=number)
    assert made.retrain().outcome == "promoted"
    made.store.close()
    return made.folder, now, number


def taken(folder: Path, to: Path, now: datetime = START, number: int = 0) -> Iterator[School]:
    """A copy for one test."""
    made = opened(copied(folder, to / "school"), now=now, number=number)
    yield made
    made.store.close()


@pytest.fixture
def school(empty_school: Path, tmp_path: Path) -> Iterator[School]:
    """An installation with Ann as owner, before its first night."""
    yield from taken(empty_school, tmp_path)


@pytest.fixture
def decided(decided_school: tuple[Path, datetime, int], tmp_path: Path) -> Iterator[School]:
    """Six nights were decided, 84 followers as genuine and 36 as spam; nothing was learned yet."""
    yield from taken(decided_school[0], tmp_path, *decided_school[1:])


@pytest.fixture
def learned(learned_school: tuple[Path, datetime, int], tmp_path: Path) -> Iterator[School]:
    """The model learned from six nights serves, as house-1."""
    yield from taken(learned_school[0], tmp_path, *learned_school[1:])


@pytest.fixture
def busy(busy_school: tuple[Path, datetime, int], tmp_path: Path) -> Iterator[School]:
    """Seven nights were decided, 98 followers as genuine and 112 as spam; 18 wait, 12 of them spam."""
    yield from taken(busy_school[0], tmp_path, *busy_school[1:])


@pytest.fixture
def promoted(promoted_school: tuple[Path, datetime, int], tmp_path: Path) -> Iterator[School]:
    """The model learned from these nights serves, as house-1."""
    yield from taken(promoted_school[0], tmp_path, *promoted_school[1:])


@pytest.fixture
def served_school(postgres_url: str, tmp_path: Path) -> Iterator[School]:
    """An installation on a real PostgreSQL in which six nights were decided."""
    text = f'database_url = "{postgres_url}"\n{CONFIG}'
    (tmp_path / "followguard.toml").write_text(text, encoding="utf-8")
    made = opened(tmp_path)
    made.hire("Ann")
    made.weeks()
    yield made
    made.store.close()
