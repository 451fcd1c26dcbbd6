"""The one scoring path: reasons that add up, the same from one and from many, and no harm from odd profiles."""

import math
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import joblib
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followguard.classifier.columns import ProfileColumns
from followguard.classifier.features import unpacked
from followguard.classifier.model import scores
from followguard.classifier.reasons import KINDS, LEAST_SHOWN, NOTES, NOTHING_TEXT, OTHER, UNLIKE
from followguard.classifier.scoring import Scorer
from followguard.domain.follower import Profile
from followguard.domain.labels import LabelledProfile
from followguard.domain.policy import Verdict

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Make = Callable[..., Profile]
NOTED = {note.code for note in NOTES} | {UNLIKE.code}
CODES = {kind.code for kind in KINDS} | {OTHER} | NOTED


def logit(p_spam: float) -> float:
    """Log-odds of a probability."""
    return math.log(p_spam / (1.0 - p_spam))


def seller(make: Make, **fields: object) -> Profile:
    """An account that follows many and never posts much."""
    given = {
        "username": "deal83721",
        "created_at": NOW - timedelta(days=300),
        "followers_count": 3,
        "following_count": 900,
        "tweet_count": 11,
        "listed_count": 0,
        "like_count": 0,
        "description": "",
    }
    return make(**{**given, **fields})


def neighbour(make: Make, **fields: object) -> Profile:
    """Somebody ordinary who posts and likes."""
    given = {
        "username": "marta_bakes",
        "created_at": NOW - timedelta(days=2000),
        "followers_count": 800,
        "following_count": 500,
        "tweet_count": 9000,
        "listed_count": 12,
        "like_count": 15_000,
        "description": "Engineer, baker.",
    }
    return make(**{**given, **fields})


def test_the_shipped_model_knows_the_plain_cases(shipped: Scorer, profile: Make) -> None:
    """A bought follower as they are sold stands high, an ordinary active account low."""
    sold, ordinary = shipped.verdicts([seller(profile), neighbour(profile)])
    assert sold.p_spam > 0.85
    assert ordinary.p_spam < 0.05


def test_reasons_add_up(shipped: Scorer, rows: list[LabelledProfile]) -> None:
    """The weights of every verdict add up to logit(p_spam) - base_logit."""
    for verdict in shipped.verdicts([row.profile for row in rows]):
        total = math.fsum(reason.weight for reason in verdict.reasons)
        assert total == pytest.approx(logit(verdict.p_spam) - verdict.base_logit, abs=1e-6)


def test_a_few_reasons_with_words(shipped: Scorer, rows: list[LabelledProfile]) -> None:
    """Each verdict names a kind or a note at least, and the rest, each once, each in words."""
    for verdict in shipped.verdicts([row.profile for row in rows]):
        codes = [reason.code for reason in verdict.reasons]
        assert len(set(codes)) == len(codes)
        assert set(codes) <= CODES
        assert len(codes) <= max(LEAST_SHOWN + 1, len(KINDS) + 2)
        assert len(codes) > 1 or verdict.reasons[0].text == NOTHING_TEXT
        assert codes[-1] == OTHER
        assert all(reason.text and "{" not in reason.text for reason in verdict.reasons)


def test_what_speaks_for_the_other_side_is_shown(shipped: Scorer, profile: Make) -> None:
    """A spammer's card tells what speaks for the follower too."""
    verdict = shipped.verdicts([seller(profile, tweet_count=400, like_count=900)])[0]
    signs = {reason.weight > 0 for reason in verdict.reasons if reason.code != OTHER}
    assert signs == {True, False}


def test_one_scores_as_in_a_crowd(shipped: Scorer, rows: list[LabelledProfile]) -> None:
    """Single, batch and kept features give the same probability to 1e-9."""
    profiles = [row.profile for row in rows]
    batch = shipped.verdicts(profiles)
    alone = [shipped.verdicts([each])[0] for each in profiles]
    kept = scores(shipped.model, np.stack([unpacked(verdict.features) for verdict in batch]))
    arrays = shipped.score(ProfileColumns.from_profiles(profiles))
    for number, verdict in enumerate(batch):
        others = (alone[number].p_spam, kept.p_spam[number], arrays.p_spam[number])
        assert others == pytest.approx([verdict.p_spam] * 3, abs=1e-9)


counts = st.one_of(st.none(), st.integers(0, 40), st.integers(0, 10**7), st.sampled_from([-1, 10**400, "7", 2.5, True]))
texts = st.one_of(st.none(), st.text(max_size=30), st.sampled_from(["a" * 10_000, "\ud800", "\x00", 7]))


@st.composite
def odd_profiles(draw: st.DrawFn) -> Profile:
    """Profiles as X sends them, and as it never would."""
    fields = {name: draw(counts) for name in ("followers_count", "following_count", "tweet_count", "like_count")}
    shown = {name: draw(texts) for name in ("username", "name", "description")}
    created = draw(
        st.one_of(st.none(), st.datetimes(NOW.replace(year=2006, tzinfo=None), NOW.replace(year=2030, tzinfo=None)))
    )
    if created is not None and draw(st.booleans()):
        created = created.replace(tzinfo=UTC)
    listed = draw(counts)
    return Profile(id="1", observed_at=NOW, created_at=created, listed_count=listed, **fields, **shown)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profiles=st.lists(odd_profiles(), min_size=1, max_size=6))
def test_any_profile_scores_alone_as_among_others(shipped: Scorer, profiles: list[Profile]) -> None:
    """Whatever stands in a row, it gets a verdict whose reasons add up, and the same one alone, to the last bit."""
    together = shipped.verdicts(profiles)
    assert together == [shipped.verdicts([each])[0] for each in profiles]
    for verdict in together:
        total = math.fsum(reason.weight for reason in verdict.reasons)
        assert total == pytest.approx(logit(verdict.p_spam) - verdict.base_logit, abs=1e-6)


@pytest.mark.parametrize("backend", ["loky", "threading"])
def test_joblib_workers_give_the_same_numbers(shipped: Scorer, rows: list[LabelledProfile], backend: str) -> None:
    """A night spread over processes or threads has the numbers of one process, to the last bit."""
    profiles = [row.profile for row in rows]
    parts = [profiles[start : start + 90] for start in range(0, len(profiles), 90)]
    spread = joblib.Parallel(n_jobs=2, backend=backend)(joblib.delayed(shipped.verdicts)(part) for part in parts)
    assert [verdict for part in spread for verdict in part] == shipped.verdicts(profiles)


def test_what_training_never_saw_is_said_and_not_judged(shipped: Scorer, profile: Make) -> None:
    """Numbers beyond all that training saw add nothing, widen the answer towards the base, and the card says so."""
    usual, wild = shipped.verdicts([seller(profile), seller(profile, following_count=10**12)])
    assert UNLIKE in wild.reasons
    assert UNLIKE not in usual.reasons
    assert wild.p_spam < usual.p_spam


@pytest.mark.parametrize("count", ["7", 2.5, True, -3])
def test_a_count_that_is_none_is_unknown(shipped: Scorer, profile: Make, count: object) -> None:
    """Text, fractions, truth values and negative numbers in place of a count are unknown, never zero."""
    odd, unknown = shipped.verdicts([neighbour(profile, like_count=count), neighbour(profile, like_count=None)])
    assert odd == unknown


def test_nobody_scores_is_no_verdict(shipped: Scorer) -> None:
    """A night without followers is no error."""
    assert shipped.verdicts([]) == []


def noted(verdict: Verdict) -> list[str]:
    """The codes of a verdict that weighs nothing; fails where a reason has weight."""
    assert all(reason.weight == 0.0 for reason in verdict.reasons)
    return [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize("age", [timedelta(0), timedelta(hours=1), timedelta(days=29), timedelta(days=-3)])
def test_a_brand_new_empty_account_is_not_suspected(shipped: Scorer, profile: Make, age: timedelta) -> None:
    """Zeros, no bio, no picture and a proposed username: nothing speaks for or against."""
    fields = {"created_at": NOW - age, "following_count": 40, "username": "Ada73819264", "protected": True}
    verdict = shipped.verdicts([seller(profile, **{**fields, "followers_count": 0, "tweet_count": 0})])[0]
    assert noted(verdict) == ["young", "silent", "no_bio", OTHER]
    assert "old: too little to judge by" in verdict.reasons[0].text
    assert verdict.p_spam == pytest.approx(0.2)


def test_an_old_account_that_only_reads_is_not_suspected(shipped: Scorer, profile: Make) -> None:
    """Many real people neither post nor like for years: a digit-free name is all that is weighed."""
    counts = {"followers_count": 6, "following_count": 80, "tweet_count": 0, "like_count": 0, "listed_count": 0}
    verdict = shipped.verdicts([seller(profile, username="marta", created_at=NOW - timedelta(days=3000), **counts)])[0]
    assert verdict.p_spam <= 0.21


def test_likes_and_lists_may_be_unknown(shipped: Scorer, profile: Make) -> None:
    """X may leave out like and list counts: the order of plain cases stands."""
    blank = {"like_count": None, "listed_count": None}
    sold, ordinary = shipped.verdicts([seller(profile, **blank), neighbour(profile, **blank)])
    assert sold.p_spam > 0.5
    assert ordinary.p_spam < 0.1


def test_protection_changes_nothing(shipped: Scorer, profile: Make) -> None:
    """A protected profile scores as the same profile unprotected."""
    both = shipped.verdicts([seller(profile, protected=True), seller(profile, protected=False)])
    assert both[0].p_spam == both[1].p_spam


ODD = {
    "long name": {"username": "9" * 10_000, "name": "x" * 10_000, "description": "https://" * 2000},
    "NUL": {"username": "\x00" * 15, "description": "\x00"},
    "lone surrogates": {"username": "\ud800", "description": "\udfff" * 300},
    "from the future": {"created_at": NOW + timedelta(days=900)},
    "impossible counts": {"followers_count": 10**400, "following_count": -5, "tweet_count": 2**63},
}


@pytest.mark.parametrize("fields", ODD.values(), ids=ODD.keys())
def test_odd_profiles_get_a_verdict(shipped: Scorer, profile: Make, fields: dict[str, object]) -> None:
    """Hostile values are scored like any other, and leave the rows beside them alone."""
    ordinary, odd = neighbour(profile), seller(profile, **fields)
    verdicts = shipped.verdicts([ordinary, odd, ordinary])
    assert 1e-6 <= verdicts[1].p_spam <= 1 - 1e-6
    assert verdicts[0] == verdicts[2] == shipped.verdicts([ordinary])[0]


def test_no_reason_quotes_the_profile(shipped: Scorer, profile: Make) -> None:
    """Reasons hold numbers and words of ours only, so no text from X reaches a terminal through them."""
    verdict = shipped.verdicts([seller(profile, username="\x1b[31mred1", description="\u202egnp #x @y", name="\x07")])[
        0
    ]
    assert all(reason.text.isascii() and reason.text.isprintable() for reason in verdict.reasons)


def test_a_night_of_5000_is_small_and_quick(shipped: Scorer, rows: list[LabelledProfile]) -> None:
    """Scoring with reasons takes memory for its answers and one block, not for everything at once."""
    profiles = [row.profile for row in rows] * 13
    tracemalloc.start()
    verdicts = shipped.verdicts(profiles[:5000])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(verdicts) == 5000
    assert peak < 100 * 2**20


def test_scoring_needs_no_scikit_learn() -> None:
    """The nightly process doesn't spend two seconds and fifty megabytes on a library that only training uses."""
    code = (
        "import sys; from followguard.training.models.serving import load_scorer; load_scorer(); "
        "print([name for name in ('sklearn', 'scipy', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
