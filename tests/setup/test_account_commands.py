"""`followguard account`: pause and resume, and handles that nobody knows."""

from pathlib import Path


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
