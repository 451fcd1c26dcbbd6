"""The accuracy bench asks only about rows that training didn't see, counts right, and writes what it measured."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.accuracy import __main__ as accuracy
from benchmarks.accuracy import runs as accuracy_runs
from benchmarks.accuracy.figures import Measured, Population, mean, population, stream, worst
from benchmarks.accuracy.material import COUNTS, INT, SETS, Material, bought_followers, cases
from benchmarks.accuracy.page import Found, card_part, page_part, write_card
from benchmarks.accuracy.plots import plot
from benchmarks.accuracy.runs import FOLDS, OF_ITS_OWN, Trained, chosen_recipe, ten_folds
from benchmarks.accuracy.tables import Target, estimates, with_interval
from benchmarks.pages import replaced, table
from followguard.classifier.features import FEATURES
from followguard.training.base.fitting import Recipe
from followguard.training.base.samples import Samples
from tests.builders.places import DOCS

GROUPS = (
    ("genuine", "cresci-2017", False),
    ("e13", "cresci-2015", False),
    ("fake_followers", "cresci-2017", True),
    ("social_spambots_1", "cresci-2017", True),
    ("caverlee_legitimate", "caverlee-2011", False),
    ("caverlee_polluters", "caverlee-2011", True),
    ("human_bots_2020", "human-bots-2020", False),
    ("human_bots_2020", "human-bots-2020", True),
)
EACH = 40


@pytest.fixture(scope="module")
def known() -> Material:
    """Made-up rows of every set; spam lies higher. Every second bought follower is of the vendor INT."""
    rng = np.random.default_rng(1)
    rows = [row for row in GROUPS for _ in range(EACH)]
    spam = np.array([row[2] for row in rows])
    samples = Samples(
        matrix=(rng.normal(size=(len(rows), len(FEATURES))) + spam[:, None]).astype(np.float32),
        spam=spam,
        group=np.array([row[0] for row in rows]),
        source=np.array([row[1] for row in rows]),
        id=np.array([str(number) for number in range(len(rows))]),
    )
    vendor = (samples.group == "fake_followers") & (np.arange(len(rows)) % 2 == 0)
    return Material(samples, rng.poisson(5, size=(len(rows), len(COUNTS))) + 3.0 * spam[:, None], vendor)


def quick(patch: pytest.MonkeyPatch) -> None:
    """Nothing is trained: the score is read off the first feature."""
    patch.setattr(accuracy_runs, "train", lambda samples, seed, recipe=None: None)
    patch.setattr(accuracy_runs, "uncalibrated", lambda samples, seed, recipe: None)
    patch.setattr(accuracy_runs, "probabilities", lambda model, matrix: 1 / (1 + np.exp(-matrix[:, 0].astype(float))))
    patch.setattr(accuracy_runs, "FOREST_TREES", 3)


@pytest.fixture(scope="module")
def found(known: Material) -> Found:
    """The whole bench on the made-up rows, with one draw and five resamples."""
    with pytest.MonkeyPatch.context() as patch:
        quick(patch)
        draws = accuracy.drawn(known, 1)
        populations, hays = accuracy.held_out(known, 5)
    return Found(draws, populations, hays, date(2026, 1, 2), "the command", "seed 1")


def test_nobody_is_asked_about_whom_training_saw(known: Material) -> None:
    """In every case the measured rows are held out, and both answers are among them."""
    for case in cases(known):
        assert not (case.measured & ~case.unseen).any(), case.name
        assert len(np.unique(known.samples.spam[case.measured])) == 2, case.name


def test_the_protocols_hold_out_what_they_say(known: Material) -> None:
    """Each group, the vendor with one source of real people at a time, and each set, bought followers in 2015 only."""
    by = {(case.letter, case.name): case for case in cases(known)}
    samples = known.samples
    assert [name for letter, name in by if letter == "b"] == ["fake_followers", "social_spambots_1"]
    assert [name for letter, name in by if letter == "d"] == list(SETS)
    vendor = by["c", "INT and e13"]
    assert vendor.unseen[known.of_int].all()
    assert not vendor.unseen[samples.group == "genuine"].any()
    assert not vendor.unseen[(samples.group == "fake_followers") & ~known.of_int].any()
    assert set(samples.group[by["d", "cresci-2015"].unseen]) == {"e13", "fake_followers"}
    assert set(samples.group[by["d", "cresci-2017"].unseen]) == {"genuine", "social_spambots_1"}


def test_a_training_set_is_trained_on_once(known: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same case twice costs one training; another case another one."""
    trained = []
    monkeypatch.setattr(accuracy_runs, "train", lambda samples, seed: trained.append(len(samples)))
    monkeypatch.setattr(accuracy_runs, "probabilities", lambda model, matrix: np.zeros(len(matrix)))
    models = Trained()
    first, second, *_ = cases(known)
    for case in (first, first, second):
        models.scored(known, case)
    assert len(trained) == 2


def test_it_measures_the_model_in_the_tree(known: Material) -> None:
    """The model in the tree trains on such rows and ranks those that it didn't see."""
    first, *_ = cases(known)
    scores = Trained().scored(known, first)
    spam = known.samples.spam[first.measured]
    assert ((scores > 0) & (scores < 1)).all()
    assert population("b", "made up", spam, scores, seed=1, resamples=2).figures["auc"].value > 0.7


def test_folds_are_balanced_and_seeded(known: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every draw takes as many fakes as genuine accounts, each row is asked about once, and a draw repeats itself."""
    asked: list[int] = []

    def trained(samples: Samples, seed: int, recipe: Recipe) -> None:
        assert recipe in OF_ITS_OWN
        asked.append(len(samples))
        assert abs(samples.spam.mean() - 0.5) < 0.05

    quick(monkeypatch)
    monkeypatch.setattr(accuracy_runs, "train", trained)
    rows = bought_followers(known)
    assert {INT, "fake_followers", "e13"} == set(rows.group)
    assert ten_folds(rows, 3) == ten_folds(rows, 3)
    assert sum(2 * EACH - size for size in asked[:FOLDS]) == 2 * EACH
    assert len({tuple(ten_folds(rows, seed).values()) for seed in range(4, 10)}) > 1


def test_the_recipe_is_chosen_by_ranking(known: Material, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that ranks best over inner folds, asked about rows that it wasn't fitted to; a tie keeps the first."""
    rows = bought_followers(known)

    def fitted(samples: Samples, seed: int, recipe: Recipe) -> float:
        assert len(samples) < len(rows)
        return 1.0 if recipe is OF_ITS_OWN[1] else -1.0

    monkeypatch.setattr(accuracy_runs, "uncalibrated", fitted)
    monkeypatch.setattr(accuracy_runs, "probabilities", lambda sign, matrix: sign * matrix[:, 0])
    assert chosen_recipe(rows, 1) is OF_ITS_OWN[1]
    monkeypatch.setattr(accuracy_runs, "probabilities", lambda sign, matrix: matrix[:, 0])
    assert chosen_recipe(rows, 1) is OF_ITS_OWN[0]


def test_the_share_estimated_is_what_the_bands_go_by() -> None:
    """Clear spam at even odds is taken for more than a fifth, and Brier and bands follow; a fifth of it isn't."""
    rng = np.random.default_rng(3)
    spam = np.arange(2000) < 1000
    scores = 1 / (1 + np.exp(1.386 - rng.normal(np.where(spam, 3.0, -3.0), 2.4)))
    one = population("b", "told", spam, scores, seed=1, resamples=2)
    assert one.rates["20%"] == 0.2 < one.rates["50%"] == one.rates["own"] <= 0.4
    assert one.figures["brier_50%_estimated"].value < one.figures["brier_50%"].value
    assert one.figures["brier_20%_estimated"].value == one.figures["brier_20%"].value
    assert one.figures["spam_held_40%"].value > one.figures["spam_held"].value
    assert " -> " in estimates([one])


def test_a_stream_by_hand() -> None:
    """1,000 followers with 40 % spam: half of it held back, a tenth called genuine, of real people 1 % and 10 %."""
    rates = {"spam_held": 0.5, "genuine_held": 0.01, "spam_unsure": 0.9, "genuine_unsure": 0.11}
    bands = stream(rates, 0.4)
    assert bands.cards == pytest.approx(794)
    assert bands.spam_listed == pytest.approx(200)
    assert bands.spam_taken_for_genuine == pytest.approx(40)
    assert bands.real_held == pytest.approx(6)
    assert bands.unsure == pytest.approx(160 + 60)
    assert bands.dollars == pytest.approx(10 * 6 + 40 + 0.2 * 220)


@pytest.mark.parametrize(
    ("value", "high_is_good", "verdict"),
    [
        (0.99, True, "won: reached"),
        (0.97, True, "won: past the floor"),
        (0.9699, True, "LOST: short of the floor"),
        (0.98, False, "LOST: short of the floor"),
    ],
)
def test_verdicts(value: float, high_is_good: bool, verdict: str) -> None:
    """A figure on the mark counts as reached; one that rounds up to it doesn't."""
    found = Measured(value, np.full(20, value))
    assert Target("what", found, 0.97, 0.99 if high_is_good else 0.95, high_is_good).verdict == verdict


def test_means_and_worst() -> None:
    """A mean weighs populations alike and is resampled as a whole; the worst has a name."""
    spam = np.arange(100) < 30
    good = population("b", "good", spam, np.where(spam, 0.9, 0.1), seed=1, resamples=20)
    bad = population("b", "bad", spam, np.linspace(0, 1, 100), seed=1, resamples=20)
    both: list[Population] = [good, bad]
    assert mean(both, "auc").value == pytest.approx((1.0 + 0.0) / 2)
    assert mean(both, "auc").resampled.shape == (20,)
    assert worst(both, "auc", high_is_good=True) is bad
    assert worst(both, "brier_20%", high_is_good=False) is bad
    assert with_interval(Measured(0.5, np.full(20, 0.5))) == "0.500 (0.500-0.500)"


def test_the_page_holds_every_protocol(found: Found) -> None:
    """Date, command, each population with its figures, Hays' forest, calibration and bands stand in the part."""
    part = page_part(found)
    assert part.startswith("Measured on 2026-01-02 by `the command`")
    for words in ("### (a)", "### (b)", "### (c)", "### (d)", "### (e)", "Hays, with likes", "### Of 1,000 followers"):
        assert words in part
    for name in ("social_spambots_1", "INT and genuine", *SETS):
        assert f"| {name} " in part
    assert f"{found.of('d')[0].figures['auc'].value:.3f} (" in part
    assert "Asked for" not in card_part(found)
    assert "### Calibration" in card_part(found)


def test_a_card_is_filled_where_it_has_a_place(found: Found, tmp_path: Path) -> None:
    """Only the part `accuracy` of a model card changes."""
    card = tmp_path / "CARD.md"
    card.write_text("# Card\n<!-- accuracy -->\n<!-- end of accuracy -->\nthe end\n")
    write_card(found, card)
    assert card.read_text() == f"# Card\n<!-- accuracy -->\n{card_part(found)}\n<!-- end of accuracy -->\nthe end\n"


def test_plots_are_small_and_the_same(found: Found, tmp_path: Path) -> None:
    """A PNG of some kilobytes, the same bytes each time."""
    for name in ("one", "two"):
        plot(found.of("b"), tmp_path / "plots" / f"{name}.png")
    one, two = ((tmp_path / "plots" / f"{name}.png").read_bytes() for name in ("one", "two"))
    assert one.startswith(b"\x89PNG")
    assert one == two
    assert len(one) < 60_000


def test_parts_of_a_page() -> None:
    """Only what stands between the marks changes; a page without them, or with two, is refused."""
    page = "before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n"
    fresh = replaced(page, "figures", "new\n")
    assert fresh == "before\n<!-- figures -->\nnew\n<!-- end of figures -->\nafter\n"
    assert replaced(fresh, "figures", "new") == fresh
    for wrong in ("no marks", page + page):
        with pytest.raises(ValueError, match="once each"):
            replaced(wrong, "figures", "new")


def test_the_documented_page_has_its_marks() -> None:
    """`docs/accuracy.md` has a place for both benches."""
    page = (DOCS / "accuracy.md").read_text(encoding="utf-8")
    for name in ("figures", "speed"):
        assert replaced(page, name, "x")


def test_tables_line_up() -> None:
    """Every line is as wide as the others, so that it reads on a terminal."""
    lines = table([{"a": "longer cell", "long head": "1"}, {"a": "", "long head": ""}]).splitlines()
    assert len({len(line) for line in lines}) == 1


def test_without_the_sets_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No public sets: a word how to give them, and no failure."""
    assert accuracy.main(["--datasets", str(tmp_path / "nowhere")]) == 0
    assert "--datasets DIR" in capsys.readouterr().out


def test_other_files_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that doesn't hold the published files: one line that names the first, and exit code 2."""
    assert accuracy.main(["--datasets", str(tmp_path)]) == 2
    assert "cresci-2017/genuine_users.csv" in capsys.readouterr().err
