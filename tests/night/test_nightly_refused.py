"""Nights that X refuses or disturbs: one line, an exit code, and nobody lost."""

import pytest

from tests.builders.company import Company, billed

FAULTS = {
    "http_401": ("failed", "wrong_credentials", 1),
    "credits_depleted": ("later", "credits", 75),
    "spending_cap": ("later", "credits", 75),
    "rate_limited_24h": ("later", "rate_limited", 75),
    "client_not_enrolled": ("failed", "access_refused", 1),
}


@pytest.mark.parametrize(("fault", "status", "error", "exit_code"), [(f, *rest) for f, rest in FAULTS.items()])
def test_what_x_refuses_is_one_line_and_an_exit_code(
    company: Company, fault: str, status: str, error: str, exit_code: int
) -> None:
    """Each refusal of all accounts: its status, its code, its exit code, and a next step."""
    company.sandbox.set_faults([{"on": "any", "fault": fault, "times": 0}])
    code, accounts = company.nightly()
    assert code == exit_code
    assert {account["status"] for account in accounts.values()} == {status}
    (first, *_) = accounts["acme"]["errors"]
    assert first["code"] == error
    assert len(first["message"]) > 40


@pytest.mark.parametrize("fault", ["http_401", "feature_not_permitted", "http_404"])
def test_a_list_that_x_refuses_is_a_failure(company: Company, fault: str) -> None:
    """The credentials are taken, the follower list isn't: nothing was read, failed, exit 1."""
    company.sandbox.set_faults([{"on": "followers", "fault": fault, "times": 0}])
    code, accounts = company.nightly("--account", "acme")
    assert (code, accounts["acme"]["status"]) == (1, "failed")
    assert len(accounts["acme"]["errors"]) == 1


def test_one_account_that_fails_doesn_t_stop_the_other(company: Company) -> None:
    """Mixed: exit 3, and the healthy account has its list."""
    company.sandbox.set_faults([{"on": "any", "fault": "http_401", "times": 0, "account": "acme"}])
    code, accounts = company.nightly()
    assert code == 3
    assert accounts["acme"]["status"] == "failed"
    assert accounts["widgets"]["status"] == "done"
    assert len(company.recorded("widgets")) == 40


def test_what_was_read_before_the_credits_ran_out_is_scored_and_listed(company: Company) -> None:
    """Credits end in the middle of the list: exit 75, and the next run reads the rest."""
    company.configure(first_night=150)
    company.sandbox.set_faults([{"on": "followers", "fault": "short_page", "times": 1}])
    company.sandbox.set_faults(
        [
            {"on": "followers", "fault": "short_page", "times": 1},
            {"on": "followers", "fault": "credits_depleted", "after": 1, "times": 1},
        ]
    )
    code, accounts = company.nightly("--account", "acme")
    assert code == 75
    assert 0 < accounts["acme"]["new"] == accounts["acme"]["scored"] < 150
    code, accounts = company.nightly("--account", "acme")
    assert code == 0
    assert company.recorded("acme") == set(company.followers("acme"))


@pytest.mark.parametrize("fault", ["short_page", "empty_page", "duplicates", "odd_rows", "null_counts", "post_count"])
def test_the_platform_s_habits_lose_nobody(company: Company, fault: str) -> None:
    """Short and empty pages, duplicates, odd rows, either spec version: everybody new is recorded once."""
    company.nightly()
    brought = company.next_night()
    company.sandbox.set_faults([{"on": "followers", "fault": fault, "times": 2}])
    code, accounts = company.nightly("--account", "acme")
    assert code == 0
    assert accounts["acme"]["new"] == brought["acme"]["new"]


def test_rows_that_are_nothing_are_said_and_paid_for(company: Company) -> None:
    """A null, a number and a row without an id: partly done, exit 3, the others recorded."""
    company.sandbox.set_faults([{"on": "followers", "fault": "nonsense_rows", "times": 1}])
    code, accounts = company.nightly("--account", "acme")
    assert code == 3
    assert accounts["acme"]["status"] == "partial"
    assert accounts["acme"]["new"] == 100
    assert accounts["acme"]["reads"] == billed(company, "acme")["list_reads"] == 103


@pytest.mark.parametrize("fault", ["oldest_first", "shuffled"])
def test_a_changed_order_is_said(company: Company, fault: str) -> None:
    """An account whose followers are all known, in another order than before: partial, `order_changed`."""
    company.configure(first_night=150)
    company.nightly("--account", "acme")
    company.next_night()
    company.sandbox.set_faults([{"on": "followers", "fault": fault, "times": 0}])
    code, accounts = company.nightly("--account", "acme")
    assert code == 3
    assert accounts["acme"]["status"] == "partial"
    assert "order_changed" in [error["code"] for error in accounts["acme"]["errors"]]


def test_the_budget_is_never_exceeded(company: Company) -> None:
    """$0.50 a night: fifty profiles, exit 75, and the rest the next nights."""
    company.configure(max_usd_per_night=0.5)
    code, accounts = company.nightly("--account", "acme")
    assert code == 75
    assert accounts["acme"]["errors"][0]["code"] == "budget"
    assert accounts["acme"]["cost_usd"] == 0.5
    company.next_night()
    company.nightly("--account", "acme")
    assert billed(company, "acme")["usd"] <= 1.0


def test_credentials_of_another_account_are_refused(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """acme configured with the keys of widgets: nothing is read, exit 1."""
    for name, value in company.sandbox.credentials["widgets"].items():
        monkeypatch.setenv(f"FOLLOWGUARD_ACME_{name}", value)
    code, accounts = company.nightly("--account", "acme")
    assert code == 1
    assert accounts["acme"]["errors"][0]["code"] == "wrong_credentials"
    assert accounts["acme"]["reads"] == 0


def test_missing_credentials_are_a_usage_error(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable that is missing is named; exit 2."""
    monkeypatch.delenv("FOLLOWGUARD_ACME_ACCESS_TOKEN")
    code, accounts = company.nightly("--account", "acme")
    assert code == 2
    assert "FOLLOWGUARD_ACME_ACCESS_TOKEN" in accounts["acme"]["errors"][0]["message"]


@pytest.mark.parametrize(("account", "exchange"), [(900.0, 1.0), (2.0, 60.0)], ids=["exchange", "account"])
def test_a_night_on_a_dribbling_x_ends_and_keeps_what_was_read(
    company: Company, monkeypatch: pytest.MonkeyPatch, account: float, exchange: float
) -> None:
    """The second page comes byte by byte: the first is on record, the account's night is for later."""
    from followguard.x.retry import Allowance, Patience
    from followguard.x.session import Timeouts

    def hasty() -> Patience:
        return Patience(tries=1, timeouts=Timeouts(whole=exchange), account=Allowance(account))

    company.nightly()
    before = company.recorded("acme")
    company.sandbox.set_faults(
        [
            {"on": "followers", "fault": "short_page", "account": "acme", "times": 0},
            {"on": "followers", "fault": "drip_body", "account": "acme", "after": 1, "times": 0, "seconds": 30},
        ]
    )
    brought = company.next_night()["acme"]["new"]
    monkeypatch.setattr("followguard.night.context.new_patience", hasty)
    code, nights = company.nightly()
    assert (code, nights["acme"]["status"], nights["widgets"]["status"]) == (3, "later", "done")
    assert nights["acme"]["new"] > 0
    assert len(company.recorded("acme")) == len(before) + nights["acme"]["new"]
    assert {error["code"] for error in nights["acme"]["errors"]} <= {"platform_down", "time"}
    company.sandbox.set_faults([])
    assert company.nightly()[0] == 0
    assert set(company.followers("acme")[:brought]) <= company.recorded("acme")
