"""`doctor` looks at targets and heartbeat without sending anything."""

from pathlib import Path

import pytest

from tests.builders.listening import Listener

SECRET = "s3cr3t-t0ken"
TABLE = """[notify]
targets = [{targets}]
heartbeat = "{heartbeat}"
[accounts.acme]
training_basis = "own-decisions"
"""


def notifications(installed, folder: Path, targets: str, heartbeat: str = "") -> list[dict[str, str]]:
    """What doctor says of notifications under that configuration."""
    (folder / "followguard.toml").write_text(TABLE.format(targets=targets, heartbeat=heartbeat), encoding="utf-8")
    done = installed("doctor", "--json")
    assert SECRET not in done.out + done.err
    return [finding for finding in done.json["findings"] if finding["check"] == "notifications"]


def test_no_target_is_no_finding(installed, tmp_path: Path) -> None:
    """Nobody has to be told."""
    assert notifications(installed, tmp_path, "") == []


def test_good_targets_are_one_finding(installed, tmp_path: Path, listener: Listener) -> None:
    """Counted, and not asked."""
    (found,) = notifications(installed, tmp_path, f'"{listener.target("team")}"', f"http://{listener.address}/{SECRET}")
    assert (found["state"], found["text"]) == ("ok", "2 targets found, none was asked.")
    assert (listener.messages, listener.paths) == ([], [])


def test_what_cant_work_is_named_without_its_secret(installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unset variable, an address that apprise doesn't know, a heartbeat that isn't one, a target of two."""
    monkeypatch.setenv("ANN_CHAT", f"json://host/{SECRET}")
    monkeypatch.setenv("BOB_CHAT", f"json://host/{SECRET}/")
    for person in ("Ann", "Bob"):
        installed("person", "add", person, "--role", "owner", "--by", "Ann")
        assert installed("person", "notify", person, f"{person.upper()}_CHAT", "--by", "Ann").code == 0
    found = notifications(installed, tmp_path, f'"NO_SUCH", "nochat://{SECRET}"', f"ftp://{SECRET}")
    texts = [each["text"] for each in found]
    assert {each["state"] for each in found} == {"warn"}
    assert texts[0] == "NO_SUCH isn't set (1st of notify.targets)."
    assert texts[1].startswith("nochat (2nd of notify.targets): apprise doesn't know such an address")
    assert [text.partition(":")[0] for text in texts[2:4]] == [
        "json in ANN_CHAT (a person's own)",
        "json in BOB_CHAT (a person's own)",
    ]
    assert texts[4] == "notify.heartbeat isn't an http or https address."
