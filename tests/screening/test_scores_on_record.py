"""Scores into the store."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from followguard.domain.follower import Profile
from followguard.domain.policy import Policy
from followguard.followers.store import Followers
from followguard.screening.score import score_account
from followguard.screening.store import Scoring
from followguard.testing import START, RuleScorer, made_up_profile, record_followers


def a_score(store: Any, account: Any, p_of: Any) -> int:
    """Scores the followers of one night."""
    return score_account(store, account, Policy(), RuleScorer(p_of), START)


def test_scores_carry_what_explains_them(store: Any) -> None:
    """Model, policy hash, band, reasons, features and observed_at are stored with each score; once is enough."""
    account = record_followers(store, "acme", [made_up_profile("11"), made_up_profile("12")], START)
    assert a_score(store, account, lambda profile: 0.5) == 2
    assert a_score(store, account, lambda profile: 0.5) == 0
    with store.begin() as work:
        rows = work.connection.exec_driver_sql(
            "SELECT follower_id, model, policy_hash, band, p_spam, base_logit, features FROM scores ORDER BY 1"
        ).all()
    assert [tuple(row)[:6] for row in rows] == [
        (follower_id, "rule-1", Policy().hash(), "unsure", 0.5, 0.0) for follower_id in ("11", "12")
    ]
    assert bytes(rows[0].features) == b"\x00\x00\x80?"


def test_one_bad_row_is_parked_and_the_night_goes_on(store: Any) -> None:
    """Two of 1,200 can't be scored: the others are, the two are on record with their errors, tried again, and over."""
    profiles = [made_up_profile(str(1000 + n)) for n in range(1200)]
    account = record_followers(store, "acme", profiles, START)

    def picky(profile: Profile) -> float:
        if profile.id == "1007":
            raise ValueError("odd date")
        return float("nan") if profile.id == "2100" else 0.3

    assert a_score(store, account, picky) == 1198
    with store.begin() as work:
        parked = {each.follower_id: each.error for each in Scoring(work).parked(account.id)}
    assert parked == {"1007": "ValueError: odd date", "2100": "ValueError: follower 2100 scored nan"}
    assert a_score(store, account, picky) == 0
    assert a_score(store, account, lambda profile: 0.3) == 2
    with store.begin() as work:
        assert Scoring(work).parked(account.id) == []


def test_only_the_latest_look_of_present_followers_is_scored(store: Any) -> None:
    """A changed follower is scored anew, one who left isn't scored."""
    account = record_followers(store, "acme", [made_up_profile("11"), made_up_profile("12")], START)
    a_score(store, account, lambda profile: 0.5)
    later = START + timedelta(days=1)
    with store.begin() as work:
        changed = [replace(made_up_profile(i, later), description="Now with ads") for i in ("11", "12")]
        Followers(work).observe(account.id, changed, later)
        Followers(work).mark_left(account.id, ["12"], later)
    assert a_score(store, account, lambda profile: 0.9) == 1


def test_five_thousand_are_scored_in_chunks(sqlite_store: Any) -> None:
    """More than fit into one chunk: each of them gets its score, and a second run finds nothing to do."""
    profiles = [made_up_profile(str(10_000 + n)) for n in range(5_000)]
    account = record_followers(sqlite_store, "acme", profiles, START)
    assert a_score(sqlite_store, account, lambda profile: 0.5) == 5_000
    assert a_score(sqlite_store, account, lambda profile: 0.5) == 0
