"""Files of followguard are their owner's under any umask; a group that shares a folder on purpose keeps it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from followguard.sandbox import QUIET, AccountPlan, SandboxPlan, serve
from followguard.sandbox.plan import START
from tests.builders.sandboxes import point_at

PLAN = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=12, mean_new=0, churn=QUIET),), start=START)
INIT = ("init", "--account", "acme", "--training-basis", "none")


@pytest.fixture(params=[0o022, 0o000, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Umasks as systems set them, as nobody should, and as careful people do."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture
def night(cli: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Runs everything that writes: init, a night, a backup and its return, a sheet, a report, scores."""

    def run(folder: Path) -> None:
        config = ("--config", str(folder / "followguard.toml"))
        profiles = folder / "profiles.jsonl"
        profiles.write_text('{"id": "5", "username": "ann"}\n', encoding="utf-8")
        profiles.chmod(0o600)
        for command in (
            (*INIT, *config),
            ("nightly", *config),
            ("db", "backup", *config),
            ("db", "restore", "--yes", *config),
            ("review", "export", str(folder / "list.csv"), *config),
            ("report", "--output", str(folder / "new" / "report.html"), *config),
            *(("score", str(profiles), "--output", str(folder / f"out.{end}")) for end in ("csv", "jsonl", "parquet")),
        ):
            done = cli(*command)
            assert done.code == 0, (command, done.err)

    with serve(PLAN) as sandbox:
        point_at(sandbox, monkeypatch, START)
        yield run


def modes(folder: Path) -> dict[str, str]:
    """Gives the kind and mode of every path below the folder."""
    found = {path: path.lstat() for path in folder.rglob("*")}
    assert found
    return {
        str(path.relative_to(folder)): f"{'d' if stat.S_ISDIR(one.st_mode) else 'f'}{stat.S_IMODE(one.st_mode):o}"
        for path, one in found.items()
    }


def test_only_its_owner_may_read_what_is_written(night: Any, tmp_path: Path, umask: int) -> None:
    """Configuration, database, locks, backups, what a restore puts aside, reports, sheets, scores."""
    folder = tmp_path / "here"
    folder.mkdir(mode=0o755)
    night(folder)
    found = modes(folder)
    assert set(found.values()) == {"f600", "d700"}, found
    names = " ".join(found)
    for part in (
        "followguard.db",
        "lock-acme",
        "backups/",
        "before-restore",
        "reports/",
        "new/report.html",
        "list.csv",
    ):
        assert part in names


@pytest.mark.parametrize(("mode", "below"), [(0o770, "d770"), (0o2770, "d2770"), (0o2775, "d2770")], ids=str)
def test_a_group_that_shares_a_folder_keeps_it(night: Any, tmp_path: Path, umask: int, mode: int, below: str) -> None:
    """A folder shared by its set-group-id bit, or open to the group alone, has 0660 and 0770 below it."""
    folder = tmp_path / "here"
    folder.mkdir()
    folder.chmod(mode)
    night(folder)
    found = modes(folder)
    assert set(found.values()) == {"f660", below, "f600"}, found
    assert [name for name, mode in found.items() if mode == "f600"] == ["profiles.jsonl"]


def test_a_group_writable_folder_of_a_lax_umask_is_not_shared(night: Any, tmp_path: Path) -> None:
    """0775 is what umask 002 gives to every folder: nobody meant it."""
    folder = tmp_path / "here"
    folder.mkdir()
    folder.chmod(0o775)
    night(folder)
    assert set(modes(folder).values()) == {"f600", "d700"}


def test_the_file_beside_the_database_is_closed_too(installed: Any, tmp_path: Path) -> None:
    """The write-ahead log holds what was written last."""
    import sqlite3

    with sqlite3.connect(tmp_path / "followguard.db") as reader:
        reader.execute("SELECT count(*) FROM people").fetchone()
        assert installed("person", "add", "Bob", "--role", "viewer", "--by", "Ann").code == 0
        beside = [path for path in tmp_path.iterdir() if path.name.startswith("followguard.db-")]
        assert len(beside) == 2
        assert {stat.S_IMODE(path.stat().st_mode) for path in beside} == {0o600}


@pytest.fixture
def loose(installed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """An installation as earlier versions left it: everything readable for all."""
    monkeypatch.setenv("FOLLOWGUARD_CREDENTIALS_DIR", "secrets")
    names = ["backups/followguard-20260101T000000Z.db", "reports/followguard-2026-01-01.html"]
    names += ["models/house/house-1/model.joblib", "training_data/house/house-1.parquet"]
    paths = [tmp_path / name for name in [*names, "secrets/FOLLOWGUARD_ACME_CONSUMER_KEY"]]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("8RkwDIlA3cJ", encoding="utf-8")
    paths += [tmp_path / "followguard.db", tmp_path / "backups", tmp_path / "reports", tmp_path / "models" / "house"]
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return paths


def files_found(done: Any) -> dict[str, Any]:
    """The finding about files."""
    return next(row for row in done.json["findings"] if row["check"] == "files")


def test_doctor_lists_what_others_may_read_and_mends_it(installed: Any, tmp_path: Path, loose: list[Path]) -> None:
    """Listing changes nothing; `--fix` closes what is ours, and nothing else."""
    other = tmp_path / "notes.txt"
    other.write_text("mine", encoding="utf-8")
    other.chmod(0o644)
    found = files_found(installed("doctor", "--json"))
    assert found["state"] == "warn"
    assert found["next_step"].startswith("To close them: followguard doctor --fix")
    assert str(tmp_path / "followguard.db") in found["text"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in loose} == {0o644, 0o755}
    mended = installed("doctor", "--fix", "--json")
    assert files_found(mended)["state"] == "ok"
    assert {stat.S_IMODE(path.stat().st_mode) for path in loose} == {0o600, 0o700}
    assert stat.S_IMODE(other.stat().st_mode) == 0o644
    assert stat.S_IMODE((tmp_path / "followguard.toml").stat().st_mode) == 0o644
    assert files_found(installed("doctor", "--json"))["state"] == "ok"


def test_doctor_follows_no_link(installed: Any, tmp_path: Path) -> None:
    """A link's target isn't ours to close, whether file or folder."""
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (outside / "file").write_text("theirs", encoding="utf-8")
    (outside / "file").chmod(0o644)
    installed("db", "backup")
    (tmp_path / "backups" / "file").symlink_to(outside / "file")
    (tmp_path / "backups" / "folder").symlink_to(outside)
    (tmp_path / "reports").symlink_to(outside)
    assert files_found(installed("doctor", "--fix", "--json"))["state"] == "ok"
    assert stat.S_IMODE((outside / "file").stat().st_mode) == 0o644
    assert stat.S_IMODE(outside.stat().st_mode) == 0o755


def test_doctor_leaves_a_shared_folder_to_its_group(installed: Any, tmp_path: Path) -> None:
    """0660 in 0770 is right there; what others than the group may do is taken away."""
    tmp_path.chmod(0o2770)
    database = tmp_path / "followguard.db"
    database.chmod(0o664)
    assert str(database) in files_found(installed("doctor", "--json"))["text"]
    assert files_found(installed("doctor", "--fix", "--json"))["state"] == "ok"
    assert stat.S_IMODE(database.stat().st_mode) == 0o660


def test_the_demo_keeps_its_folder_to_itself(cli: Any, tmp_path: Path) -> None:
    """The demo closes its folder, and those on the way to it."""
    before = os.umask(0o022)
    try:
        kept = tmp_path / "on" / "the way"
        assert cli("demo", "--followers", "20", "--nights", "1", "--keep", str(kept), "--json").code == 0
    finally:
        os.umask(before)
    assert set(modes(tmp_path / "on").values()) == {"f600", "d700"}
    assert stat.S_IMODE((tmp_path / "on").stat().st_mode) == 0o700
