"""Overrule as its user meets it, and the list of those to unfollow."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders.staffed import IDS


def test_overrule_prints_the_row_of_every_deciding_command(staffed: Any) -> None:
    """Item, account, follower, state, decision; the card is rejected, the report and status keep working."""
    assert staffed("review", "approve", IDS[0], "--by", "Ann").code == 0
    done = staffed("review", "overrule", IDS[0], "--reason", "spam", "--by", "Ann", "--json")
    (row,) = done.json
    assert (done.code, row["state"], row["decision"], row["follower_id"]) == (0, "rejected", "overrule", IDS[0])
    history = staffed("review", "show", IDS[0], "--json").json["history"]
    assert [(each["decision"], each["reason"]) for each in history] == [("approve", None), ("overrule", "spam")]
    assert staffed("follow-back", "--json").json["accounts"][0]["unfollow"] == []


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((IDS[0], "--reason", "spam", "--by", "Rea"), 2, "isn't an approver"),
        ((IDS[0], "--by", "Ann"), 2, "takes a reason"),
        ((IDS[1], "--reason", "spam", "--by", "Ann"), 1, "Nothing was decided"),
        ((IDS[0], "--reason", "because", "--by", "Ann"), 2, "is no --reason"),
        (("424242", "--reason", "spam", "--by", "Ann"), 1, "isn't a recorded follower"),
        ((IDS[0], "--reason", "spam"), 2, "No person was named"),
    ],
)
def test_overrule_refuses_with_the_right_exit_code(staffed: Any, args: tuple[str, ...], code: int, said: str) -> None:
    """Overruling is refused without the role, without a reason, and for somebody whom nobody knows."""
    staffed("review", "approve", IDS[0], "--by", "Ann")
    done = staffed("review", "overrule", *args)
    assert (done.code, said in done.err) == (code, True)


def test_a_follow_that_was_made_is_listed_for_unfollowing(staffed: Any) -> None:
    """In follow-back, status and the report, until somebody marks it; marking twice fails."""
    staffed("review", "approve", IDS[0], "--by", "Ann")
    assert staffed("follow-back", "mark", IDS[0], "--as", "followed", "--by", "Ann").code == 0
    done = staffed("review", "overrule", IDS[0], "--reason", "brand_risk", "--by", "Ann")
    assert f"https://x.com/i/user/{IDS[0]}" in done.out
    (listed,) = staffed("follow-back", "--json").json["accounts"][0]["unfollow"]
    assert (listed["follower_id"], listed["certain"]) == (IDS[0], True)
    assert f"https://x.com/i/user/{IDS[0]}" in staffed("follow-back").out
    assert "1 by hand" in staffed("status").out
    assert staffed("status", "--json").json["accounts"][0]["unfollow"] == 1
    path = Path(staffed("report", "--json").json["report"])
    assert f"https://x.com/i/user/{IDS[0]}" in path.read_text(encoding="utf-8")
    marked = staffed("follow-back", "mark", IDS[0], "--as", "unfollowed", "--by", "Ann", "--json")
    assert (marked.code, marked.json["marked"]) == (0, "unfollowed")
    assert staffed("follow-back", "mark", IDS[0], "--as", "unfollowed", "--by", "Ann").code == 1
    assert staffed("status", "--json").json["accounts"][0]["unfollow"] == 0
