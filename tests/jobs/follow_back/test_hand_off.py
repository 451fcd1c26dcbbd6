"""The hand-off list: fresh links, at our pace, never for somebody who changed, left or was withdrawn."""

from typing import Any

import pytest

from followguard.adapters.store.accounts import Accounts
from followguard.adapters.store.orders import Orders
from followguard.adapters.store.people import People
from followguard.adapters.store.reading import Followers
from followguard.adapters.store.runs import Runs
from followguard.domain.outbox import OrderState, Step
from followguard.domain.policy import Executor
from followguard.errors import PlatformDown, RateLimited
from followguard.jobs.mark import MarkedAs, live_order_of, mark


def links(result: Any) -> list[str]:
    return [link.follower_id for link in result.handed_off]


def test_opening_the_list_hands_over(house: Any) -> None:
    """A link that X documents, the time it was checked, an attempt, a log entry."""
    first, second = house.approved("11", "12")
    result = house.run()
    assert [link.url for link in result.handed_off] == [
        "https://x.com/intent/follow?user_id=11",
        "https://x.com/intent/follow?user_id=12",
    ]
    assert {link.checked_at for link in result.handed_off} == {house.now}
    assert house.states(first, second) == ["handed_off", "handed_off"]
    assert house.outcomes(first) == ["handed_off"]
    assert house.log_kinds()[-2:] == ["order.handed_off", "order.handed_off"]
    assert result.exit_code == 0


def test_a_list_that_nobody_opens_hands_nothing_over(quick_house: Any) -> None:
    """The night has no person: orders stay queued."""
    (order,) = quick_house.approved("11")
    assert links(quick_house.run(opened=False)) == []
    assert quick_house.states(order) == ["queued"]


def test_the_list_can_be_opened_again(quick_house: Any) -> None:
    """What was handed off and isn't settled is shown again, without a second attempt or a second place."""
    orders = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13")
    assert links(quick_house.run()) == ["11", "12"]
    quick_house.pass_time(hours=1)
    again = quick_house.run()
    assert links(again) == ["11", "12"]
    assert quick_house.outcomes(orders[0]) == ["handed_off"]
    assert again.handed_off[0].handed_off_at < again.handed_off[0].checked_at
    assert (again.waiting, again.until) == (1, "2026-01-06")


def test_the_rest_follows_at_our_pace(quick_house: Any) -> None:
    """At most so many new ones a day; the due days and the outlook agree."""
    orders = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13", "14", "15")
    assert [quick_house.get(order).due for order in orders] == ["2026-01-05"] * 2 + ["2026-01-06"] * 2 + ["2026-01-07"]
    result = quick_house.run()
    assert (links(result), result.waiting, result.until) == (["11", "12"], 3, "2026-01-07")
    quick_house.pass_time(days=1)
    quick_house.recheck()
    assert links(quick_house.run()) == ["11", "12", "13", "14"]


def test_those_listed_today_are_not_counted_for_later_days(quick_house: Any) -> None:
    """In a dry run those it would follow, and without credentials those who weren't read within 24 hours."""
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13", "14", "15")
    dry = quick_house.run(dry_run=True)
    assert (len(dry.would), dry.waiting, dry.until) == (2, 3, "2026-01-07")
    quick_house.pass_time(days=2, seconds=1)
    unread = quick_house.run(ways=quick_house.no_credentials)
    assert (len(unread.skipped), unread.waiting, unread.until) == (5, 0, None)


def test_a_paused_account_says_since_when_and_how_many_wait(quick_house: Any) -> None:
    """Those due now and those of later days."""
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13")
    with quick_house.store.begin() as work:
        Accounts(work).set_paused(quick_house.account.id, quick_house.now)
    result = quick_house.run()
    assert (result.paused_at, result.queued, len(result.skipped)) == (quick_house.now, 3, 2)
    assert result.as_json()["paused_at"] == quick_house.now


def test_days_that_were_missed_are_not_made_up_at_once(quick_house: Any) -> None:
    """Nobody came for a week: the pace holds all the same, and what waits for it doesn't lapse."""
    orders = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13", "14", "15")
    quick_house.pass_time(days=7)
    assert links(quick_house.run()) == ["11", "12"]
    assert quick_house.get(orders[4]).waiting_since == quick_house.now


def test_places_of_void_orders_go_to_the_next(quick_house: Any) -> None:
    """One who left doesn't use up the day."""
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12")
    quick_house.add("13")
    late = quick_house.order("13", due="2026-01-05")
    quick_house.x.leave("11")
    assert links(quick_house.run()) == ["12", "13"]
    assert quick_house.states(late) == ["handed_off"]


def test_somebody_who_changed_is_not_handed_off(house: Any) -> None:
    """Invariant 3: the order is void, and the card comes back with the difference."""
    (order,) = house.approved("11")
    house.x.change("11", name="Totally Other", description="Crypto")
    result = house.run()
    assert links(result) == []
    assert house.states(order) == ["void"]
    assert 'name "Person 11" -> "Totally Other"' in result.skipped[0].why
    assert house.card("11").state == "waiting"
    assert "bio" in house.card("11").note
    assert house.run().handed_off == []


def test_profile_text_stays_out_of_log_and_orders(quick_house: Any) -> None:
    """Only the card's note quotes the profile, so that retention and erasure have one place to clear."""
    from sqlalchemy import select

    from followguard.adapters.store.tables import log_openings

    (order,) = quick_house.approved("11")
    quick_house.x.change("11", name="Secret Name")
    quick_house.run()
    with quick_house.store.begin() as work:
        payloads = list(work.connection.execute(select(log_openings.c.payload)).scalars())
    assert payloads[-1]["check"] == "changed"
    assert "Secret" in quick_house.card("11").note
    assert "Secret" not in f"{payloads}{quick_house.get(order).why}"


def test_a_change_that_another_run_recorded_is_told_too(quick_house: Any) -> None:
    """Invariant 3: the difference is against what was approved, not against what was read last."""
    quick_house.approved("11")
    quick_house.x.change("11", name="Other")
    with quick_house.store.begin() as work:
        Followers(work).observe(quick_house.account.id, [quick_house.x.people["11"]], quick_house.now)
    result = quick_house.run(ways=quick_house.no_credentials)
    assert links(result) == []
    assert 'name "Person 11" -> "Other"' in quick_house.card("11").note


@pytest.mark.parametrize(
    ("deed", "why"),
    [
        (lambda x: x.leave("11"), "don't follow us any more"),
        (lambda x: x.gone.update({"11": "suspended"}), "suspended"),
        (lambda x: x.change("11", connection=frozenset({"followed_by", "blocking"})), "blocks them"),
    ],
)
def test_somebody_who_is_gone_is_not_handed_off(quick_house: Any, deed: Any, why: str) -> None:
    """Left, suspended or blocked by us: void, with the reason."""
    (order,) = quick_house.approved("11")
    deed(quick_house.x)
    result = quick_house.run()
    assert (links(result), quick_house.states(order)) == ([], ["void"])
    assert why in result.skipped[0].why


def test_somebody_followed_already_is_confirmed(quick_house: Any) -> None:
    """No link for what is done; the card is closed."""
    (order,) = quick_house.approved("11")
    quick_house.x.following.add("11")
    result = quick_house.run()
    assert [row.follower_id for row in result.confirmed] == ["11"]
    assert quick_house.states(order) == ["confirmed"]
    assert quick_house.card("11").closed_why == "followed"


def test_without_credentials_a_fresh_reading_is_enough(quick_house: Any) -> None:
    """A reviewer's machine shows what was read within 24 hours, to the second, and nothing after."""
    quick_house.approved("11")
    quick_house.pass_time(hours=24)
    assert links(quick_house.run(ways=quick_house.no_credentials)) == ["11"]
    quick_house.pass_time(seconds=1)
    result = quick_house.run(ways=quick_house.no_credentials)
    assert links(result) == []
    assert "credentials" in result.skipped[0].why
    assert result.exit_code == 1


def test_with_credentials_a_stale_follower_is_read_at_once(quick_house: Any) -> None:
    """The look-up makes the link fresh, and is booked."""
    quick_house.approved("11")
    quick_house.pass_time(days=3)
    result = quick_house.run()
    assert result.handed_off[0].checked_at == quick_house.now
    with quick_house.store.begin() as work:
        assert Runs(work).spent_micro(quick_house.account.id, "2026-01-08", "2026-01-08") == 10_000


def test_looking_again_on_the_same_day_costs_nothing(quick_house: Any) -> None:
    """X bills a profile once a UTC day."""
    quick_house.approved("11")
    for _ in range(3):
        quick_house.run()
    with quick_house.store.begin() as work:
        assert Runs(work).spent_micro(None, "2026-01-01", "2026-01-31") == 10_000


@pytest.mark.parametrize(("error", "code"), [(RateLimited, 75), (PlatformDown, 75)])
def test_when_x_cannot_be_asked_stale_links_wait(quick_house: Any, error: Any, code: int) -> None:
    """Not shown, not lost, and that time doesn't make the order lapse."""
    (order,) = quick_house.approved("11")
    quick_house.pass_time(days=3)

    def fail() -> None:
        raise error("X has no time.", "Later.")

    quick_house.x.before_look_up.append(fail)
    result = quick_house.run()
    assert (links(result), result.exit_code) == ([], code)
    assert quick_house.get(order).waiting_since == quick_house.now


def test_a_used_up_budget_still_shows_what_is_fresh(quick_house: Any) -> None:
    """No money for a look-up, but the night read them: the link is shown; the exit code says that something is off."""
    quick_house.max_usd = 0.0
    quick_house.approved("11")
    quick_house.pass_time(hours=3)
    result = quick_house.run()
    assert links(result) == ["11"]
    assert result.exit_code == 3


def test_a_withdrawn_approver_takes_the_approval_along(quick_house: Any) -> None:
    """Even an order that came back to the queue after the withdrawal isn't handed off."""
    (order,) = quick_house.approved("11")
    with quick_house.store.begin() as work:
        People(work).withdraw(quick_house.ann, None, quick_house.now)
    assert links(quick_house.run()) == []
    assert quick_house.states(order) == ["void"]


def test_a_link_that_was_shown_goes_with_the_right_to_approve(house: Any) -> None:
    """However the role went: the list, without credentials too, and the night drop it, and the card is back."""
    first, second = house.approved("11", "12")
    assert links(house.run()) == ["11", "12"]
    with house.store.begin() as work:
        People(work).withdraw(house.ann, None, house.now)
    house.x.following.add("12")
    assert links(house.run(ways=house.no_credentials)) == []
    assert house.states(first, second) == ["void", "void"]
    assert (house.card("11").state, house.card("11").note) == (
        "waiting",
        "The person who approved it isn't an approver any more.",
    )


@pytest.mark.parametrize("state", ["handed_off", "parked", "queued"])
def test_the_night_voids_what_a_lost_role_left_behind(quick_house: Any, state: str) -> None:
    """A backstop for roles that went in another way than by the command."""
    (order,) = quick_house.approved("11")
    with quick_house.store.begin() as work:
        if state != "queued":
            Orders(work).move(Orders(work).get(order), Step(to=OrderState(state), now=quick_house.now))
        People(work).withdraw(quick_house.ann, None, quick_house.now)
    quick_house.recheck()
    assert quick_house.states(order) == ["void"]


def test_a_paused_account_hands_nothing_off(quick_house: Any) -> None:
    """Following stops; the orders wait and say so; exit 0, because that is what was asked for."""
    (order,) = quick_house.approved("11")
    with quick_house.store.begin() as work:
        Accounts(work).set_paused(quick_house.account.id, quick_house.now)
    result = quick_house.run()
    assert (links(result), result.exit_code) == ([], 0)
    assert "account resume" in result.skipped[0].why
    assert quick_house.get(order).waiting_since == quick_house.now


def test_an_approval_lapses_after_thirty_days(quick_house: Any) -> None:
    """Invariant 3: on the thirtieth day it holds, a second later it doesn't."""
    (order,) = quick_house.approved("11")
    quick_house.pass_time(days=30)
    assert quick_house.run(dry_run=True).would[0].follower_id == "11"
    quick_house.pass_time(seconds=1)
    assert links(quick_house.run()) == []
    assert "lapsed" in quick_house.card("11").note
    assert quick_house.states(order) == ["void"]


def test_time_spent_waiting_for_us_does_not_count(quick_house: Any) -> None:
    """Invariant 3: paused for 20 of 45 days, the approval still holds."""
    quick_house.approved("11")
    with quick_house.store.begin() as work:
        Accounts(work).set_paused(quick_house.account.id, quick_house.now)
    for _ in range(20):
        quick_house.recheck()
        quick_house.pass_time(days=1)
    with quick_house.store.begin() as work:
        Accounts(work).set_paused(quick_house.account.id, None)
    quick_house.recheck()
    quick_house.pass_time(days=25)
    assert links(quick_house.run()) == ["11"]


def test_never_follow_bars_an_order_that_stands(quick_house: Any) -> None:
    """Somebody put on the list after the approval isn't handed off."""
    (order,) = quick_house.approved("11")
    quick_house.under(Executor.HANDOFF, never_follow=("@Person_11",))
    assert links(quick_house.run()) == []
    assert quick_house.states(order) == ["void"]


def test_a_renamed_rival_isnt_handed_off(quick_house: Any) -> None:
    """The entry holds to whom it met, so the order is void whatever they are called when the list is opened."""
    from followguard.jobs.policy_in_force import hold_names

    (order,) = quick_house.approved("11")
    house = quick_house.under(Executor.HANDOFF, never_follow=("person_11",))
    with house.store.begin() as work:
        hold_names(work, house.account.id, house.settings.policy, house.now)
    desk = house.desk
    with house.store.begin() as work:
        assert desk.rules(work).never_follow == {"11"}
    assert [row.follower_id for row in house.run(dry_run=True).would] == []
    assert links(house.run()) == []
    assert house.states(order) == ["void"]


def test_a_dry_run_changes_nothing(quick_house: Any) -> None:
    """It says whom, calls nobody and writes nothing."""
    (order,) = quick_house.approved("11")
    before = quick_house.log_kinds()
    result = quick_house.run(dry_run=True)
    assert [row.follower_id for row in result.would] == ["11"]
    assert (result.handed_off, quick_house.states(order), quick_house.log_kinds()) == ([], ["queued"], before)


def test_the_dry_run_executor_never_follows(quick_house: Any) -> None:
    """As an account's setting it means the same."""
    (order,) = quick_house.under(Executor.DRY_RUN).approved("11")
    assert quick_house.run().would[0].follower_id == "11"
    assert quick_house.states(order) == ["queued"]


def said(house: Any, follower_id: str, what: MarkedAs) -> str:
    with house.store.begin() as work:
        order = live_order_of(work, house.account.id, follower_id)
        return str(mark(work, order, what, house.settings.policy, "p-ann", house.now).order.state.value)


def test_followed_waits_for_x_to_show_it(house: Any) -> None:
    """A person's word makes it `sent`; the link is gone; X's word confirms it."""
    (order,) = house.approved("11")
    house.run()
    assert said(house, "11", MarkedAs.FOLLOWED) == "sent"
    assert links(house.run()) == []
    house.x.following.add("11")
    assert house.recheck().confirmed == 1
    assert house.states(order) == ["confirmed"]


def test_followed_without_the_list_is_believed_too(quick_house: Any) -> None:
    """Who followed on the profile page says so; it takes a place in the day."""
    quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=1).approved("11", "12")
    said(quick_house, "12", MarkedAs.FOLLOWED)
    assert links(quick_house.run()) == []


def test_could_not_brings_the_card_back(quick_house: Any) -> None:
    """As a question, with what happened."""
    (order,) = quick_house.approved("11")
    quick_house.run()
    assert said(quick_house, "11", MarkedAs.COULD_NOT) == "void"
    assert (quick_house.card("11").state, quick_house.states(order)) == ("waiting", ["void"])
    assert "could not follow" in quick_house.card("11").note


def test_skip_puts_it_off_to_the_next_day_with_room(quick_house: Any) -> None:
    """It leaves the list, and is a new hand-off on that day."""
    first, _ = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=1).approved("11", "12")
    quick_house.run()
    assert said(quick_house, "11", MarkedAs.SKIP) == "queued"
    assert quick_house.get(first).due == "2026-01-07"
    assert links(quick_house.run()) == []
    quick_house.pass_time(days=2)
    assert links(quick_house.run()) == ["12"]


def test_an_order_that_is_done_cannot_be_marked(quick_house: Any) -> None:
    """A mark twice, or about nobody, is refused with the next step."""
    from followguard.errors import AlreadyDecided

    quick_house.approved("11")
    quick_house.run()
    said(quick_house, "11", MarkedAs.FOLLOWED)
    with pytest.raises(AlreadyDecided, match="is sent"):
        said(quick_house, "11", MarkedAs.FOLLOWED)
    quick_house.x.following.add("11")
    quick_house.recheck()
    with pytest.raises(AlreadyDecided, match="no open follow order"):
        said(quick_house, "11", MarkedAs.SKIP)


def test_credentials_of_another_account_void_nothing(quick_house: Any) -> None:
    """Asked with another's keys, everybody would seem to have left: X is asked whose they are first."""
    (order,) = quick_house.approved("11")
    quick_house.x.handle = "other"
    quick_house.x.leave("11")
    result = quick_house.run()
    assert quick_house.states(order) == ["handed_off"]
    assert result.error is not None
    assert (result.error.code, result.exit_code) == ("wrong_credentials", 3)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("dies_at", range(1, 11))
def test_killed_at_any_commit_the_list_is_whole_the_next_time(
    quick_house: Any, dying: Any, dies_at: int, after: bool
) -> None:
    """Invariant 6: the same links, each handed off once, within the same day's pace."""
    orders = quick_house.under(Executor.HANDOFF, max_follow_backs_per_day=2).approved("11", "12", "13")
    dying(quick_house, dies_at, after, quick_house.run)
    assert links(quick_house.run()) == ["11", "12"]
    assert [quick_house.outcomes(order) for order in orders] == [["handed_off"], ["handed_off"], []]
