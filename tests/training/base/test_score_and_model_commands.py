"""score and model, on made-up profile files."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest

from followguard.domain.labelled import LabelledProfile
from followguard.testing import made_up_profile

HEAD = "id,username,name,description,created_at,observed_at,followers_count,following_count,tweet_count,label,group\n"
GOOD = "{id},ann_{id},Ann,Gardens and maps,2015-03-01T00:00:00Z,2026-01-05T00:00:00Z,120,180,900,genuine,a\n"
SPAM = "{id},win{id}99x,WIN NOW,free money click,2026-01-04T00:00:00Z,2026-01-05T00:00:00Z,0,4900,1,spam,b\n"
BAD = "not-an-id,x,x,x,x,x,x,x,x,,\n"


@pytest.fixture
def profiles(tmp_path: Path) -> Path:
    """Two good rows with a row of nonsense between them."""
    path = tmp_path / "profiles.csv"
    path.write_text(HEAD + GOOD.format(id=11) + BAD + SPAM.format(id=12), encoding="utf-8")
    return path


def test_score_answers_every_row_in_order(cli, profiles: Path) -> None:
    """JSONL on stdout: a score, band and reasons for a good row, an error for a bad one; exit 3. No configuration."""
    done = cli("score", str(profiles))
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 3
    assert [row.get("id") for row in rows] == ["11", "not-an-id", "12"]
    assert rows[0].keys() == {"id", "p_spam", "band", "reasons", "base_logit", "model"}
    assert rows[1].keys() == {"id", "error"}
    assert "2 rows scored; 1 bad" in done.err


def test_score_as_one_document(cli, profiles: Path) -> None:
    """With --json the rows are one list."""
    assert len(cli("score", str(profiles), "--json").json) == 3


def test_score_writes_a_file_by_its_ending(cli, profiles: Path, tmp_path: Path) -> None:
    """Nothing but the summary goes to the terminal."""
    done = cli("score", str(profiles), "--output", "scored.csv", "--json")
    reasons = {"the id isn't made of digits": 1}
    assert done.json == {"output": "scored.csv", "rows": 3, "failed": 1, "failed_reasons": reasons}
    rows = list(csv.DictReader(io.StringIO((tmp_path / "scored.csv").read_text(encoding="utf-8"))))
    assert [row["id"] for row in rows] == ["11", "not-an-id", "12"]
    assert 0 < float(rows[0]["p_spam"]) < 1


def test_score_takes_the_accounts_policy(installed, profiles: Path, tmp_path: Path) -> None:
    """--account means its cutoffs; an unknown one is exit 2."""
    with (tmp_path / "followguard.toml").open("a", encoding="utf-8") as file:
        file.write("[accounts.acme.policy]\nunsure_above = 0.0\nmax_wrong_hold = 1.0\n")
    bands = {row.get("band") for row in installed("score", str(profiles), "--account", "acme", "--json").json}
    assert bands == {"spam", None}
    assert installed("score", str(profiles), "--account", "nobody").code == 2


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("all_bad.csv", HEAD + BAD + BAD, 1),
        ("empty.csv", "", 2),
        ("head_only.csv", HEAD, 2),
        ("no_id.csv", "colour\nred\n", 2),
        ("latin.csv", (HEAD + GOOD.format(id=1)).replace("Ann", "Andr\xe9").encode("latin-1"), 2),
        ("what.txt", "x", 2),
    ],
)
def test_score_refuses_files_that_are_none(cli, tmp_path: Path, name: str, content: str | bytes, code: int) -> None:
    """One line with the next step, and the exit code of the failure."""
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    done = cli("score", name)
    assert done.code == code
    assert done.err.startswith("followguard: ") or code == 1
    assert done.err.count("\n") == 1


def test_score_without_its_file(cli) -> None:
    """A file that isn't there is named."""
    done = cli("score", "nowhere.csv")
    assert done.code == 2
    assert "nowhere.csv" in done.err


def test_evaluate_counts_and_measures(cli, profiles: Path) -> None:
    """Rows without a usable label are skipped and counted."""
    found = cli("model", "evaluate", "--labels", str(profiles), "--json").json
    assert (found["rows"], found["skipped"], found["prevalence"]) == (2, 1, 0.5)
    assert {"auc", "average_precision", "brier", "ece", "bands", "by_group", "model"} <= found.keys()
    assert set(found["recall_at_fpr"]) == {"0.001", "0.01", "0.05"}
    assert set(found["by_group"]) == {"a", "b"}


def test_evaluate_speaks_to_people(cli, profiles: Path) -> None:
    """Without --json it is a short page."""
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
    monkeypatch.setattr("followguard.bootstrap.load_public_sets", made_up_sets)
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
    monkeypatch.setattr("followguard.bootstrap.load_public_sets", made_up_sets)
    cli("model", "train-base", "--datasets", ".", "--hold-out", "fake_followers", "--output", "out")
    with Path("out/model.joblib").open("ab") as file:
        file.write(b"x")
    done = cli("model", "evaluate", "--labels", str(profiles), "--model", "out")
    assert done.code == 1
    assert "sha256" in done.err


def test_a_model_that_isn_t_there_is_a_usage_error(cli, tmp_path: Path) -> None:
    """No folder of that name: exit 2, and no advice to install anything."""
    labels = tmp_path / "labels.csv"
    labels.write_text("id,label\n1,spam\n2,genuine\n", encoding="utf-8")
    done = cli("model", "evaluate", "--labels", str(labels), "--model", "nowhere")
    assert done.code == 2
    assert "There is no folder nowhere." in done.err


def test_scores_never_overwrite_what_they_were_made_from(cli, tmp_path: Path) -> None:
    """The same file in and out is refused, and stays as it was."""
    file = tmp_path / "profiles.csv"
    file.write_text("id,username\n1,a\n", encoding="utf-8")
    assert cli("score", str(file), "--output", str(file)).code == 2
    assert file.read_text(encoding="utf-8") == "id,username\n1,a\n"


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "nowhere/scores.csv"])
def test_scores_that_cannot_be_written_are_one_clear_line(cli, profiles: Path, name: str) -> None:
    """A name too long for the file system and a missing folder: exit 2, nothing unexpected."""
    done = cli("score", str(profiles), "--output", name)
    assert (done.code, done.out) == (2, "")
    assert "can't be written" in done.err
