"""A session stands for its hours, while its person has a role and nobody ended it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from followguard.access.links import make_link
from followguard.access.sessions import end_lapsed, is_lapsed, sign_in, sign_out, sign_out_everywhere, standing_session
from followguard.errors import StoreFailed
from tests.builders.people import NOW, add, set_to, withdraw

SHIFT = timedelta(hours=12)


@pytest.fixture
def ann(store: Any) -> Any:
    """Ann, owner."""
    return add(store, "Ann", "owner").person


def began(store: Any, person: Any, before: str = "", now: datetime = NOW) -> str:
    """Signs the person in; returns the session's token."""
    with store.begin() as work:
        link = make_link(work, person, now, now + timedelta(minutes=15))
        return sign_in(work, link, now, SHIFT, before).token


def who(store: Any, token: str, now: datetime = NOW) -> str:
    """Whose session it is, empty for none."""
    with store.look() as work:
        found, over = standing_session(work, token, now), is_lapsed(work, token, now)
    if over:
        with store.begin() as work:
            end_lapsed(work, token, now)
    return found[1].name if found else ""


def test_a_session_stands_for_its_hours(store: Any, ann: Any) -> None:
    """To the last microsecond; and what was shown too late stays ended when the clock goes back."""
    token = began(store, ann)
    assert who(store, token, NOW + SHIFT - timedelta(microseconds=1)) == "Ann"
    assert who(store, token, NOW + SHIFT) == ""
    assert who(store, token) == ""


def test_a_session_of_the_future_is_none(store: Any, ann: Any) -> None:
    """It began later than the clock says it is."""
    token = began(store, ann)
    assert who(store, token, NOW - timedelta(hours=1)) == ""


def test_every_sign_in_has_a_new_token(store: Any, ann: Any) -> None:
    """What the browser came with isn't taken over, and ends: nobody can fix a session beforehand."""
    first = began(store, ann)
    second = began(store, ann, before=first)
    assert first != second
    assert (who(store, first), who(store, second)) == ("", "Ann")
    assert began(store, ann, before="planted") != "planted"
    assert who(store, "planted") == ""


def test_a_withdrawn_person_is_out_at_once(store: Any, ann: Any) -> None:
    """And stays out with the old session when they come back."""
    ben = add(store, "Ben", "reviewer", by="Ann").person
    token = began(store, ben)
    assert who(store, token) == "Ben"
    withdraw(store, "Ben", by="Ann")
    assert who(store, token) == ""
    add(store, "Ben", "reviewer", by="Ann")
    assert who(store, token) == ""


def test_withdrawing_ends_sessions_that_nobody_showed_meanwhile(store: Any, ann: Any) -> None:
    """Withdrawn and let in again between two requests: the old session is over; the last role for an account counts."""
    ben = add(store, "Ben", "reviewer", "acme", by="Ann").person
    token = began(store, ben)
    withdraw(store, "Ben", "acme", by="Ann")
    add(store, "Ben", "reviewer", by="Ann")
    assert who(store, token) == ""


def test_another_role_is_no_end(store: Any, ann: Any) -> None:
    """Who keeps a role keeps the session; pages ask for the role themselves."""
    ben = add(store, "Ben", "approver", by="Ann").person
    token = began(store, ben)
    set_to(store, "Ben", "viewer", by="Ann")
    assert who(store, token) == "Ben"


def test_signing_out_ends_one_or_all(store: Any, ann: Any) -> None:
    """One browser, or every one of the person's; nobody else's."""
    ben = add(store, "Ben", "reviewer", by="Ann").person
    first, second, third, of_ben = (began(store, ann), began(store, ann), began(store, ann), began(store, ben))
    with store.begin() as work:
        assert sign_out(work, first, NOW)
        assert not sign_out(work, first, NOW)
    assert [who(store, each) for each in (first, second, third, of_ben)] == ["", "Ann", "Ann", "Ben"]
    with store.begin() as work:
        assert sign_out_everywhere(work, ann, NOW, by=ben) == (2, 0)
    assert [who(store, each) for each in (second, third, of_ben)] == ["", "", "Ben"]


def test_sql_makes_no_session(store: Any, ann: Any) -> None:
    """One that isn't as the log says is none, and one that ended can't be opened again."""
    ben = add(store, "Ben", "reviewer", by="Ann").person
    token = began(store, ben)
    with store.begin() as work:
        work.connection.execute(text("UPDATE sessions SET expires_at = '2099-01-01 00:00:00+00:00'"))
    assert who(store, token) == ""
    with pytest.raises(StoreFailed), store.begin() as work:
        work.connection.execute(text(f"UPDATE sessions SET person_id = {ann.id}"))
    ended = began(store, ann)
    with store.begin() as work:
        sign_out(work, ended, NOW)
    with pytest.raises(StoreFailed), store.begin() as work:
        work.connection.execute(text("UPDATE sessions SET ended_at = NULL"))
