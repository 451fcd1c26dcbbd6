"""`followguard model evaluate` and `train-base`, on made-up profiles."""

import json
from dataclasses import replace
from pathlib import Path

from followguard.domain.labels import LabelledProfile
from followguard.testing import made_up_profile


def test_evaluate_counts_and_measures(cli, profiles: Path) -> None:
    """Rows without a usable label are skipped and counted."""
    found = cli("model", "evaluate", "--labels", str(profiles), "--json").json
    assert (found["rows"], found["skipped"], found["prevalence"]) == (2, 1, 0.5)
    assert {"auc", "average_precision", "brier", "ece", "bands", "by_group", "model"} <= found.keys()
    assert set(found["recall_at_fpr"]) == {"0.001", "0.01", "0.05"}
    assert set(found["by_group"]) == {"a", "b"}


def test_evaluate_speaks_to_people(cli, profiles: Path) -> None:
    """Figures without --json are a short page."""
    done = cli("model", "evaluate", "--labels", str(profiles))
    assert done.code == 0
    assert "recall at FPR 0.01" in done.out


def test_evaluate_refuses_a_foreign_model(cli, profiles: Path, tmp_path: Path) -> None:
    """A folder without a model that is on record isn't loaded."""
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.joblib").write_bytes(b"anything")
    assert cli("model", "evaluate", "--labels", str(profiles), "--model", "model").code == 1


def test_evaluate_needs_labels(cli, tmp_path: Path) -> None:
    """A file without one label is no measure."""
    (tmp_path / "p.csv").write_text("id\n1\n", encoding="utf-8")
    assert cli("model", "evaluate", "--labels", "p.csv").code == 2


def test_training_needs_the_sets(cli, tmp_path: Path) -> None:
    """A folder without the public sets is refused, and nothing is written."""
    assert cli("model", "train-base", "--datasets", str(tmp_path), "--output", "out").code == 2
    assert not (tmp_path / "out").exists()


def test_a_model_with_a_group_held_out_is_not_shipped(cli, tmp_path: Path) -> None:
    """--hold-out wants a folder of its own."""
    done = cli("model", "train-base", "--datasets", str(tmp_path), "--hold-out", "spambots_1")
    assert done.code == 2
    assert "--output" in done.err


def made_up_sets(*_: object) -> list[LabelledProfile]:
    """A few groups of made-up accounts, as the loader of the public sets would give them."""
    groups = (
        ("cresci-2017", "genuine", False, 240),
        ("cresci-2017", "social_spambots_1", True, 120),
        ("cresci-2017", "fake_followers", True, 120),
        ("caverlee-2011", "caverlee_legitimate", False, 120),
        ("caverlee-2011", "caverlee_polluters", True, 120),
    )
    return [
        LabelledProfile(
            profile=replace(made_up_profile(str(1_000 * place + number)), following_count=4_000 * spam + number),
            spam=spam,
            group=group,
            source=source,
        )
        for place, (source, group, spam, size) in enumerate(groups, start=1)
        for number in range(size)
    ]


def test_a_model_with_a_group_held_out_is_measured_on_it(cli, monkeypatch, profiles: Path) -> None:
    """Model, manifest and card (a page too) are written, figures shown; the model can be used by its folder's name."""
    monkeypatch.setattr("followguard.training.base.public_sets.load_public_sets", made_up_sets)
    done = cli("model", "train-base", "--datasets", ".", "--hold-out", "fake_followers", "--output", "out")
    assert done.code == 0, done.err
    assert "AUC mean" in done.out
    written = sorted(path.name for path in Path("out").iterdir())
    assert written == ["CARD.html", "CARD.md", "manifest.json", "model.joblib"]
    manifest = json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["held_out"] == "fake_followers"
    assert "genuine" in manifest["training_rows"]
    assert "fake_followers" not in manifest["training_rows"]
    found = cli("model", "evaluate", "--labels", str(profiles), "--model", "out", "--json").json
    assert found["model"] == manifest["name"]


def test_a_model_that_was_changed_is_not_loaded(cli, monkeypatch, profiles: Path) -> None:
    """One byte more, and it is refused before anything of it is unpickled."""
    monkeypatch.setattr("followguard.training.base.public_sets.load_public_sets", made_up_sets)
    cli("model", "train-base", "--datasets", ".", "--hold-out", "fake_followers", "--output", "out")
    with Path("out/model.joblib").open("ab") as file:
        file.write(b"x")
    done = cli("model", "evaluate", "--labels", str(profiles), "--model", "out")
    assert done.code == 1
    assert "sha256" in done.err
