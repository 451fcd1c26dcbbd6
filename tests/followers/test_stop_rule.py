"""Rule of when a reading stops, and when it says that the order has changed."""

from hypothesis import given
from hypothesis import strategies as st

from followguard.followers.stop_rule import DISPLACED, KNOWN_IN_A_ROW, RUN, ListRow, StopRule, longest_rising

RANKS = {str(rank): rank for rank in range(200)}


def seen(*rows: str) -> StopRule:
    """A mark after one page; `n…` is new, digits are known followers by rank, `k…` known from far down."""
    mark = StopRule()
    mark.see([(row, ListRow.NEW if row.startswith("n") else ListRow.KNOWN) for row in rows], RANKS)
    return mark


def test_known_followers_in_their_order_are_the_mark() -> None:
    """Three neighbours in their known order end the reading."""
    mark = seen("n1", "n2", "0", "1", "2")
    assert mark.met(200)
    assert mark.new == 2


def test_one_known_follower_is_no_mark() -> None:
    """Somebody who left and followed again stands among the new and stops nothing."""
    assert not seen("n1", "17", "n2", "n3").met(200)


def test_those_between_may_have_left() -> None:
    """A gap in the known order is fine as long as it's small."""
    assert seen("n1", "0", "4", "12").met(200)
    assert not seen("n1", "0", "50", "120").met(200)


def test_followers_who_came_back_together_are_no_mark() -> None:
    """Several who followed again stand in an order of their own."""
    assert not seen("n1", "90", "12", "45", "n2").met(200)


def test_many_known_in_any_order_end_the_reading() -> None:
    """Twenty known in a row: nobody new is to be found, whatever the order."""
    backwards = [str(rank) for rank in reversed(range(KNOWN_IN_A_ROW))]
    assert not seen(*backwards[:-1]).met(200)
    assert seen(*backwards).met(200)


def test_a_reversed_list_is_noticed() -> None:
    """Known followers in reverse: the order has changed."""
    assert seen(*[str(rank) for rank in reversed(range(KNOWN_IN_A_ROW))]).order_changed


def test_new_followers_between_known_ones_are_noticed() -> None:
    """Under a newest-first order nobody new stands below the mark and above other known followers."""
    between = [f"n{i}" for i in range(DISPLACED)]
    assert seen("0", "1", "2", *between, "3").order_changed


def test_older_followers_below_the_last_known_one_are_no_alarm() -> None:
    """A page that reaches below the first night's mark shows followers nobody has read yet."""
    assert not seen("0", "1", "2", *[f"n{i}" for i in range(50)]).order_changed


def test_a_few_who_followed_again_are_no_alarm() -> None:
    """Three of the known on top, then the mark: that's an ordinary night."""
    assert not seen("n1", "40", "9", "150", "0", "1", "2").order_changed


def test_a_mark_survives_its_checkpoint() -> None:
    """Written down and read back, it goes on counting where it was."""
    mark = seen("n1", "0", "1")
    again = StopRule.from_json(mark.as_json())
    assert again == mark
    again.see([("2", ListRow.KNOWN)], RANKS)
    assert again.met(200)
    assert StopRule.from_json({}) == StopRule()


def test_followers_read_before_in_this_pass_count_for_nothing() -> None:
    """After a restart at page 1 the pass meets its own followers: they are neither new nor a mark."""
    mark = StopRule()
    mark.see([(str(rank), ListRow.AGAIN) for rank in range(50)], RANKS)
    assert mark == StopRule()
    assert not mark.met(200)


def test_a_handful_of_known_followers_is_a_mark_too() -> None:
    """An account with one follower doesn't read on for ever."""
    mark = StopRule()
    mark.see([("0", ListRow.KNOWN)], {"0": 0})
    assert mark.met(1)
    assert mark.still_needed == RUN - 1


@given(st.lists(st.integers(0, 60), max_size=40))
def test_longest_rising_against_the_plain_way(ranks: list[int]) -> None:
    """Patience sorting gives the length that dynamic programming gives."""
    best: list[int] = []
    for index, rank in enumerate(ranks):
        best.append(1 + max((best[j] for j in range(index) if ranks[j] < rank), default=0))
    assert longest_rising(ranks) == max(best, default=0)


def test_those_above_the_mark_who_weren_t_there_are_missing() -> None:
    """The mark begins at rank 4, and only 1 of those before it was met: 0, 2 and 3 weren't where they should stand."""
    assert seen("n1", "1", "n2", "4", "5", "6").missing() == [0, 2, 3]


def test_without_a_mark_nobody_is_missing() -> None:
    """A reading that was cut off, or whose order has changed, says nothing about who left."""
    assert seen("n1", "n2", "40").missing() == []
    assert seen(*[str(rank) for rank in reversed(range(KNOWN_IN_A_ROW))]).missing() == []
