"""`followguard notify test`: each target is tried once, and the exit code says how many took it."""

from pathlib import Path

import pytest

from tests.builders.listening import Listener

SECRET = "s3cr3t-t0ken"
ACME = '[accounts.acme]\ntraining_basis = "own-decisions"\n'


def configure(folder: Path, targets: str, rest: str = "") -> None:
    """Writes targets into the configuration."""
    text = f"[notify]\ntargets = [{targets}]\n{ACME}{rest}"
    (folder / "followguard.toml").write_text(text, encoding="utf-8")


def test_every_target_is_tried(installed, tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the night and of departments, by address or by variable; one address gets one message."""
    monkeypatch.setenv("PRESS_CHAT", listener.target("press"))
    route = '[[accounts.acme.routes]]\nname = "press"\nbio = ["journalist"]\nnotify = ["PRESS_CHAT"]\n'
    configure(tmp_path, f'"{listener.target("team")}", "{listener.target("team")}"', route)
    done = installed("notify", "test")
    assert (done.code, done.err) == (0, "")
    assert "ok      json in PRESS_CHAT (1st of notify of acme's route press)" in done.out
    assert [where for where, _ in listener.messages].count("/team") == 1
    assert len(listener.texts("press")) == 1


def test_some_and_none_have_exit_codes_of_their_own(installed, tmp_path: Path, listener: Listener) -> None:
    """3 where some took it, 1 where nobody did; no secret in either stream."""
    dead = f"json://127.0.0.1:9/{SECRET}"
    configure(tmp_path, f'"{listener.target("team")}", "{dead}", "TEAM_CHAT"')
    done = installed("notify", "test", "--json")
    assert done.code == 3
    rows = {row["target"]: row["why"] for row in done.json["targets"]}
    assert rows["json (1st of notify.targets)"] is None
    assert rows["json (2nd of notify.targets)"] == "it couldn't be reached, or refused"
    assert rows["TEAM_CHAT (3rd of notify.targets)"].startswith("TEAM_CHAT isn't set")
    configure(tmp_path, f'"{dead}", "{SECRET}"')
    failed = installed("notify", "test")
    assert failed.code == 1
    assert SECRET not in done.out + done.err + failed.out + failed.err


def test_without_a_target_it_says_how_to_add_one(installed) -> None:
    """Exit 2: there is nothing to try."""
    done = installed("notify", "test")
    assert done.code == 2
    assert "No target is configured." in done.err
    assert "[notify]" in done.err
