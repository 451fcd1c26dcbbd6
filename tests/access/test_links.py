"""A sign-in link is good once, for one person, for a short time; and the database knows its hash alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from followguard.access.links import INVITE, good_link, make_link
from followguard.access.sessions import sign_in, sign_out_everywhere
from followguard.accounts.people import person_named
from followguard.accounts.store import People
from followguard.errors import LinkRefused, StoreFailed
from followguard.store.log import Log
from followguard.store.tables import metadata
from tests.builders.people import NOW, add, withdraw

QUARTER = timedelta(minutes=15)
SHIFT = timedelta(hours=12)


@pytest.fixture
def ann(store: Any) -> Any:
    """Ann, owner."""
    return add(store, "Ann", "owner").person


def linked(store: Any, person: Any, **span: float) -> str:
    """Makes a link that is good for a quarter of an hour, or as long as said."""
    with store.begin() as work:
        return make_link(work, person, NOW, NOW + (timedelta(**span) if span else QUARTER), INVITE, by=person)


def spent(store: Any, token: str, now: datetime = NOW) -> Any:
    """Signs in, in a transaction of its own."""
    with store.begin() as work:
        return sign_in(work, token, now, SHIFT)


def test_a_link_is_good_once(store: Any, ann: Any) -> None:
    """The first time it opens a session of its person; the second time it says that it was used."""
    token = linked(store, ann)
    assert spent(store, token).person.name == "Ann"
    with pytest.raises(LinkRefused, match="used already"):
        spent(store, token)


def test_looking_spends_nothing(store: Any, ann: Any) -> None:
    """Mail scanners open links: however often, the person can still use theirs."""
    token = linked(store, ann)
    for _ in range(3):
        with store.begin() as work:
            assert good_link(work, token, NOW)[1].name == "Ann"
    assert spent(store, token).person.name == "Ann"


def test_a_link_ends(store: Any, ann: Any) -> None:
    """The moment it is said to end it is too old already; a microsecond before it is good."""
    token = linked(store, ann)
    with pytest.raises(LinkRefused, match="too old"):
        spent(store, token, NOW + QUARTER)
    assert spent(store, token, NOW + QUARTER - timedelta(microseconds=1)).person.name == "Ann"


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 100_000, "'; DROP TABLE people; --", "ä\u202e\x00"])
def test_unknown_tokens_are_refused(store: Any, ann: Any, token: str) -> None:
    """Made up, empty, huge or hostile: the same sentence, and what to do."""
    linked(store, ann)
    with pytest.raises(LinkRefused, match=r"isn't known here\. Ask for a new link: followguard desk invite NAME"):
        spent(store, token)


def test_a_tampered_token_is_unknown(store: Any, ann: Any) -> None:
    """One letter changed, one cut off or added."""
    token = linked(store, ann)
    for other in (token[:-1], token + "A", ("B" if token[0] == "A" else "A") + token[1:]):
        with pytest.raises(LinkRefused, match="isn't known"):
            spent(store, other)


def test_a_race_has_one_winner(store: Any, ann: Any) -> None:
    """Posted by eight threads at once, the link opens one session."""
    token = linked(store, ann)

    def one(_: int) -> str:
        try:
            return str(spent(store, token).person.name)
        except LinkRefused as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        came = sorted(pool.map(one, range(8)))
    assert came == ["Ann"] + ["sign_in_link"] * 7
    with store.begin() as work:
        assert work.connection.execute(text("SELECT count(*) FROM sessions")).scalar() == 1


def test_a_clock_that_goes_back_brings_no_link_back(store: Any, ann: Any) -> None:
    """Used stays used; one made in the future is refused; and the log knows that its time was over once."""
    used, old = linked(store, ann), linked(store, ann)
    spent(store, used, NOW + timedelta(minutes=10))
    with pytest.raises(LinkRefused, match="used already"):
        spent(store, used, NOW)
    with pytest.raises(LinkRefused, match="the clock went back"):
        spent(store, old, NOW - timedelta(hours=1))
    with store.begin() as work:
        Log(work).append(NOW + timedelta(hours=2), "note", "", "followguard", {})
    with pytest.raises(LinkRefused, match="too old"):
        spent(store, old, NOW)


def test_entries_before_the_link_say_nothing_about_its_end(store: Any, ann: Any) -> None:
    """A demo's nights may lie in the future of this machine's clock."""
    with store.begin() as work:
        Log(work).append(NOW + timedelta(days=40), "note", "", "followguard", {})
    assert spent(store, linked(store, ann)).person.name == "Ann"


def test_who_was_withdrawn_has_no_way_in(store: Any, ann: Any) -> None:
    """Nor by an old link once they have a role again: withdrawing took it back."""
    ben = add(store, "Ben", "reviewer", by="Ann").person
    token = linked(store, ben)
    withdraw(store, "Ben", by="Ann")
    with pytest.raises(LinkRefused, match="taken back"):
        spent(store, token)
    add(store, "Ben", "reviewer", by="Ann")
    with pytest.raises(LinkRefused, match="taken back"):
        spent(store, token)


def test_who_has_no_role_has_no_way_in(store: Any, ann: Any) -> None:
    """A role that ended past the program, too."""
    ben = add(store, "Ben", "reviewer", by="Ann").person
    token = linked(store, ben)
    with store.begin() as work:
        People(work).withdraw(ben.id, None, NOW)
    with pytest.raises(LinkRefused, match="no role here any more"):
        spent(store, token)


def test_links_can_be_taken_back(store: Any, ann: Any) -> None:
    """Signing a person out everywhere takes what they haven't used yet."""
    token = linked(store, ann)
    with store.begin() as work:
        assert sign_out_everywhere(work, ann, NOW) == (0, 1)
    with pytest.raises(LinkRefused, match="taken back"):
        spent(store, token)


def test_a_link_past_the_program_opens_nothing(store: Any, ann: Any) -> None:
    """A row that somebody wrote, or turned to another person, isn't in the log and counts for nothing."""
    token = linked(store, ann)
    with store.begin() as work:
        work.connection.execute(text("UPDATE sign_in_links SET kind = 'night'"))
    with pytest.raises(LinkRefused, match="isn't known"):
        spent(store, token)


def test_the_database_holds_used_links_used(store: Any, ann: Any) -> None:
    """Not even SQL turns a used link back into a good one, or gives it to somebody else."""
    ben = add(store, "Ben", "reviewer", by="Ann").person
    spent(store, linked(store, ann))
    for change in ("used_at = NULL", f"person_id = {ben.id}"):
        with pytest.raises(StoreFailed), store.begin() as work:
            work.connection.execute(text(f"UPDATE sign_in_links SET {change}"))


def test_no_token_is_kept(store: Any, ann: Any) -> None:
    """In no table, the log's payloads among them, stands the token of a link or a session."""
    token = linked(store, ann)
    session = spent(store, token).token
    with store.begin() as work:
        stored = "\n".join(
            repr(tuple(row)) for table in metadata.sorted_tables for row in work.connection.execute(table.select())
        )
    assert "desk.sign_in" in stored
    assert token not in stored
    assert session not in stored


def test_the_person_is_found_by_name(store: Any, ann: Any) -> None:
    """The night makes links with the person that the accounts room gives."""
    with store.begin() as work:
        person = person_named(work, "Ann")
        assert person is not None
        token = make_link(work, person, NOW, datetime(2026, 8, 22, 12, tzinfo=UTC))
    assert spent(store, token, datetime(2026, 8, 22, 11, 59, tzinfo=UTC)).person == ann
