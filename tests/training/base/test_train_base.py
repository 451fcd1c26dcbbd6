"""`model train-base`: what it puts on record, and the figures the shipped model must have."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from followguard.classifier.features import schema_hash
from followguard.classifier.scoring import Scorer
from followguard.domain.labels import LabelledProfile
from followguard.domain.manifest import Manifest
from followguard.errors import UsageError
from followguard.training.base.card import card_of, keeping
from followguard.training.base.fitting import Recipe
from followguard.training.base.train_base import TrainBaseOptions, train_base
from followguard.training.models.folders import Registry, read_manifest, shipped_base

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Train = Callable[..., Manifest]


@pytest.fixture
def trained(tmp_path: Path, rows: list[LabelledProfile], small: Recipe) -> Train:
    """Trains into the folder of that name."""

    def run(folder: str = "base", **order: object) -> Manifest:
        wanted = TrainBaseOptions(output=tmp_path / folder, now=NOW, recipe=small, **order)  # type: ignore[arg-type]
        return train_base(rows, Registry(schema_hash()), wanted, lines.append)

    lines: list[str] = []
    run.lines = lines  # type: ignore[attr-defined]
    return run


def test_a_trained_model_loads_and_scores(trained: Train, tmp_path: Path, rows: list[LabelledProfile]) -> None:
    """The folder that train-base leaves holds a model by the name on record."""
    manifest = trained()
    stored = Registry(schema_hash()).load(tmp_path / "base")
    verdict = Scorer.of_parts(stored.parts, stored.manifest.name).verdicts([rows[0].profile])[0]
    assert verdict.model == manifest.name == f"base-{manifest.content_sha256[:12]}"
    assert (manifest.held_out, manifest.created_at) == (None, "2026-11-01T00:00:00+00:00")


def test_training_twice_gives_the_same_file(trained: Train) -> None:
    """Same rows and seed: same content, same file, byte for byte."""
    one, two = trained("one"), trained("two")
    assert (one.content_sha256, one.file_sha256) == (two.content_sha256, two.file_sha256)


def test_every_group_and_set_is_held_out_in_turn(trained: Train) -> None:
    """Figures of each are on record and on the card, and progress is said as it goes."""
    manifest = trained()
    held_out = manifest.metrics["held_out"]
    assert set(held_out) == {"fake_followers", "social_spambots_1", "caverlee-2011"}
    assert all(f"| {name} |" in card_of(manifest) for name in held_out)
    assert sum("held out" in line for line in trained.lines) == 3  # type: ignore[attr-defined]


def test_a_held_out_group_is_not_in_the_model(trained: Train) -> None:
    """The rows on record lack the group and half of Cresci's genuine accounts; the figures are of that group only."""
    manifest = trained(hold_out="fake_followers")
    assert "fake_followers" not in manifest.training_rows
    assert 20 < manifest.training_rows["genuine"] < 60
    assert list(manifest.metrics["held_out"]) == ["fake_followers"]
    assert "--hold-out fake_followers" in card_of(manifest)


def test_a_whole_set_can_be_held_out(trained: Train) -> None:
    """The name of a set leaves out all of its groups."""
    assert set(trained(hold_out="caverlee-2011").training_rows) == {"genuine", "fake_followers", "social_spambots_1"}


def test_an_unknown_group_is_wrong_usage(trained: Train, tmp_path: Path) -> None:
    """The message names what can be held out, and nothing is written."""
    with pytest.raises(UsageError, match="martians") as caught:
        trained(hold_out="martians")
    assert "fake_followers" in caught.value.next_step
    assert not (tmp_path / "base").exists()


def test_the_shipped_figures_reach_what_was_promised() -> None:
    """On record for the shipped model: mean AUC over Cresci's held-out groups at least .96, worst at least .89."""
    metrics = read_manifest(shipped_base()).metrics
    groups = [figures["auc"] for name, figures in metrics["held_out"].items() if "-" not in name]
    assert len(groups) == 8
    assert sum(groups) / 8 == pytest.approx(metrics["summary"]["auc"])
    assert metrics["summary"]["auc"] >= 0.96
    assert min(groups) == metrics["summary"]["worst"]["auc"] >= 0.89


def test_the_shipped_card_is_of_the_shipped_model() -> None:
    """The card in the folder says what the manifest says, but for the part that the accuracy bench fills in."""
    card = (shipped_base() / "CARD.md").read_text(encoding="utf-8")
    made = card_of(read_manifest(shipped_base()))
    assert card == keeping(made, card)
    assert card != made, "python -m benchmarks.accuracy --card models/base/CARD.md"


def test_what_was_measured_stays_with_the_same_model_only(trained: Train, tmp_path: Path) -> None:
    """Trained anew into the same folder: figures measured apart are kept if the model is the same, else dropped."""
    card = tmp_path / "base" / "CARD.md"
    trained()
    plain = card.read_text(encoding="utf-8")
    filled = plain.replace("Not measured yet for this model", "AUC 0.9")
    card.write_text(filled, encoding="utf-8")
    trained()
    assert card.read_text(encoding="utf-8") == filled
    card.write_text(filled.replace("# Base model base-", "# Base model another-"), encoding="utf-8")
    trained()
    assert card.read_text(encoding="utf-8") == plain


def test_one_held_out_figure_comes_out_again(datasets: Path) -> None:
    """Trained afresh without a group, the figure of that group is the one on record."""
    from followguard.training.base import protocol
    from followguard.training.base.public_sets import load_public_sets
    from followguard.training.base.samples import samples_of
    from followguard.training.base.training import train

    manifest = read_manifest(shipped_base())
    samples = samples_of(load_public_sets(datasets))
    case = protocol.held_out(samples, "traditional_spambots_3")
    model = train(samples.where(~case.unseen), manifest.seed)
    found = protocol.measured(model, samples.where(case.measured))
    assert found["auc"] == pytest.approx(manifest.metrics["held_out"]["traditional_spambots_3"]["auc"], abs=1e-6)
