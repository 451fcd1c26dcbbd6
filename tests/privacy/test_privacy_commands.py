"""Forget and disclose as their users meet them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders.staffed import IDS


def test_forget_erases_and_says_what_went(staffed: Any, tmp_path: Path) -> None:
    """Counts by account, the reports that went, the copies that are left; afterwards nobody knows them."""
    staffed("review", "reject", IDS[0], "--reason", "spam", "--by", "Ann")
    report = Path(staffed("report", "--json").json["report"])
    assert staffed("db", "backup").code == 0
    done = staffed("forget", f"@person_{IDS[0]}", "--by", "Ann", "--yes", "--json")
    (account,) = done.json["accounts"]
    assert (done.code, account["account"], account["decisions"], account["snapshots"]) == (0, "acme", 1, 1)
    assert (len(done.json["backups"]["left"]), done.json["backups"]["removed"]) == (1, [])
    assert done.json["reports_removed"] == ([] if report.exists() else [report.name])
    left = [path for path in tmp_path.rglob("*") if path.is_file() and "backups" not in path.parts]
    assert [path.name for path in left if IDS[0].encode() in path.read_bytes()] == []
    assert staffed("review", "show", IDS[0]).code == 1
    assert staffed("db", "check").code == 0
    assert staffed("forget", IDS[0], "--by", "Ann", "--yes").code == 1
    again = staffed("forget", IDS[0], "--by", "Ann", "--yes", "--remove-backups", "--json").json
    assert (len(again["backups"]["removed"]), again["backups"]["left"]) == (1, [])


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ((IDS[0], "--by", "Ann"), 2),
        ((IDS[0], "--by", "Rea", "--yes"), 2),
        ((IDS[0], "--yes"), 2),
        (("424242", "--by", "Ann", "--yes"), 1),
        (("@not a name!", "--by", "Ann", "--yes"), 1),
        (("item:999", "--by", "Ann", "--yes"), 1),
        (("0" * 400, "--by", "Ann", "--yes"), 1),
        (("\x1b[31m\u202e", "--by", "Ann", "--yes"), 1),
    ],
)
def test_forget_refuses_without_touching_anything(staffed: Any, args: tuple[str, ...], code: int) -> None:
    """Nobody is asked without a terminal, nobody but an owner may, and odd names are no crash."""
    done = staffed("forget", *args)
    assert (done.code, "Traceback" in done.err, "\x1b" in done.err) == (code, False, False)
    assert len(staffed("review", "list", "--all", "--json").json) == len(IDS)


def test_a_restored_backup_loses_the_forgotten_again(staffed: Any) -> None:
    """The backup is older than the wish; the restore says that it erased one."""
    assert staffed("db", "backup").code == 0
    staffed("forget", IDS[0], "--by", "Ann", "--yes")
    done = staffed("db", "restore", "--yes", "--json")
    assert (done.code, done.json["forgotten_again"]) == (0, 1)
    assert staffed("review", "show", IDS[0]).code == 1
    assert staffed("review", "show", IDS[1]).code == 0


def test_disclose_gives_everything_under_pseudonyms(staffed: Any, tmp_path: Path) -> None:
    """Text, score, decision, order and log of one; none of another; our people's names nowhere; a file for one."""
    staffed("review", "reject", IDS[0], "--reason", "spam", "--by", "Ann")
    staffed("review", "overrule", IDS[0], "--by", "Ann")
    staffed("review", "approve", IDS[0], "--by", "Ann")
    done = staffed("disclose", f"item:{staffed('review', 'show', IDS[0], '--json').json['item']}", "--json")
    found = done.json
    assert (done.code, found["follower_id"], found["accounts"]) == (0, IDS[0], ["acme"])
    assert [each["kind"] for each in found["decisions"]] == ["reject", "overrule", "approve"]
    assert {each["kind"] for each in found["log"]} >= {"decision.reject", "decision.overrule", "order.queued"}
    assert (found["snapshots"][0]["username"], found["orders"][0]["state"]) == (f"person_{IDS[0]}", "queued")
    assert (len(found["scores"][0]["reasons"]), found["models"]) == (1, [])
    assert "Ann" not in done.out
    assert IDS[1] not in done.out
    assert f"username: person_{IDS[0]}" in staffed("disclose", IDS[0]).out
    assert staffed("disclose", IDS[0], "--output", "them.json").code == 0
    path = tmp_path / "them.json"
    assert (json.loads(path.read_text())["follower_id"], path.stat().st_mode & 0o777) == (IDS[0], 0o600)
    assert staffed("disclose", IDS[0], "--output", "them.json").code == 2
    assert staffed("disclose", IDS[0], "--output", "no/such/folder.json").code == 2
    assert staffed("disclose", "424242").code == 1
