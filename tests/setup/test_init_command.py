"""`followguard init`, and commands before it: a configuration and a database, or nothing half done."""

from pathlib import Path

import pytest

from followguard.config.file import load_installation

INIT = ("init", "--account", "@Acme", "--training-basis", "own-decisions")


def test_init_writes_a_configuration_that_loads(cli, tmp_path: Path) -> None:
    """The file holds every key with its default, and the database is ready for the next command."""
    assert cli(*INIT).code == 0
    installation = load_installation(tmp_path / "followguard.toml", {})
    assert list(installation.accounts) == ["acme"]
    assert installation.account().training_basis == "own-decisions"
    assert cli("db", "check", "--json").json["ok"] is True


def test_init_tells_the_next_commands(cli) -> None:
    """After init a person knows what to do."""
    done = cli(*INIT)
    assert "followguard person add" in done.out
    assert "FOLLOWGUARD_ACME_ACCESS_TOKEN_SECRET" in done.out
    assert "followguard nightly --dry-run" in done.out


def test_init_never_touches_a_file_that_is_there(cli, tmp_path: Path) -> None:
    """A configuration that somebody wrote stays as it is, and no database is made beside it."""
    (tmp_path / "followguard.toml").write_text("# mine\n", encoding="utf-8")
    done = cli(*INIT)
    assert done.code == 2
    assert "stays as it is" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["followguard.toml"]
    assert (tmp_path / "followguard.toml").read_text(encoding="utf-8") == "# mine\n"


def test_init_makes_the_database_of_a_configuration_that_is_there(cli, tmp_path: Path) -> None:
    """Somebody wrote the file by hand: it stays, and the database is created; a second time there is nothing to do."""
    text = '[accounts.acme]\ntraining_basis = "none"\n'
    (tmp_path / "followguard.toml").write_text(text, encoding="utf-8")
    assert cli("init").code == 0
    assert cli("db", "check").code == 0
    assert (tmp_path / "followguard.toml").read_text(encoding="utf-8") == text
    assert cli("init").code == 2


def test_init_asks_nobody_where_nobody_is(cli, tmp_path: Path) -> None:
    """Without a terminal it names the options that are missing and writes nothing."""
    done = cli("init")
    assert done.code == 2
    assert "--account and --training-basis" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "args",
    [
        ("init", "--account", 'a"b', "--training-basis", "none"),
        ("init", "--account", "acme", "--training-basis", "sure"),
        ("init", "--account", "acme", "--training-basis", "none", "--executor", "robot"),
        ("init", "--account", "acme", "--training-basis", "none", "--config", "nowhere/followguard.toml"),
    ],
)
def test_init_refuses_what_cannot_be(cli, tmp_path: Path, args: tuple[str, ...]) -> None:
    """A wrong answer is refused before anything is written."""
    assert cli(*args).code == 2
    assert list(tmp_path.iterdir()) == []


def test_init_leaves_nothing_half_written(cli, tmp_path: Path, monkeypatch) -> None:
    """When the database can't be made, the configuration goes again."""
    monkeypatch.setenv("FOLLOWGUARD_DATABASE_URL", "sqlite:///missing/folder/f.db")
    assert cli(*INIT).code == 1
    assert list(tmp_path.iterdir()) == []


def test_commands_without_a_configuration_say_how_to_get_one(cli) -> None:
    """No file: exit 2, and the way to one."""
    done = cli("status")
    assert done.code == 2
    assert "followguard init" in done.err


def test_commands_without_a_database_say_how_to_get_one(cli, tmp_path: Path) -> None:
    """A configuration alone: exit 2, the way to a database, and none made on the side."""
    (tmp_path / "followguard.toml").write_text('[accounts.acme]\ntraining_basis = "none"\n', encoding="utf-8")
    done = cli("status")
    assert done.code == 2
    assert "followguard init" in done.err
    assert not (tmp_path / "followguard.db").exists()
