"""Drift: no alarm without a reason, an alarm soon with one, and the same answer however the rows lie."""

import numpy as np
import pytest

from followguard.classifier.columns import Whole
from followguard.classifier.features import FEATURES, packed
from followguard.drift.scan import FEWEST_NIGHTS, MOST_OF_A_NIGHT, NightMeans, night_means, scan
from followguard.drift.streams import STREAMS, Aspect, name_of, places, stream_values, text_of
from followguard.drift.watch import FEWEST_REFERENCE, MOST_NIGHTS, History, compare, history_of, limits
from followguard.training.models.serving import load_scorer

WIDTH = len(FEATURES)
ENOUGH = FEWEST_REFERENCE + FEWEST_NIGHTS
RATE = next(number for number, stream in enumerate(STREAMS) if stream.aspect is Aspect.BASE_RATE)
Rng = np.random.Generator


def followers(sizes: Whole, rng: Rng, share: float = 0.15) -> History:
    """Nights of these sizes: a fifth of all values unknown, and p_spam high for a share of them."""
    night = np.repeat(np.arange(len(sizes)), sizes)
    matrix = rng.normal(size=(len(night), WIDTH)).astype(np.float32)
    matrix[rng.random(matrix.shape) < 0.2] = np.nan
    spam = rng.random(len(night)) < share
    return History(matrix, np.where(spam, rng.beta(8, 2, len(night)), rng.beta(2, 8, len(night))), night)


def joined(first: History, then: History) -> History:
    """Joins nights, one after the other."""
    return History(
        np.vstack([first.matrix, then.matrix]),
        np.concatenate([first.p_spam, then.p_spam]),
        np.concatenate([first.night, then.night + first.nights]),
    )


def moved(history: History) -> set[tuple[str, str]]:
    """Features that raise an alarm."""
    return {(name_of(each.stream), each.stream.aspect.value) for each in compare(history).moves}


@pytest.fixture
def rng() -> Rng:
    """The same chance in every run."""
    return np.random.default_rng(11)


def test_a_rise_of_spam_is_caught_within_five_nights(rng: Rng) -> None:
    """A rise from .15 to .45 at 50 a night, after 60 nights, names the base rate, upwards, and since when."""
    before = followers(np.full(60, 50), rng)
    assert not compare(before).moves
    found = compare(joined(before, followers(np.full(5, 50), rng, share=0.45)))
    rate = next(each for each in found.moves if each.stream.aspect is Aspect.BASE_RATE)
    assert 3 <= rate.nights <= 6
    assert rate.strength > limits()[RATE]
    assert rate.now > rate.before + 0.1


@pytest.mark.parametrize("sizes", [np.full(104, 5), np.full(104, 50), np.tile([1, 400, 5, 50], 26), np.full(104, 500)])
def test_nights_without_drift_are_quiet(rng: Rng, sizes: Whole) -> None:
    """Whatever the nights' sizes, twenty histories without drift give no alarm."""
    assert not any(compare(followers(sizes, rng)).moves for _ in range(20))


@pytest.mark.parametrize("odd", [1, 2])
def test_an_odd_night_or_two_make_no_alarm(rng: Rng, odd: int) -> None:
    """An odd night or two make no alarm, however far off and however large they are."""
    usual = followers(np.full(60, 50), rng)
    night = followers(np.full(odd, 5000), rng, share=1.0)
    night.matrix[:] = 9.0
    assert not compare(joined(usual, night)).moves


def test_order_within_a_night_makes_no_difference(rng: Rng) -> None:
    """Shuffled within each night, the same moves of the same strength."""
    history = joined(followers(np.full(40, 30), rng), followers(np.full(5, 30), rng, share=0.7))
    order = np.lexsort((rng.random(len(history.night)), history.night))
    shuffled = History(history.matrix[order], history.p_spam[order], history.night[order])
    one, other = compare(history), compare(shuffled)
    assert one.moves
    assert [(each.stream, each.nights) for each in one.moves] == [(each.stream, each.nights) for each in other.moves]
    assert [each.strength for each in one.moves] == pytest.approx([each.strength for each in other.moves])


def test_more_followers_alike_in_every_night_are_no_drift(rng: Rng) -> None:
    """Nights that differ by more than chance, half of them themed from the start: the account is like that."""
    history = followers(np.full(104, 50), rng)
    theme = rng.normal(size=(104, WIDTH)).astype(np.float32)
    themed = rng.random(len(history.night)) < 0.5
    history.matrix[themed] = theme[history.night[themed]]
    assert not compare(history).moves


def test_a_constant_feature_divides_by_nothing(rng: Rng) -> None:
    """Constant values and scores: no alarm and no warning; and an alarm once they are others."""
    night = np.repeat(np.arange(40), 20)
    history = History(np.zeros((800, WIDTH), dtype=np.float32), np.full(800, 0.5), night)
    with np.errstate(all="raise"):
        assert not compare(history).moves
        other = History(np.ones((100, WIDTH), dtype=np.float32), np.full(100, 0.5), np.repeat(np.arange(5), 20))
        assert ("bio_links", "level") in moved(joined(history, other))


def test_a_feature_that_x_leaves_out_is_told(rng: Rng) -> None:
    """Likes are unknown from one night on: named as missing, and no level is made up for it."""
    history = followers(np.full(45, 50), rng)
    likes = [feature.name.startswith("likes") for feature in FEATURES]
    late = history.night >= 40
    history.matrix[np.ix_(late, likes)] = np.nan
    found = moved(history)
    assert ("likes_rate", "missing") in found
    assert ("likes_rate", "level") not in found


def test_a_feature_never_known_says_nothing(rng: Rng) -> None:
    """All unknown in every night: nothing to compare, no warning."""
    history = followers(np.full(40, 20), rng)
    history.matrix[:, 0] = np.nan
    with np.errstate(all="raise"):
        assert not compare(history).moves


@pytest.mark.parametrize("nights", [0, 1, 2, ENOUGH - 1])
def test_too_little_history_says_how_much_is_missing(rng: Rng, nights: int) -> None:
    """One night, or none: no alarm, but the number of nights that it still needs."""
    found = compare(followers(np.full(nights, 50), rng, share=0.9))
    assert (found.needs, found.moves, found.reference) == (ENOUGH - nights, (), 0)
    assert compare(followers(np.full(ENOUGH, 50), rng)).needs == 0


def test_one_follower_a_night_is_never_an_alarm_by_chance(rng: Rng) -> None:
    """Nights of one: a single follower isn't a sign, however odd; a whole fortnight of them is."""
    usual = followers(np.ones(90, dtype=np.int64), rng)
    assert not compare(joined(usual, followers(np.ones(2, dtype=np.int64), rng, share=1.0))).moves
    night = followers(np.ones(14, dtype=np.int64), rng)
    night.matrix[:, 0] = 50.0
    night.matrix[:, 1] = np.nan
    assert not any(compare(followers(np.ones(104, dtype=np.int64), rng)).moves for _ in range(10))
    assert ("likes_rate", "missing") in moved(joined(usual, night))


def test_no_night_counts_beyond_its_bound(rng: Rng) -> None:
    """The strength over w nights is at most the bound times the root of w."""
    values = rng.random((3000, 2))
    night = np.repeat(np.arange(60), 50)
    values[night >= 57] = 1e6
    found = scan(night_means(values, night, 60), 46)
    assert (np.abs(found.strength) <= MOST_OF_A_NIGHT * np.sqrt(found.nights) + 1e-9).all()
    assert found.nights.tolist() == [FEWEST_NIGHTS] * 2


def test_many_histories_at_once_are_as_one_by_one(rng: Rng) -> None:
    """A leading axis gives what each history gives by itself: the bench and the program share the function."""
    nights = [night_means(rng.random((900, 3)), np.repeat(np.arange(45), 20), 45) for _ in range(4)]
    together = scan(NightMeans(*(np.stack([getattr(n, f) for n in nights]) for f in NightMeans.__slots__)), 31)
    for number, each in enumerate(nights):
        assert together.strength[number] == pytest.approx(scan(each, 31).strength)


def test_places_are_ranks(rng: Rng) -> None:
    """0 below all, 1 above all, ties in the middle of their places, unknown stays unknown."""
    found = places(np.array([-9.0, 0.0, 9.0, np.nan]), np.zeros(50))
    assert found[:3].tolist() == [0.0, 0.5, 1.0]
    assert np.isnan(found[3])
    assert np.isnan(places(np.ones(3), np.array([np.nan]))).all()
    values = stream_values(rng.normal(size=(50, WIDTH)).astype(np.float32), rng.random(50), np.arange(50) < 25)
    assert values.shape == (50, len(STREAMS))
    assert (values >= 0).all()
    assert (values <= 1).all()


def test_stored_values_become_nights(rng: Rng) -> None:
    """A night ends where the day changes, also to an earlier one; odd values are unknown, torn ones left out."""
    model = load_scorer().model
    row = np.full(WIDTH, np.inf, dtype=np.float32)
    days = ["2026-11-02", "2026-11-02", "2026-11-03", "2026-11-02", "2026-11-04"]
    history, names = history_of(days, [packed(row)] * 4 + [b"torn"], model)
    assert names == ["2026-11-02", "2026-11-03", "2026-11-02"]
    assert history.night.tolist() == [0, 0, 1, 2]
    assert np.isnan(history.matrix).all()
    assert history_of([], [], model)[0].nights == 0


def test_only_the_newest_nights_are_compared(rng: Rng) -> None:
    """Nights further back than the reference reaches aren't looked at."""
    model = load_scorer().model
    days = [f"day {number}" for number in range(MOST_NIGHTS + 20)]
    history, names = history_of(days, [packed(np.ones(WIDTH, dtype=np.float32))] * len(days), model)
    assert (history.nights, names[0]) == (MOST_NIGHTS, "day 20")


def test_every_stream_has_words(rng: Rng) -> None:
    """Each thing that can move is told in one sentence with both figures, whichever way it moves."""
    before = followers(np.full(40, 40), rng)
    for sign in (-1, 1):
        late = followers(np.full(5, 40), rng)
        late.matrix[:] = np.where(np.isnan(late.matrix), np.nan, late.matrix + 3.0 * sign)
        for each in compare(joined(before, late)).moves:
            text = text_of(each)
            assert text.endswith(".")
            assert "Before " in text
            assert "nan" not in text
