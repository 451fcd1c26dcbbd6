"""init, doctor, status, account, person and db, as a new owner of an installation meets them."""

import io
import sqlite3
from pathlib import Path

import pytest

from followguard.adapters.config.file import load_installation
from followguard.sandbox import AccountPlan, SandboxPlan, serve

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


def test_roles_go_up_and_down(installed) -> None:
    """One role for the same accounts; what it took the place of is told, and a withdrawal tells what was there."""
    installed("person", "add", "Cy", "--role", "approver", "--by", "Ann")
    done = installed("person", "role", "Cy", "viewer", "--account", "acme", "--by", "Ann")
    assert "Cy is now viewer of @acme." in done.out
    assert "Also, as before: approver of every account." in done.out
    done = installed("person", "role", "Cy", "reviewer", "--by", "Ann", "--json").json
    assert done["before"] == [{"role": "approver", "account": None}, {"role": "viewer", "account": "acme"}]
    assert (
        "before: reviewer of every account" in installed("person", "add", "Cy", "--role", "viewer", "--by", "Ann").out
    )
    assert installed("person", "role", "Ann", "viewer", "--by", "Ann").code == 2
    assert installed("person", "role", "Cy", "boss", "--by", "Ann").code == 2
    installed("person", "role", "Cy", "approver", "--account", "acme", "--by", "Ann")
    gone = installed("person", "withdraw", "Cy", "--by", "Ann")
    assert gone.out == "Cy is no longer viewer of every account, approver of @acme.\n"


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


def test_a_newer_schema_is_refused(installed, tmp_path: Path) -> None:
    """A database of a newer followguard: exit 2, and it isn't touched."""
    with sqlite3.connect(tmp_path / "followguard.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    done = installed("status")
    assert done.code == 2
    assert "newer" in done.err


# --- people ---------------------------------------------------------------------------------------------------------
def test_the_first_person_becomes_owner(cli, tmp_path: Path) -> None:
    """Whatever role was asked for, somebody must be able to add the next."""
    cli(*INIT)
    assert cli("person", "add", "Ann", "--role", "viewer", "--json").json == {
        "name": "Ann",
        "role": "owner",
        "account": None,
    }


def test_only_an_owner_adds_people(installed) -> None:
    """Nobody named, somebody unknown, somebody without the role: each exit 2, with who may."""
    assert installed("person", "add", "Bob", "--role", "viewer").code == 2
    assert installed("person", "add", "Bob", "--role", "viewer", "--by", "Eve").code == 2
    assert installed("person", "add", "Bob", "--role", "viewer", "--by", "Ann").code == 0
    done = installed("person", "add", "Eve", "--role", "viewer", "--by", "Bob")
    assert done.code == 2
    assert "Only an owner may do that; ask one of them (Ann)." in done.err


@pytest.mark.parametrize(
    ("command", "role"),
    [
        (("review", "approve", "12"), "approver"),
        (("review", "reject", "12", "--reason", "spam"), "reviewer"),
        (("review", "overrule", "12"), "approver"),
        (("review", "undo"), "reviewer"),
        (("review", "--plain"), "reviewer"),
        (("follow-back", "mark", "12", "--as", "followed"), "approver"),
        (("account", "pause"), "approver"),
        (("account", "resume"), "approver"),
    ],
)
def test_what_is_offered_to_a_stranger_is_the_least(installed, command: tuple[str, ...], role: str) -> None:
    """The role that the command takes, for the account that is meant: a viewer elsewhere gets no more either."""
    installed("person", "add", "Vic", "--role", "viewer", "--account", "acme", "--by", "Ann")
    way_in = f"--role {role} --account acme --by"
    assert way_in in installed(*command, "--by", "Eve").err
    if command[1] in ("--plain", "pause", "resume"):
        assert way_in in installed(*command, "--by", "Vic").err


def test_people_are_listed_and_withdrawn(installed, monkeypatch) -> None:
    """The list shows roles by account; a withdrawn person keeps a row and no role."""
    monkeypatch.setenv("FOLLOWGUARD_PERSON", "Ann")
    installed("person", "add", "Bob", "--role", "approver", "--account", "acme")
    people = installed("person", "list", "--json").json["people"]
    assert [(each["name"], each["roles"]) for each in people] == [
        ("Ann", [{"role": "owner", "account": None}]),
        ("Bob", [{"role": "approver", "account": "acme"}]),
    ]
    assert installed("person", "withdraw", "Bob").code == 0
    assert installed("person", "list", "--json").json["people"][1]["roles"] == []


# --- accounts -------------------------------------------------------------------------------------------------------
def test_pause_and_resume_are_on_record(installed) -> None:
    """Each is one log entry; doing it twice changes nothing."""
    head = installed("status", "--json").json["log_head"]
    assert installed("account", "pause", "--by", "Ann", "--json").json["changed"] is True
    paused = installed("status", "--json").json
    assert paused["log_head"] != head
    assert paused["accounts"][0]["paused_at"] is not None
    assert installed("account", "pause", "--json").json["changed"] is False
    assert installed("status", "--json").json["log_head"] == paused["log_head"]
    assert installed("account", "resume").code == 2
    assert installed("account", "resume", "--account", "@ACME", "--by", "Ann", "--json").json == {
        "account": "acme",
        "paused": False,
        "changed": True,
    }


def test_a_viewer_cannot_pause(installed) -> None:
    """A name that is given must be one that may."""
    installed("person", "add", "Bob", "--role", "viewer", "--by", "Ann")
    assert installed("account", "pause", "--by", "Bob").code == 2
    assert installed("account", "list", "--json").json["accounts"][0]["paused_at"] is None


def test_only_an_approver_resumes(installed) -> None:
    """The brake needs no name, letting go of it does: nobody named, a stranger and a reviewer are refused."""
    installed("person", "add", "Rea", "--role", "reviewer", "--by", "Ann")
    assert installed("account", "pause").code == 0
    for by in ((), ("--by", "Eve"), ("--by", "Rea")):
        done = installed("account", "resume", *by)
        assert (done.code, done.out) == (2, "")
        assert "--by" in done.err
    assert installed("account", "list", "--json").json["accounts"][0]["paused_at"] is not None


def test_an_unknown_account_gets_a_suggestion(installed) -> None:
    """Exit 2, and the handle that was probably meant."""
    done = installed("account", "pause", "--account", "acne")
    assert done.code == 2
    assert "Did you mean acme?" in done.err


def test_one_of_several_accounts_must_be_named(installed, tmp_path: Path) -> None:
    """Where two are configured, a command that needs one says so."""
    with (tmp_path / "followguard.toml").open("a", encoding="utf-8") as file:
        file.write('[accounts.acme_dev]\ntraining_basis = "none"\n')
    done = installed("account", "pause")
    assert done.code == 2
    assert "acme, acme_dev" in done.err


# --- status ---------------------------------------------------------------------------------------------------------
def test_status_is_late_without_a_complete_night(installed) -> None:
    """--max-age turns a missing night into exit code 1, for a monitor to see; without it status just tells."""
    assert installed("status").code == 0
    done = installed("status", "--max-age", "26h", "--json")
    assert done.code == 1
    assert done.json["late"] == ["acme"]
    assert "followguard nightly" in done.err


def test_status_fits_one_screen(installed) -> None:
    """At most 24 lines of 80 characters for one account."""
    lines = installed("status").out.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80


# --- doctor ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def today(monkeypatch) -> None:
    """A day on which the shipped facts are fresh, and an X that nobody answers for."""
    monkeypatch.setenv("FOLLOWGUARD_X_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FOLLOWGUARD_NOW", "2026-11-25T08:00:00Z")


def states(done) -> dict[str, str]:
    """Check -> state."""
    return {each["check"]: each["state"] for each in done.json["findings"]}


def test_doctor_names_missing_secrets_and_not_their_values(installed, monkeypatch) -> None:
    """Only the one that isn't there is named; none is shown."""
    for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN"):
        monkeypatch.setenv(f"FOLLOWGUARD_ACME_{name}", "sesame")
    done = installed("doctor", "--json")
    assert done.code == 1
    assert states(done)["credentials"] == "fail"
    assert "FOLLOWGUARD_ACME_ACCESS_TOKEN_SECRET" in done.out
    assert "FOLLOWGUARD_ACME_CONSUMER_KEY" not in done.out
    assert "sesame" not in done.out + done.err


def test_doctor_finds_nothing_wrong_with_a_sound_installation(installed, today, secrets_of_acme) -> None:
    """Everything in place: exit 0 and not a word of advice."""
    done = installed("doctor", "--json")
    assert done.json["ok"] is True, done.json
    assert done.code == 0


def test_doctor_finds_old_prices(installed, tmp_path: Path, today, secrets_of_acme) -> None:
    """Prices read more than 180 days ago are a finding."""
    with (tmp_path / "followguard.toml").open("a", encoding="utf-8") as file:
        file.write("[prices]\nread_on = 2026-05-28\n")
    done = installed("doctor", "--json")
    assert states(done)["prices"] == "warn"
    assert states(done)["rules"] == "ok"
    assert done.code == 1


def test_doctor_goes_on_without_a_database(installed, tmp_path: Path) -> None:
    """One broken part doesn't hide the others."""
    (tmp_path / "followguard.db").unlink()
    found = states(installed("doctor", "--json"))
    assert found["database"] == "fail"
    assert {"configuration", "credentials", "model", "clock", "prices", "rules"} <= found.keys()


def test_doctor_asks_x_when_told_to(installed, monkeypatch) -> None:
    """--online says the price first, then whose credentials these are; wrong ones are a finding, not a crash."""
    with serve(SandboxPlan(accounts=(AccountPlan(handle="acme", followers=7),))) as sandbox:
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("FOLLOWGUARD_NOW", "2026-11-25T08:00:00Z")
        done = installed("doctor", "--online", "--json")
        assert "1 call, at most $0.01" in done.err
        assert states(done)["rights on X"] == "ok"
        monkeypatch.setenv("FOLLOWGUARD_ACME_ACCESS_TOKEN", "somebody-elses")
        done = installed("doctor", "--online", "--json")
    assert states(done)["rights on X"] == "fail"
    assert done.code == 1


# --- db -------------------------------------------------------------------------------------------------------------
def test_a_backup_comes_back(installed) -> None:
    """What was there when the backup was made is there again; what was there since is put aside."""
    backup = installed("db", "backup", "--json").json["backup"]
    installed("person", "add", "Bob", "--role", "viewer", "--by", "Ann")
    done = installed("db", "restore", backup, "--yes", "--json")
    assert done.code == 0
    assert Path(done.json["aside"]).exists()
    assert [each["name"] for each in installed("person", "list", "--json").json["people"]] == ["Ann"]


def test_nobody_is_there_to_be_asked(installed) -> None:
    """Where no terminal can ask, a restore wants to be told: nothing is put aside or back."""
    installed("db", "backup")
    installed("person", "add", "Bob", "--role", "viewer", "--by", "Ann")
    done = installed("db", "restore", "--json")
    assert (done.code, done.json["errors"][0]["code"]) == (2, "usage")
    assert "--yes" in done.err
    assert len(installed("person", "list", "--json").json["people"]) == 2


@pytest.mark.parametrize("words", [("db", "restore"), ("forget", "1")])
def test_a_no_is_a_no(installed, monkeypatch, words: tuple[str, ...]) -> None:
    """Whoever is asked and says no gets exit 1, one document under --json, and nothing is done."""
    monkeypatch.setattr("followguard.cli.output.is_terminal", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    installed("db", "backup")
    done = installed(*words, "--json")
    assert (done.code, done.json["errors"][0]["code"]) == (1, "declined")


def test_restoring_what_is_not_there_is_refused(installed) -> None:
    """Exit 2, and the newest backups that there are."""
    assert installed("db", "restore", "nowhere.db").code == 2


def test_upgrade_of_a_current_database_changes_nothing(installed) -> None:
    """No backup is made for nothing."""
    found = installed("db", "upgrade", "--json").json
    assert found["before"] == found["after"]
    assert found["backup"] is None


def test_doctor_and_a_night_agree_about_a_secret(installed, monkeypatch, secrets_of_acme) -> None:
    """What can't be a secret fails the check of the credentials, and is refused by a night in the same words."""
    monkeypatch.setenv("FOLLOWGUARD_ACME_ACCESS_TOKEN", '"made-up-access')
    found = [row for row in installed("doctor", "--json").json["findings"] if row["check"] == "credentials"]
    assert [row["state"] for row in found] == ["fail"]
    assert "FOLLOWGUARD_ACME_ACCESS_TOKEN holds a quotation mark" in found[0]["text"]
    night = installed("nightly", "--json").json["accounts"][0]
    assert [error["code"] for error in night["errors"]] == ["configuration"]
    assert found[0]["text"] in night["errors"][0]["message"]


def test_quotes_round_a_person_or_a_configuration_are_no_part_of_them(installed, tmp_path: Path, monkeypatch) -> None:
    """An --env-file quotes them as it quotes secrets."""
    monkeypatch.setenv("FOLLOWGUARD_PERSON", '"Ann"')
    monkeypatch.setenv("FOLLOWGUARD_CONFIG", f"'{tmp_path / 'followguard.toml'}'")
    monkeypatch.chdir(tmp_path.parent)
    assert installed("person", "add", "Bob", "--role", "viewer").code == 0
    monkeypatch.setenv("FOLLOWGUARD_PERSON", '""')
    assert "No person was named" in installed("person", "add", "Cy", "--role", "viewer").err
