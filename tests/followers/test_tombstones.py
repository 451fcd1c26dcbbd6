"""Tombstones of people whom nobody may collect again, and sentences without a person's names."""

import pytest

from followguard.followers.stop_rule import StopRule
from followguard.followers.tombstone import alias, digest, holds, names_pattern, page_pattern, without

SALT = bytes(range(32))


def test_a_tombstone_is_keyed_and_says_nothing_of_the_id() -> None:
    """The same id has another one under another key; two ids never share one here; no digit run of the id is in it."""
    stones = {digest(SALT, str(number)) for number in range(200)}
    assert len(stones) == 200
    assert digest(SALT, "7") != digest(bytes(32), "7")
    assert (len(digest(SALT, "7")), alias(digest(SALT, "7"))[:10]) == (64, "forgotten:")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("follower 7234567890123: bad", "follower (forgotten): bad"),
        ("17234567890123 72345678901234", "17234567890123 72345678901234"),
        ("see @Erase_Me, @erase_me2 and x@erase_me", "see (forgotten), @erase_me2 and x@erase_me"),
        ("erase_me", "erase_me"),
    ],
)
def test_a_person_is_taken_out_of_a_sentence_and_nobody_else(text: str, left: str) -> None:
    """The id as a word of its own; the username after an @, in any case."""
    pattern = names_pattern("7234567890123", ["erase_me"])
    assert without({"a": [{"b": text}]}, pattern, ["erase_me"]) == {"a": [{"b": left}]}


def test_a_list_of_names_loses_the_name_and_a_word_of_ours_stays() -> None:
    """A username that is a word of a receipt doesn't change the receipt."""
    pattern = names_pattern("12", ["done"])
    said = {"status": "done", "not_ours": ["Done", "other"], "at": "2026-11-12T12:12:12Z", "why": "follower 12: x"}
    assert without(said, pattern, ["done"]) == said | {
        "not_ours": ["(forgotten)", "other"],
        "why": "follower (forgotten): x",
    }


def test_hostile_usernames_are_no_patterns() -> None:
    """A name that is a regular expression finds only itself."""
    pattern = names_pattern("7234567890123", [".*", "a|b", ""])
    assert without("@anybody and 12", pattern, [".*"]) == "@anybody and 12"
    assert page_pattern("7234567890123", [".*"]).search("x.com/somebody") is None


def test_a_payload_is_about_somebody_by_their_id_alone() -> None:
    """A reason, a kind or a number that looks like it doesn't count."""
    assert holds({"x": [{"follower_id": "12"}]}, "12")
    assert not holds({"item": 12, "reason": "spam", "shown_hash": "1212"}, "12")


def test_a_mark_goes_on_when_one_of_its_followers_is_forgotten() -> None:
    """Those below move up; the run breaks only where its last follower was the one; a mark that was met stays met."""
    mark = StopRule(run=2, last_rank=5, ranks=[1, 4, 5], run_start=4)
    assert (mark.without(2).ranks, mark.without(2).last_rank, mark.without(2).run_start) == ([1, 3, 4], 4, 3)
    assert (mark.without(9).ranks, mark.without(9).run) == ([1, 4, 5], 2)
    assert (mark.without(5).ranks, mark.without(5).run, mark.without(5).last_rank) == ([1, 4], 0, None)
    met = StopRule(run=3, last_rank=6, ranks=[4, 5, 6], run_start=4, reached=True)
    assert (met.without(6).reached, met.without(4).missing()) == (True, [0, 1, 2, 3])
