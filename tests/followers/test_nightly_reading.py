"""The nightly reading on a real store, against a follower list in memory."""

from collections.abc import Callable
from typing import Any

import pytest

from followguard.domain.policy import AccountSettings, Policy
from followguard.errors import BudgetUsedUp, PlatformDown, TokenExpired, WrongCredentials
from followguard.followers.list_reading import ReadingTally
from followguard.followers.store import Followers
from followguard.testing import ListReader
from tests.builders.nights import Nights


def fails(error: Exception) -> Callable[[], None]:
    """Something that goes wrong before a page is answered."""

    def fail() -> None:
        raise error

    return fail


def test_the_first_night_reads_the_newest_only(nights: Nights) -> None:
    """100 of 300, the newest, each paid for once."""
    tally = nights.run()
    assert (tally.new, tally.reads, tally.cost) == (100, 100, 1_000_000)
    assert nights.recorded() == set(nights.reader.ids[:100])


def test_a_later_night_reads_the_new_and_little_more(nights: Nights) -> None:
    """Seven new followers cost ten profiles: three known ones prove the mark."""
    nights.run()
    nights.next(*[f"7{i}" for i in range(7)])
    tally = nights.run()
    assert (tally.new, tally.reads) == (7, 10)
    assert not tally.errors


def test_a_night_without_news_costs_the_mark(nights: Nights) -> None:
    """Nobody new: three profiles, and nothing recorded twice."""
    nights.run()
    nights.next()
    assert nights.run().reads == 3
    assert len(nights.recorded()) == 100


def test_an_unfollow_on_top_doesn_t_hide_the_mark(nights: Nights) -> None:
    """The newest known followers left: those after them are the mark."""
    nights.run()
    del nights.reader.ids[0:6]
    nights.next("71", "72")
    tally = nights.run()
    assert (tally.new, tally.errors) == (2, [])


def test_refollowers_on_top_don_t_stop_the_reading(nights: Nights) -> None:
    """Known followers who left and followed again stand among the new ones."""
    nights.run()
    back = [nights.reader.ids.pop(place) for place in (80, 33, 60)]
    nights.next("71", back[0], "72", back[1], back[2], "73")
    tally = nights.run()
    assert tally.new == 3
    assert {"71", "72", "73"} <= nights.recorded()


def test_one_who_had_left_and_is_back_is_counted(nights: Nights) -> None:
    """Recorded as gone, seen in the list again: returned, not new."""
    nights.run()
    gone = nights.reader.ids.pop(50)
    with nights.store.begin() as work:
        Followers(work).mark_left(1, [gone], nights.now)
    nights.next("71", gone)
    tally = nights.run()
    assert (tally.new, tally.returned) == (1, 1)
    assert gone in nights.recorded()


def test_those_who_weren_t_where_they_should_stand_are_no_mark_when_they_are_back(nights: Nights) -> None:
    """The newest four leave; two nights later they follow again, in their old order, above twelve new followers."""
    nights.reader.counts_followers = False
    nights.run()
    gone = nights.reader.ids[:4]
    del nights.reader.ids[:4]
    nights.next("71")
    nights.run()
    nights.next(*gone, *[f"8{i:02}" for i in range(12)])
    tally = nights.run()
    assert (tally.new, tally.returned, tally.errors) == (12, 4, [])


def test_a_night_that_is_cut_off_goes_on_where_it_stopped(nights: Nights) -> None:
    """Each page is saved once read; the next run reads the rest and pays for nothing twice."""
    nights.reader.counts_followers = False
    nights.run()
    nights.next(*[f"7{i:03}" for i in range(200)])
    nights.reader.before_page = [str, str, fails(PlatformDown("down"))]
    first = ReadingTally()
    with pytest.raises(PlatformDown):
        nights.run(first)
    assert first.new == first.reads > 0
    second = nights.run()
    assert first.new + second.new == 200
    assert not second.errors


def test_an_expired_token_starts_again_at_the_top(nights: Nights) -> None:
    """The pass meets its own followers again, doesn't take them for the mark, and finds the rest."""
    nights.reader.counts_followers = False
    nights.run()
    nights.next(*[f"7{i:03}" for i in range(60)])
    nights.reader.before_page = [str, str, fails(TokenExpired("old token"))]
    tally = nights.run()
    assert tally.new == 60


def test_the_budget_of_the_night_is_never_exceeded(nights: Nights) -> None:
    """A burst larger than the budget: as much as it pays for, then later; the next night goes on below."""
    nights.settings = AccountSettings(
        handle="acme", training_basis="none", policy=Policy(first_night=100, max_usd_per_night=1.2)
    )
    nights.run()
    burst = [f"7{i:03}" for i in range(200)]
    nights.next(*burst)
    with pytest.raises(BudgetUsedUp, match="max_usd_per_night"):
        nights.run()
    assert nights.spent() == 1_200_000
    nights.next("8001")
    tally = nights.run()
    assert nights.spent() <= 1_200_000
    assert tally.new == 81
    assert set(burst) <= nights.recorded()
    assert "8001" in nights.recorded()


def test_the_budget_of_the_month_holds_for_all_nights(nights: Nights) -> None:
    """The month's limit stops the second night."""
    nights.max_usd_per_month = 1.02
    nights.run()
    nights.next("71", "72", "73", "74")
    with pytest.raises(BudgetUsedUp, match="max_usd_per_month"):
        nights.run()
    assert nights.spent() == 20_000


def test_a_second_run_of_the_day_shares_its_budget(nights: Nights) -> None:
    """The first run's spending counts; a profile read again the same day costs nothing again."""
    nights.run()
    tally = nights.run()
    assert tally.new == 0
    assert tally.cost == 0
    assert nights.spent() == 1_000_000


def test_a_reversed_list_is_said(nights: Nights) -> None:
    """All known followers in reverse: the run is told that the order has changed, and what to do."""
    nights.settings = AccountSettings(handle="acme", training_basis="none", policy=Policy(first_night=300))
    nights.run()
    nights.reader.ids.reverse()
    nights.next()
    (error,) = nights.run().errors
    assert error.code == "order_changed"
    assert "reconcile --account acme" in str(error)


def test_new_followers_that_xs_count_promises_but_the_top_doesn_t_show_are_said(nights: Nights) -> None:
    """X counts fifty more, the top of the list shows nobody new."""
    nights.run()
    nights.next()
    nights.reader.ids.extend(str(100 + i) for i in range(50))
    (error,) = nights.run().errors
    assert error.code == "order_changed"


def test_a_burst_that_xs_count_explains_is_no_alarm(nights: Nights) -> None:
    """A thousand bought followers in a night are read to the mark without a doubt about the order."""
    nights.settings = AccountSettings(handle="acme", training_basis="none", policy=Policy(max_usd_per_night=50.0))
    nights.run()
    nights.next(*[f"7{i:04}" for i in range(1000)])
    tally = nights.run()
    assert (tally.new, tally.errors) == (1000, [])
    assert tally.reads <= 1005


def test_a_repeated_token_doesn_t_loop(nights: Nights) -> None:
    """X names the same token twice: the run ends with an error, the next one begins at the top."""

    class Stuck(ListReader):
        def followers(self, account_id: str, max_results: int, token: str | None) -> Any:
            page = ListReader.followers(self, account_id, max_results, None if token is None else self.ids[40])
            return page if token is None else type(page)(**{**as_fields(page), "next_token": token})

    nights.run()
    nights.next(*[f"7{i:03}" for i in range(150)])
    nights.reader = Stuck("acme", nights.reader.ids, now=nights.now, counts_followers=False)
    with pytest.raises(PlatformDown, match="second time"):
        nights.run()
    nights.reader = ListReader("acme", nights.reader.ids, now=nights.now, counts_followers=False)
    nights.run()
    assert {f"7{i:03}" for i in range(150)} <= nights.recorded()


def as_fields(page: Any) -> dict[str, Any]:
    """The fields of a page by name."""
    return {name: getattr(page, name) for name in page.__dataclass_fields__}


def test_a_list_that_goes_on_for_ever_without_a_row_ends(nights: Nights) -> None:
    """Empty pages with a token are no end of the list, but there is a bound."""

    class Empty(ListReader):
        def followers(self, account_id: str, max_results: int, token: str | None) -> Any:
            self.calls += 1
            page = ListReader.followers(self, account_id, 1, None)
            return type(page)(**{**as_fields(page), "profiles": (), "returned": 0, "next_token": f"t{self.calls}"})

    nights.reader = Empty("acme", nights.reader.ids)
    with pytest.raises(PlatformDown, match="empty pages"):
        nights.run()


def test_credentials_of_another_account_are_refused(nights: Nights) -> None:
    """Before a single follower is read."""
    nights.reader.handle = "somebody_else"
    with pytest.raises(WrongCredentials, match="@somebody_else"):
        nights.run()
    assert nights.reader.calls == 0


def test_a_reading_that_ends_with_its_budget_is_complete(nights: Nights) -> None:
    """The last affordable profile is the one that proves the mark: nothing is left for later."""
    nights.run()
    nights.settings = AccountSettings(handle="acme", training_basis="none", policy=Policy(max_usd_per_night=0.1))
    nights.next(*[f"7{i}" for i in range(7)])
    assert nights.run().finished
    assert nights.spent() == 100_000


def test_money_is_reserved_before_the_call(nights: Nights) -> None:
    """While a page is under way another run sees it as spent; a failed call gives it back."""
    seen: list[int] = []

    def look() -> None:
        seen.append(nights.spent())
        raise PlatformDown("down")

    nights.reader.before_page = [look]
    with pytest.raises(PlatformDown):
        nights.run()
    assert seen == [1_000_000]
    assert nights.spent() == 0
