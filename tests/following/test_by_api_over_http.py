"""The API executor through tweepy and real HTTP, against the sandbox and its faults."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import insert, update

from followguard.domain.credentials import Credentials, Secret
from followguard.domain.policy import Executor
from followguard.domain.units import day_of
from followguard.followers.list_reading import ReadingTally
from followguard.followers.store import Followers
from followguard.following.by_api import CallTiming
from followguard.following.follow_back import FollowBack, XAccess, follow_back
from followguard.following.pace import AT_ONCE
from followguard.following.recheck import Rechecked, recheck
from followguard.sandbox import QUIET, AccountPlan, Sandbox, SandboxPlan, serve
from followguard.store.tables import accounts, items
from followguard.x.gateway import open_reader, open_writer
from followguard.x.retry import Patience
from followguard.x.session import Timeouts
from tests.builders.nights import read_the_list

IMPATIENT = Patience(tries=2, first_wait=0.0, longest_wait=0.0, max_wait_seconds=0.0)
PLAN = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=6, mean_new=0, churn=QUIET, already_following=0),))


@dataclass
class Street:
    """@acme at work on the sandbox: three open followers, approved, with the API executor."""

    house: Any
    sandbox: Sandbox
    ids: list[str]
    orders: list[int]

    @property
    def ways(self) -> XAccess:
        secrets = {name.lower(): Secret(text) for name, text in self.sandbox.credentials["acme"].items()}
        keys, url = Credentials(**secrets), self.sandbox.url
        return XAccess(
            rhythm=CallTiming(spacing=AT_ONCE, sleep=lambda _: None, rng=Random(1)),
            open_reader=lambda: open_reader(keys, url, self.now, handle="acme", patience=IMPATIENT),
            open_writer=lambda own: open_writer(keys, url, own, self.now, handle="acme", patience=IMPATIENT),
        )

    def now(self) -> Any:
        return self.house.now

    def run(self, *, opened: bool = False) -> FollowBack:
        return follow_back(self.house.desk, self.ways, opened=opened)

    def recheck(self) -> Rechecked:
        opener = self.ways.open_reader
        assert opener is not None
        return recheck(self.house.desk, opener())

    def next_day(self) -> None:
        self.pass_time(timedelta(days=1))

    def pass_time(self, span: timedelta) -> None:
        self.house.now += span
        self.sandbox.set_clock(self.house.now)

    @property
    def states(self) -> list[str]:
        return list(self.house.states(*self.orders))

    @property
    def followed(self) -> list[str]:
        truth: Any = self.sandbox.state()
        return [i for i in self.ids if i in truth["accounts"]["acme"]["following"]]

    @property
    def follow_calls(self) -> int:
        with self.house.store.begin() as work:
            from sqlalchemy import func, select

            from followguard.store.tables import ledger

            return int(work.connection.execute(select(func.count()).where(ledger.c.call == "follow")).scalar_one())


@pytest.fixture
def street(quick_house: Any) -> Iterator[Street]:
    """Read by the real ingest, decided by Ann."""
    house = quick_house.under(Executor.API)
    with serve(PLAN) as sandbox:
        house.now = PLAN.start
        with house.store.begin() as work:
            work.covered.update(update(accounts).values(x_id=None))
        one = Street(house, sandbox, [], [])
        opener = one.ways.open_reader
        assert opener is not None
        read_the_list(house.store, opener(), house.settings, house.desk.spending, one.now, ReadingTally())
        with house.store.begin() as work:
            known = Followers(work).head(house.account.id, 99, 10)
            looks = Followers(work).latest(house.account.id, known)
            one.ids += [i for i in known if looks[i].protected is not True][:3]
            for follower_id in one.ids:
                row = {"account_id": house.account.id, "follower_id": follower_id, "state": "approved"}
                row |= {"held_back": False, "audit": False, "updated_at": house.now, "due": day_of(house.now)}
                work.connection.execute(insert(items).values(row))
        one.orders += [house.order(i) for i in one.ids]
        yield one


def test_orders_become_follows_on_x_and_the_next_night_confirms_them(street: Street) -> None:
    """Three approvals, three calls, three follows, nobody else."""
    assert [row.follower_id for row in street.run().sent] == street.ids
    assert street.followed == street.ids
    street.next_day()
    assert street.recheck().confirmed == 3
    assert (street.states, street.follow_calls) == (["confirmed"] * 3, 3)


@pytest.mark.parametrize("fault", ["lost_answer", "connection_reset", "http_503", "html_200", "cut_json"])
def test_an_answer_that_never_came_is_settled_by_reading(street: Street, fault: str) -> None:
    """Whether X had done it or not: the run stops there, and the next ones come to the same end, calling no more
    than they must.
    """
    street.sandbox.set_faults([{"on": "follow", "fault": fault, "times": 1}])
    assert street.run().exit_code == 75
    assert street.states == ["sending", "queued", "queued"]
    street.run()
    assert street.follow_calls == 3
    street.pass_time(timedelta(hours=1))
    street.run()
    street.next_day()
    street.recheck()
    assert (street.states, street.followed) == (["confirmed"] * 3, street.ids)
    assert street.follow_calls == (3 if fault in {"lost_answer", "cut_json"} else 4)


@pytest.mark.parametrize("fault", ["drip_headers", "endless_continue", "never_answers"])
def test_a_follow_that_met_the_deadline_is_settled_by_reading(
    street: Street, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """X had done it: the next run sees that, and doesn't call again."""
    hasty = replace(IMPATIENT, timeouts=Timeouts(whole=1.0))
    street.sandbox.set_faults([{"on": "follow", "fault": fault, "times": 1, "seconds": 30}])
    with monkeypatch.context() as patched:
        patched.setattr(sys.modules[__name__], "IMPATIENT", hasty)
        assert street.run().exit_code == 75
    assert street.states == ["sending", "queued", "queued"]
    street.run()
    assert (street.states, street.followed, street.follow_calls) == (["confirmed", "sent", "sent"], street.ids, 3)


@pytest.mark.parametrize("fault", ["feature_not_permitted", "access_level", "client_not_enrolled"])
def test_a_plan_level_403_makes_one_call_and_hands_off(street: Street, fault: str) -> None:
    """The batch isn't burned through; the person who runs the command gets the links of all three."""
    street.sandbox.set_faults([{"on": "follow", "fault": fault, "times": 0}])
    result = street.run(opened=True)
    assert [link.follower_id for link in result.handed_off] == street.ids
    assert (street.states, street.follow_calls, street.followed) == (["handed_off"] * 3, 1, [])


@pytest.mark.parametrize("fault", ["http_400", "http_404"])
def test_an_attempt_that_fails_is_a_mixture(street: Street, fault: str) -> None:
    """One of three goes back to the queue, the others are followed: exit 3, not 0."""
    street.sandbox.set_faults([{"on": "follow", "fault": fault, "times": 1, "target": street.ids[0]}])
    result = street.run()
    assert (len(result.sent), [row.failed for row in result.skipped], result.exit_code) == (2, [True], 3)


def test_an_unknown_403_stops_the_batch_and_concludes_nothing(street: Street) -> None:
    """One call; the account stays with the API, and those never called aren't blamed on the first."""
    street.sandbox.set_faults([{"on": "follow", "fault": "unknown_403", "times": 0}])
    result = street.run(opened=True)
    assert (street.states, street.follow_calls, result.handed_off) == (["queued"] * 3, 1, [])
    first, *others = result.skipped
    assert street.ids[0] in (first.why or "")
    assert all("Not tried" in (row.why or "") for row in others)


@pytest.mark.parametrize("fault", ["blocked_by_target", "already_requested"])
def test_a_403_for_one_follower_stops_nobody_else(street: Street, fault: str) -> None:
    """The refused follower's card comes back with X's words; the other two are followed."""
    street.sandbox.set_faults([{"on": "follow", "fault": fault, "target": street.ids[1]}])
    street.run()
    assert street.states == ["sent", "void", "sent"]
    assert street.house.card(street.ids[1]).state == "waiting"
    assert "X refuses the follow of this one account" in street.house.card(street.ids[1]).note


@pytest.mark.parametrize(
    "fault", ["rate_limited", "rate_limited_24h", "rate_limited_no_reset", "credits_depleted", "spending_cap"]
)
def test_what_ends_by_itself_leaves_the_rest_queued(street: Street, fault: str) -> None:
    """429, 402 and the spending cap: exit 75, nothing lost, and the next day goes on."""
    street.sandbox.set_faults([{"on": "follow", "fault": fault, "after": 1, "times": 1}])
    assert street.run().exit_code == 3
    assert street.states == ["sent", "queued", "queued"]
    street.next_day()
    street.run()
    assert street.states == ["sent", "sent", "sent"]
    assert [street.house.get(order).failures for order in street.orders] == [0, 0, 0]


def test_a_200_without_effect_is_found_out_and_a_person_is_asked(street: Street) -> None:
    """X says yes and doesn't do it; the night's reading sees it, and only a new approval makes another call."""
    street.sandbox.set_faults([{"on": "follow", "fault": "without_effect", "target": street.ids[0]}])
    street.run()
    assert (street.states, street.followed) == (["sent"] * 3, street.ids[1:])
    street.next_day()
    street.recheck()
    street.run()
    assert (street.states, street.follow_calls) == (["void", "confirmed", "confirmed"], 3)
    assert "Still follow them?" in street.house.card(street.ids[0]).note
    street.house.order(street.ids[0])
    street.run()
    assert (street.followed, street.follow_calls) == (street.ids, 4)


def test_who_left_or_changed_since_is_not_followed(street: Street) -> None:
    """Read just before: one left, one was suspended, one has another bio; X gets no follow call at all."""
    street.sandbox.intervene("leave", street.ids[0], "acme")
    street.sandbox.intervene("suspend", street.ids[1], "acme")
    street.sandbox.intervene("change", street.ids[2], "acme", {"description": "Quick money, ask me how"})
    street.run()
    assert (street.states, street.follow_calls, street.followed) == (["void"] * 3, 0, [])
    assert "bio" in street.house.card(street.ids[2]).note


def test_401_changes_nothing(street: Street) -> None:
    """Wrong credentials: exit 1, orders untouched."""
    street.sandbox.set_faults([{"on": "follow", "fault": "http_401", "times": 0}])
    assert street.run().exit_code == 1
    assert street.states == ["queued"] * 3
