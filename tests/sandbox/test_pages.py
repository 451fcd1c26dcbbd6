"""Pages of a follower list and the tokens between them."""

import pytest

from followguard.sandbox.follower_list import FollowerList
from followguard.sandbox.pages import Bookmark, TokenPress, turn_page

START = Bookmark("8", "newest_first", -1)
PRESS = TokenPress(b"key")


def followers(count: int) -> FollowerList:
    listed = FollowerList()
    listed.add(range(count))
    return listed


def walk(
    listed: FollowerList, size: int, faults: frozenset[str] = frozenset(), mark: Bookmark = START
) -> list[list[int]]:
    """Walks all pages, with the faults on the second one only."""
    pages: list[list[int]] = []
    following: Bookmark | None = mark
    while following:
        leaf = turn_page(listed, following, size, faults if len(pages) == 1 else frozenset())
        pages.append(leaf.people)
        following = leaf.following
    return pages


def test_newest_first_and_nobody_twice() -> None:
    """Full pages, then the rest, newest first; the last page has no token."""
    assert walk(followers(7), 3) == [[6, 5, 4], [3, 2, 1], [0]]
    assert walk(followers(6), 3) == [[5, 4, 3], [2, 1, 0]]
    assert walk(followers(0), 3) == [[]]


def test_a_token_is_anchored_on_the_follower() -> None:
    """New followers and people who leave between two pages shift nothing."""
    listed = followers(8)
    first = turn_page(listed, START, 3, frozenset())
    listed.add([100, 101])
    listed.remove(5)
    listed.remove(3)
    assert first.following
    assert turn_page(listed, first.following, 3, frozenset()).people == [4, 2, 1]


def test_coming_back_is_a_new_place() -> None:
    """A person who leaves and follows again is the newest follower."""
    listed = followers(4)
    listed.remove(1)
    listed.add([1, 2])
    assert listed.people() == [1, 3, 2, 0]
    assert len(listed) == 4


@pytest.mark.parametrize("order", ["oldest_first", "shuffled"])
def test_other_orders_are_whole_too(order: str) -> None:
    """Oldest first and shuffled lists hold everybody once, on pages that go together."""
    read = [person for page in walk(followers(50), 7, mark=Bookmark("8", order, -1)) for person in page]
    assert sorted(read) == list(range(50))
    assert read != list(range(49, -1, -1))
    assert (read == list(range(50))) == (order == "oldest_first")


@pytest.mark.parametrize("fault", ["short_page", "empty_page", "duplicates", "nonsense_rows"])
def test_odd_pages_lose_nobody(fault: str) -> None:
    """Whatever a page lacks comes on the next one, and no page is longer than asked for."""
    pages = walk(followers(50), 10, frozenset({fault}))
    assert list(dict.fromkeys(person for page in pages for person in page)) == list(range(49, -1, -1))
    assert max(map(len, pages)) <= 10


def test_odd_pages_look_as_they_should() -> None:
    """84 of 100; nothing; the last three of the page before."""
    listed = followers(500)
    assert len(walk(listed, 100, frozenset({"short_page"}))[1]) == 84
    assert walk(listed, 100, frozenset({"empty_page"}))[1] == []
    first, second = walk(listed, 100, frozenset({"duplicates"}))[:2]
    assert second[:3] == first[-3:]


def test_duplicates_at_the_start_repeat_the_first() -> None:
    """A first page has no page before, so it repeats its own first row."""
    assert turn_page(followers(20), START, 10, frozenset({"duplicates"})).people[:2] == [19, 19]


def test_an_empty_page_has_another_token() -> None:
    """The token after an empty page differs from the one that led there, though the place is the same."""
    mark = Bookmark("8", "newest_first", 5)
    after = turn_page(followers(9), mark, 3, frozenset({"empty_page"})).following
    assert after
    assert (after.place, PRESS.print(after) != PRESS.print(mark)) == (5, True)


def test_tokens_are_opaque_and_bound_to_their_list() -> None:
    """A token gives its bookmark back to its own list, and nothing to another one, when altered or made up."""
    mark = Bookmark("8", "oldest_first", 41, 2)
    token = PRESS.print(mark)
    assert token.isalnum()
    assert PRESS.read(token, "8") == mark
    altered = ("A" if token[0] != "A" else "B") + token[1:]
    wrong = (altered, token[:-8], "NONSENSE", "", "ä", "1" * 40)
    assert [PRESS.read(one, "8") for one in wrong] == [None] * len(wrong)
    assert PRESS.read(token, "9") is None
    assert TokenPress(b"other").read(token, "8") is None
