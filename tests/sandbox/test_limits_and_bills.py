"""The sandbox's rate limits and its ledger."""

from datetime import date

from followguard.domain.policy import Prices
from followguard.sandbox.billing import Bills
from followguard.sandbox.limits import SandboxLimits

DAY, NEXT_DAY = date(2026, 11, 2), date(2026, 11, 3)


def test_a_window_ends_fifteen_minutes_after_its_first_call() -> None:
    """300 reads are allowed, the next one isn't, and at the reset all are there again."""
    limits = SandboxLimits()
    allowed = [limits.take("8", "followers", 1_000.0 + n)[0] for n in range(301)]
    assert allowed == [True] * 300 + [False]
    still, headers = limits.take("8", "followers", 1_899.0)
    assert not still
    assert headers == {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0", "x-rate-limit-reset": "1900"}
    again, headers = limits.take("8", "followers", 1_900.0)
    assert again
    assert headers["x-rate-limit-remaining"] == "299"


def test_limits_are_per_account_and_call() -> None:
    """A limit that one account or call has used up is whole for another."""
    limits = SandboxLimits()
    assert [limits.take("8", "me", 0.0)[0] for _ in range(76)][-1] is False
    assert limits.take("9", "me", 0.0)[0]
    assert limits.take("8", "lookup", 0.0)[0]


def test_follows_have_a_limit_of_24_hours_too() -> None:
    """400 follows in eight quarters of an hour; then a refusal while x-rate-limit-remaining is positive."""
    limits = SandboxLimits()
    for quarter in range(8):
        assert all(limits.take("8", "follow", quarter * 900.0)[0] for _ in range(50))
    allowed, headers = limits.take("8", "follow", 8 * 900.0)
    assert not allowed
    assert (headers["x-rate-limit-remaining"], headers["x-user-limit-24hour-remaining"]) == ("50", "0")
    assert headers["x-user-limit-24hour-reset"] == "86400"
    assert limits.take("8", "follow", 86_400.0)[0]


def test_a_profile_is_paid_once_a_day() -> None:
    """Duplicates and look-ups of the same day are free; the next day costs again; all reads are counted."""
    ledger = Bills(Prices())
    ledger.charge("acme", 1, DAY, ["1", "2", "2"], owned=False, looked_up=False)
    ledger.charge("acme", 1, DAY, ["2", "3"], owned=False, looked_up=True)
    ledger.charge("acme", 2, NEXT_DAY, ["1"], owned=False, looked_up=False)
    nights = ledger.statement()["accounts"]["acme"]["nights"]  # type: ignore[index]
    assert [(night["list_reads"], night["lookups"], night["billed"], night["usd"]) for night in nights] == [
        (3, 2, 3, 0.03),
        (1, 0, 1, 0.01),
    ]


def test_owned_reads_are_cheap_and_accounts_pay_apart() -> None:
    """Followers read with one's own app cost a tenth, and each account pays for itself."""
    ledger = Bills(Prices())
    ledger.charge("acme", 1, DAY, ["1", "2"], owned=True, looked_up=False)
    ledger.charge("labs", 1, DAY, ["1", "2"], owned=False, looked_up=False)
    ledger.count("labs", 1, "follow", refused=True)
    statement = ledger.statement()
    assert {handle: bills["total"]["usd"] for handle, bills in statement["accounts"].items()} == {  # type: ignore[attr-defined]
        "acme": 0.002,
        "labs": 0.02,
    }
    assert statement["total"]["usd"] == 0.022  # type: ignore[index]
    assert [statement["total"][what] for what in ("requests", "follow", "refused")] == [1, 1, 1]  # type: ignore[index]
    assert [night["night"] for night in statement["nights"]] == [1]  # type: ignore[attr-defined]
