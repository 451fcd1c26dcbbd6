"""Commands printed to be run next run as printed: with the configuration, the name and the quotes they need."""

import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from followguard.cli.next_steps import YOUR_NAME, commands_in
from followguard.testing import RuleScorer, made_up_profile, record_followers

PERSON = "Ann O'Neil"
TWO = '[accounts.acme]\ntraining_basis = "none"\n[accounts.beta]\ntraining_basis = "none"\n'


def printed(done: Any) -> list[list[str]]:
    """The commands in what was printed, as a shell reads them."""
    lines = [*done.out.splitlines(), *done.err.splitlines()]
    return [shlex.split(line[each.start : each.end])[1:] for line in lines for each in commands_in(line)]


@pytest.fixture
def elsewhere(cli: Any, tmp_path: Path, sqlite_template: Path) -> Any:
    """An installation in a folder with a space in its name, three cards in it, and nothing in the working folder."""
    from followguard.cli.opened import load_installation, open_store
    from followguard.screening.queue import queue_account
    from followguard.screening.score import score_account

    folder = tmp_path / "my company"
    folder.mkdir()
    config = folder / "followguard.toml"
    config.write_text(TWO, encoding="utf-8")
    (folder / "followguard.db").write_bytes(sqlite_template.read_bytes())

    def run(*args: str) -> Any:
        return cli(*args, "--config", str(config))

    assert run("person", "add", PERSON, "--role", "owner").code == 0
    installation = load_installation(str(config))
    now = datetime.now(UTC)
    with open_store(installation) as store:
        account = record_followers(store, "acme", [made_up_profile(i, now) for i in ("11", "12", "13")], now)
        policy = installation.accounts["acme"].policy
        score_account(store, account, policy, RuleScorer(lambda _: 0.05), now)
        queue_account(store, account, policy, now, 0)
    run.plain = cli  # type: ignore[attr-defined]
    return run


FLOWS: dict[str, tuple[str, ...]] = {
    "the list": ("review", "list"),
    "an approval": ("review", "approve", "11", "--by", PERSON),
    "a decided card": ("review", "approve", "12", "--by", PERSON),
    "somebody unknown": ("review", "reject", "99", "--reason", "spam", "--by", PERSON),
    "an approval of several": ("review", "approve", "11", "12", "--by", PERSON),
    "nothing to undo": ("review", "undo", "--by", PERSON),
    "nothing decided": ("review", "overrule", "13", "--reason", "spam", "--by", PERSON),
    "a mark without an order": ("follow-back", "mark", "13", "--as", "followed", "--by", PERSON),
    "links": ("follow-back", "--by", PERSON),
    "too old": ("status", "--max-age", "1h"),
    "checks": ("doctor",),
    "a sheet": ("review", "export", "a sheet.csv"),
    "an unknown model": ("model", "show", "house-9"),
    "no champion": ("model", "rollback"),
    "a wrong option": ("review", "list", "--colour"),
}


@pytest.mark.parametrize("flow", FLOWS)
def test_what_a_command_says_to_run_next_runs(elsewhere: Any, flow: str) -> None:
    """Nothing in it is a matter of usage: exit 2 would mean that something had to be added or corrected."""
    if flow in ("a decided card", "links"):
        elsewhere("review", "approve", "12", "--by", PERSON)
    done = elsewhere(*FLOWS[flow])
    said = printed(done)
    assert said, done
    for args in said:
        if args == ["nightly", "--account", "acme"]:
            continue
        assert args[-2] == "--config" or args[-1] == "--help", args
        if args[0] not in ("nightly", "review") or args[1:2] not in ([], ["--by"], ["--account"]):
            again = elsewhere.plain(*(PERSON if arg == YOUR_NAME else arg for arg in args))
            assert again.code != 2 or "secrets" in again.err, (args, again)


def test_a_name_that_isnt_known_has_its_place(elsewhere: Any) -> None:
    """Without --by the command shows where the name goes; the owner who can give a role is named by name."""
    assert '--by "YOUR NAME"' in elsewhere("review", "list").err
    refused = elsewhere("review", "approve", "11", "--by", "Bob")
    (args,) = printed(refused)
    assert args[:2] == ["person", "add"]
    assert args[args.index("--account") + 1] == "acme", "the only one with followers so far"
    assert elsewhere.plain(*args).code == 0


def test_the_first_person_is_let_in_as_printed(cli: Any, tmp_path: Path, sqlite_template: Path) -> None:
    """Where nobody is known yet, the command names nobody who would have to be known."""
    (tmp_path / "followguard.toml").write_text(TWO, encoding="utf-8")
    (tmp_path / "followguard.db").write_bytes(sqlite_template.read_bytes())
    (args,) = printed(cli("review", "approve", "11", "--by", "Ann"))
    assert cli(*args).code == 0


def test_a_person_in_the_environment_isnt_asked_for_again(elsewhere: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """FOLLOWGUARD_PERSON says who, in the next command too."""
    monkeypatch.setenv("FOLLOWGUARD_PERSON", PERSON)
    assert "--by" not in elsewhere("review", "list").err


def test_what_the_demo_says_to_try_next_runs(cli: Any, tmp_path: Path) -> None:
    """Each on a line of its own, without a comment behind it that zsh would take for arguments."""
    done = cli("demo", "--followers", "30", "--keep", str(tmp_path / "left here"))
    assert done.code == 0, done.err
    ending = done.out.partition("== Try next")[2]
    lines = [
        line.strip() for line in ending.splitlines() if re.match(r" +\S*(followguard|python\S* -m followguard) ", line)
    ]
    assert len(lines) == 6
    assert "demo --serve --keep" in lines[0]  # goes on until Ctrl-C: tests/setup/test_demo_desk.py
    assert not any("#" in line for line in lines)
    for line in lines[2:5]:
        words = shlex.split(line)
        again = cli(*words[words.index("review") if "review" in words else -3 :])
        assert again.code == 0, (line, again)
