"""`followguard demo`: the main job as a newcomer sees it first."""

import json
import os
import shlex
from pathlib import Path

import pytest


def test_two_nights_and_a_morning(cli, tmp_path: Path) -> None:
    """Nights, decisions, list, hand-off, receipt, report and what to try next, all there; exit 0.

    In a folder of any name: what to try next can be pasted into a shell.
    """
    folder = tmp_path / "le ft %2F'#?"
    done = cli("demo", "--followers", "60", "--keep", str(folder))
    assert done.code == 0, done.err
    for part in ("Night 1 of 2", "Night 2 of 2", "The morning", "review list", "The hand-off list", "The receipt"):
        assert part in done.out
    assert "https://x.com/intent/follow?user_id=" in done.out
    assert "profiles read" in done.err
    report = next((folder / "reports").glob("*.html"))
    assert str(report) in done.out
    again = next(line for line in done.out.splitlines() if " status --config " in line)
    assert shlex.split(again, comments=True)[-1] == str(folder / "followguard.toml")


def test_what_it_leaves_can_be_worked_with(cli, tmp_path: Path) -> None:
    """The folder holds an installation whose commands run without the sandbox."""
    config = str(tmp_path / "left" / "followguard.toml")
    assert cli("demo", "--followers", "60", "--keep", str(tmp_path / "left"), "--json").code == 0
    assert len(cli("review", "list", "--config", config, "--json").json) > 20
    assert cli("db", "check", "--config", config).code == 0


def test_the_document_has_all_of_it(cli) -> None:
    """With --json: nights as `nightly` prints them, decisions, the list, the hand-off; nothing else on stdout."""
    document = cli("demo", "--followers", "60", "--json").json
    assert [night["accounts"][0]["status"] for night in document["nights"]] == ["done", "done"]
    assert {row["decision"] for row in document["decisions"]} == {"approve", "reject"}
    assert len(document["follow_back"]["accounts"][0]["handed_off"]) == 3
    approved = {row["follower_id"] for row in document["decisions"] if row["decision"] == "approve"}
    assert {row["follower_id"] for row in document["follow_back"]["accounts"][0]["handed_off"]} == approved
    assert Path(document["report"]).is_file()


def test_the_look_alikes_of_the_attack_are_one_batch(cli) -> None:
    """The bought followers of the second night are found, and the list says to which batch they belong."""
    document = cli("demo", "--followers", "60", "--json").json
    assert document["nights"][1]["accounts"][0]["batches"] >= 1
    assert sum(row["batch"] is not None for row in document["review"]) >= 30


def test_the_accounts_of_a_file_arrive_in_equal_nights(cli, tmp_path: Path) -> None:
    """Every one of them is recorded, none twice, whatever the budget's default."""
    rows = [
        {"id": str(1000 + number), "username": f"guest_{number}", "created_at": "2019-05-01T00:00:00Z",
         "observed_at": "2024-05-01T00:00:00Z", "followers_count": number, "following_count": 40 + number % 7}
        for number in range(450)
    ]  # fmt: skip
    path = tmp_path / "guests.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    left = tmp_path / "left"
    document = cli("demo", "--profiles", str(path), "--nights", "3", "--keep", str(left), "--json").json
    assert [night["accounts"][0]["new"] for night in document["nights"]] == [150, 150, 150]
    shown = cli("review", "list", "--all", "--limit", "0", "--config", str(left / "followguard.toml"), "--json").json
    assert sorted(row["follower_id"] for row in shown) == sorted(row["id"] for row in rows)


def test_a_real_installation_is_out_of_its_reach(cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever FOLLOWGUARD_... names, the demo works in its own folder and leaves the environment as it was."""
    monkeypatch.setenv("FOLLOWGUARD_DATABASE_URL", f"sqlite:///{tmp_path / 'real.db'}")
    monkeypatch.setenv("FOLLOWGUARD_ACME_ACCESS_TOKEN", "real")
    assert cli("demo", "--followers", "20", "--json").code == 0
    assert not (tmp_path / "real.db").exists()
    assert os.environ["FOLLOWGUARD_ACME_ACCESS_TOKEN"] == "real"
    assert "FOLLOWGUARD_NOW" not in os.environ


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("--keep", "."), "isn't empty"),
        (("--nights", "0"), "--nights"),
        (("--profiles", "nowhere.jsonl"), "nowhere.jsonl"),
    ],
)
def test_what_cannot_be_is_refused(cli, tmp_path: Path, args: tuple[str, ...], words: str) -> None:
    """One line, exit 2, and nothing left behind."""
    (tmp_path / "something").write_text("x", encoding="utf-8")
    done = cli("demo", *args)
    assert done.code == 2
    assert words in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["something"]
