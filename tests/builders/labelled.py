"""Made-up labelled profiles for the tests of learning: busy people and silent sellers, seeded."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest

from followguard.classifier.features import schema_hash
from followguard.classifier.scoring import Scorer
from followguard.domain.follower import Profile
from followguard.domain.labels import LabelledProfile
from followguard.training.base.fitting import Recipe
from followguard.training.base.samples import Samples, samples_of
from followguard.training.base.training import train
from followguard.training.house.decisions import DecisionArrays
from followguard.training.models.folders import Registry, shipped_base
from tests.builders.places import SHARED

NOW = datetime(2026, 11, 1, tzinfo=UTC)
GROUPS = {
    ("genuine", "cresci-2017"): False,
    ("fake_followers", "cresci-2017"): True,
    ("social_spambots_1", "cresci-2017"): True,
    ("caverlee_legitimate", "caverlee-2011"): False,
    ("caverlee_polluters", "caverlee-2011"): True,
}


def made_profile(**fields: object) -> Profile:
    """A profile read at NOW; what isn't given is unknown."""
    return Profile(**{"id": "1", "observed_at": NOW, **fields})  # type: ignore[arg-type]


def busy(rng: Random, number: int) -> Profile:
    """Somebody who posts, likes and is listed."""
    return made_profile(
        id=str(number),
        username=f"runner{rng.choice('abcdef')}",
        name="Runner",
        description="Engineer in the day, baker at night",
        created_at=NOW - timedelta(days=rng.randint(400, 3000)),
        followers_count=rng.randint(100, 2000),
        following_count=rng.randint(50, 800),
        tweet_count=rng.randint(500, 20_000),
        listed_count=rng.randint(0, 20),
        like_count=rng.randint(500, 20_000),
    )


def seller(rng: Random, number: int) -> Profile:
    """Somebody who follows many and says little."""
    return made_profile(
        id=str(number),
        username=f"deal{rng.randint(10_000, 99_999)}",
        description="Win now! https://t.co/x",
        created_at=NOW - timedelta(days=rng.randint(60, 400)),
        followers_count=rng.randint(0, 40),
        following_count=rng.randint(300, 2000),
        tweet_count=rng.randint(1, 60),
        listed_count=0,
        like_count=rng.choice((0, 0, 3)),
    )


def labelled_rows(each: int = 80, seed: int = 1) -> list[LabelledProfile]:
    """`each` rows of every group; the sets named after Caverlee's have no texts, likes or lists, as the real one."""
    rng = Random(seed)
    rows = []
    for (group, source), spam in GROUPS.items():
        for _ in range(each):
            row = (seller if spam else busy)(rng, len(rows))
            if source == "caverlee-2011":
                row = _without_texts(row)
            rows.append(LabelledProfile(profile=row, spam=spam, group=group, source=source))
    return rows


def _without_texts(row: Profile) -> Profile:
    return made_profile(
        id=row.id,
        created_at=row.created_at,
        followers_count=row.followers_count,
        following_count=row.following_count,
        tweet_count=row.tweet_count,
    )


@pytest.fixture
def profile() -> Callable[..., Profile]:
    """Makes a profile of the fields given."""
    return made_profile


@pytest.fixture(scope="session")
def rows() -> list[LabelledProfile]:
    """400 made-up labelled profiles in five groups of two sets."""
    return labelled_rows()


@pytest.fixture(scope="session")
def small() -> Recipe:
    """A recipe that takes a blink."""
    return Recipe(bins=8, rounds=1)


@pytest.fixture(scope="session")
def samples(rows: list[LabelledProfile]) -> Samples:
    """The made-up rows as arrays."""
    return samples_of(rows)


@pytest.fixture(scope="session")
def scorer(samples: Samples, small: Recipe) -> Scorer:
    """A scorer trained on the made-up rows."""
    return Scorer(train(samples, 7, small), "made-up")


@pytest.fixture(scope="session")
def shipped() -> Scorer:
    """The base model that ships."""
    stored = Registry(schema_hash()).load(shipped_base())
    return Scorer.of_parts(stored.parts, stored.manifest.name)


@pytest.fixture(scope="session")
def datasets() -> Path:
    """The folder of the public sets, where this machine has it."""
    folder = SHARED / "datasets"
    if not folder.is_dir():
        pytest.skip("the public data sets aren't on this machine")
    return folder


def decided_of(samples: Samples, a_night: int = 20) -> DecisionArrays:
    """Made-up profiles, shuffled, as decisions of one person by the known labels, some a night."""
    rows = samples.where(np.random.default_rng(5).permutation(len(samples)))
    night = np.array([f"acme {number // a_night}" for number in range(len(rows))], dtype=np.str_)
    batch, person = np.full(len(rows), "", dtype=np.str_), np.full(len(rows), "maria", dtype=np.str_)
    return DecisionArrays(rows.matrix, rows.spam, np.ones(len(rows)), night, batch, person, rows.id)


@pytest.fixture(scope="session")
def decided(samples: Samples) -> DecisionArrays:
    """400 decisions, twenty a night."""
    return decided_of(samples)
