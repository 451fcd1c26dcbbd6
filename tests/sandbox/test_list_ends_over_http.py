"""Lists that end early and counts that are wrong, as a client meets them."""

from typing import Any

from followguard.sandbox import Sandbox


def count(caller: Any) -> Any:
    """Follower count that `me` tells of the account."""
    return caller.get("/2/users/me", user_fields="public_metrics").json()["data"]["public_metrics"]["followers_count"]


def test_a_list_ends_after_so_many(sandbox: Sandbox, caller: Any, ids_of: Any) -> None:
    """Wherever the pages are cut, the newest `number` are shown and no more; only they are billed."""
    for size, number in ((40, 100), (100, 100), (1000, 7), (40, 0)):
        sandbox.set_faults([{"on": "followers", "fault": "list_ends", "number": number, "times": 0}])
        assert [row["id"] for row in caller.whole_list(size=size)] == ids_of(sandbox)[:number]
    assert sandbox.ledger()["total"]["billed"] == 100  # type: ignore[index]


def test_an_empty_page_may_be_the_last(sandbox: Sandbox, caller: Any) -> None:
    """The second page has neither rows nor a token."""
    sandbox.set_faults([{"on": "followers", "fault": "empty_end", "after": 1}])
    assert len(caller.whole_list(size=100)) == 100


def test_counts_that_lag_or_are_wrong_or_missing(sandbox_with: Any, as_account: Any) -> None:
    """The count of before the last night; any other; none at all; and then the right one again."""
    with sandbox_with(mean_new=20) as sandbox:
        caller = as_account(sandbox)
        sandbox.next_night()
        now = len(sandbox.state()["accounts"]["acme"]["followers"])
        faults = ({"fault": "count_lags"}, {"fault": "count_says", "after": 1, "number": 5})
        sandbox.set_faults([{"on": "me"} | fault for fault in (*faults, {"fault": "no_count", "after": 2})])
        assert (count(caller), count(caller)) == (300, 5)
        answer = caller.get("/2/users/me", user_fields="public_metrics").json()
        assert "public_metrics" not in answer["data"]
        assert count(caller) == now > 300
