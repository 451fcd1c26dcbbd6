"""`followguard score` on made-up profile files."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.builders.profile_sheets import BAD, GOOD, HEAD


def test_score_answers_every_row_in_order(cli, profiles: Path) -> None:
    """JSONL on stdout: a score, band and reasons for a good row, an error for a bad one; exit 3. No configuration."""
    done = cli("score", str(profiles))
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 3
    assert [row.get("id") for row in rows] == ["11", "not-an-id", "12"]
    assert rows[0].keys() == {"id", "p_spam", "band", "look", "reasons", "base_logit", "model"}
    assert rows[1].keys() == {"id", "error"}
    assert "2 rows scored; 1 bad" in done.err


def test_score_as_one_document(cli, profiles: Path) -> None:
    """The rows with --json are one list."""
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
