"""`followguard doctor`: what is missing is named, and a sound installation has no finding."""

from pathlib import Path

import pytest

from followguard.sandbox import AccountPlan, SandboxPlan, serve
from tests.builders.sandboxes import point_at


@pytest.fixture
def today(monkeypatch) -> None:
    """A day on which the shipped facts are fresh, and an X that nobody answers for."""
    monkeypatch.setenv("FOLLOWGUARD_X_API_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("FOLLOWGUARD_NOW", "2026-11-25T08:00:00Z")


def states(done) -> dict[str, str]:
    """Check -> state."""
    return {each["check"]: each["state"] for each in done.json["findings"]}


def test_doctor_names_missing_secrets_and_not_their_values(installed, monkeypatch) -> None:
    """The missing secret alone is named, and none is shown."""
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
        point_at(sandbox, monkeypatch)
        monkeypatch.setenv("FOLLOWGUARD_NOW", "2026-11-25T08:00:00Z")
        done = installed("doctor", "--online", "--json")
        assert "1 call, at most $0.01" in done.err
        assert states(done)["rights on X"] == "ok"
        monkeypatch.setenv("FOLLOWGUARD_ACME_ACCESS_TOKEN", "somebody-elses")
        done = installed("doctor", "--online", "--json")
    assert states(done)["rights on X"] == "fail"
    assert done.code == 1


def test_doctor_and_a_night_agree_about_a_secret(installed, monkeypatch, secrets_of_acme) -> None:
    """A text that can't be a secret fails the check of the credentials, and a night refuses it in the same words."""
    monkeypatch.setenv("FOLLOWGUARD_ACME_ACCESS_TOKEN", '"made-up-access')
    found = [row for row in installed("doctor", "--json").json["findings"] if row["check"] == "credentials"]
    assert [row["state"] for row in found] == ["fail"]
    assert "FOLLOWGUARD_ACME_ACCESS_TOKEN holds a quotation mark" in found[0]["text"]
    night = installed("nightly", "--json").json["accounts"][0]
    assert [error["code"] for error in night["errors"]] == ["configuration"]
    assert found[0]["text"] in night["errors"][0]["message"]
