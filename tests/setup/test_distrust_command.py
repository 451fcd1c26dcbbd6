"""`person distrust`: what it prints, what it refuses, and that lifting it is said."""

from typing import Any

import pytest

from tests.builders.staffed import IDS, staffed

__all__ = ["staffed"]
LONG_AGO = ("--since", "2020-01-01")


@pytest.fixture
def wronged(staffed: Any) -> Any:
    """Ida, with an accent, approved one and rejected another."""
    assert staffed("person", "add", "Idà", "--role", "approver", "--by", "Ann").code == 0
    staffed("review", "approve", IDS[0], "--by", "Idà")
    staffed("review", "reject", IDS[1], "--reason", "spam", "--by", "Idà")
    return staffed


def test_it_says_what_went_and_what_to_do(wronged: Any) -> None:
    """Counts, the rejected that stay, and how to end their rights; the same in JSON; the proof holds."""
    done = wronged("person", "distrust", "Idà", *LONG_AGO, "--by", "Ann")
    assert done.code == 0, done.err
    assert "2 decisions of Idà since 2020-01-01 00:00 UTC don't count any more; 2 labels went out" in done.out
    assert "1 follow order voided" in done.out
    assert "followguard review list --state rejected" in done.out
    assert 'followguard person withdraw "Idà"' in done.out
    again = wronged("person", "distrust", "Ida\u0300", *LONG_AGO, "--by", "Ann", "--json").json
    assert (again["already"], again["voided"], again["rejected"], again["followed"]) == (True, 0, 1, [])
    assert "not trusted" in wronged("review", "show", IDS[0]).out
    assert wronged("prove").code == 0
    assert "Ann said not to trust what Idà decided since 2020-01-01; 1 follow order went with it" in wronged("log").out


def test_lifting_is_said_and_twice_is_once(wronged: Any) -> None:
    """It names the retraining that is due."""
    wronged("person", "distrust", "Idà", *LONG_AGO, "--by", "Ann")
    out = wronged("person", "distrust", "Idà", "--lift", "--by", "Ann").out
    assert "followguard retrain" in out
    assert (
        "Nothing that Idà decided is distrusted." in wronged("person", "distrust", "Idà", "--lift", "--by", "Ann").out
    )
    assert wronged("prove").code == 0


@pytest.mark.parametrize(
    "args",
    [
        ("Idà", "--by", "Ann"),
        ("Idà", *LONG_AGO, "--lift", "--by", "Ann"),
        ("Idà", "--since", "sometime", "--by", "Ann"),
        ("Idà", "--since", "2999-01-01", "--by", "Ann"),
        ("Zoë", *LONG_AGO, "--by", "Ann"),
        ("Idà", *LONG_AGO, "--by", "Rea"),
        ("Idà", *LONG_AGO),
    ],
    ids=["neither", "both", "no date", "to come", "stranger", "no owner", "nobody"],
)
def test_wrong_usage_changes_nothing(wronged: Any, args: tuple[str, ...]) -> None:
    """Exit 2, and the approval stands."""
    assert wronged("person", "distrust", *args).code == 2
    assert wronged("review", "show", IDS[0], "--json").json["order"]["state"] == "queued"
