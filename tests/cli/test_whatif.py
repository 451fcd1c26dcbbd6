"""`followguard whatif` on a night of the sandbox."""

from followguard.sandbox import QUIET, AccountPlan, SandboxPlan, serve


def test_other_policies_stand_beside_the_configured_one(installed, monkeypatch) -> None:
    """The configured policy first, then each value asked for; the same followers in each, and nothing changed."""
    with serve(SandboxPlan(accounts=(AccountPlan(handle="acme", followers=100, churn=QUIET),), seed=3)) as sandbox:
        for name, value in sandbox.environment().items():
            monkeypatch.setenv(name, value)
        assert installed("nightly").code == 0
        before = installed("review", "list", "--all", "--json").json
        done = installed("whatif", "--max-wrong-hold", "0.2", "--max-cards-per-day", "10", "--json")
    (account,) = done.json["accounts"]
    now, other = account["policies"]
    assert (now["current"], now["max_wrong_hold"], now["max_cards_per_day"]) == (True, 0.05, 60)
    assert (other["max_wrong_hold"], other["max_cards_per_day"]) == (0.2, 10)
    for row in (now, other):
        assert row["outcome"]["cards"] + row["outcome"]["held_back"] == len(before)
    assert other["outcome"]["longest_wait"] > now["outcome"]["longest_wait"]
    assert installed("review", "list", "--all", "--json").json == before


def test_crossed_cutoffs_are_refused(installed) -> None:
    """unsure_above beyond where spam begins: exit 2, and both keys are named."""
    done = installed("whatif", "--max-wrong-hold", "0.6", "--unsure-above", "0.7")
    assert done.code == 2
    assert "max_wrong_hold 0.6 and unsure_above 0.7" in done.err


def test_people_get_a_table(installed) -> None:
    """Without followers it is a table of zeros, not a traceback."""
    done = installed("whatif")
    assert done.code == 0
    assert "real people held back, expected" in done.out
