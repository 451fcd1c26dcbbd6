"""Twenty thousand cards wait: what a key fetches stays as small as with six."""

from typing import Any

from sqlalchemy import insert, select

from followguard.accounts.store import Accounts
from followguard.store.tables import followers, items, snapshots
from tests.builders.browser_desk import Seat
from tests.builders.reviewing import House

MANY = 20_000
MOST_REQUESTS = 3
"""Decide, say that the next card stands there, refill the hand."""
MOST_BYTES = 20_000


def many(house: House) -> None:
    """One follower in twenty thousand forms."""
    house.read("1001", "1002")
    house.night()
    with house.store.begin() as work:
        account, put = Accounts(work).ensure("acme", house.now).id, work.connection.execute

        def like(table: Any, **where: Any) -> dict[str, Any]:
            query = select(table).where(*(table.c[name] == value for name, value in where.items()))
            return dict(work.connection.execute(query.limit(1)).one()._mapping)

        one = like(followers, follower_id="1001")
        seen, card = like(snapshots, id=one["snapshot_id"]), like(items, follower_id="1001")
        numbers = range(100_000, 100_000 + MANY)
        rest = one | {"account_id": account}
        put(insert(followers), [rest | {"follower_id": str(n), "ordinal": n, "snapshot_id": n} for n in numbers])
        named = [{"id": n, "follower_id": str(n), "username": f"p{n}", "name": f"Person {n}"} for n in numbers]
        put(insert(snapshots), [seen | each for each in named])
        put(insert(items), [card | {"id": n, "follower_id": str(n)} for n in numbers])


def test_a_key_fetches_little(open_desk: Any, quick_house: House, seat: Any) -> None:
    """Each decision is at most three requests with at most 20 kB of answers.

    The next card stands there as soon as the one before is saved, whatever else is still to be answered.
    """
    quick_house.policy(max_cards_per_day=30_000)
    many(quick_house)
    ada: Seat = seat(open_desk()).sit("Ada")
    sizes: list[int] = []
    assert "20,002 left" in ada.page.locator("#progress").inner_text()
    ada.page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))
    for key, words in (("r", "Rejected"), ("n", "Rejected"), ("s", "Left on the list."), ("a", "Approved")):
        sizes.clear()
        with ada.page.expect_response("**/desk/hand*"):
            ada.decide(key, words)
        assert len(sizes) <= MOST_REQUESTS
        assert sum(sizes) <= MOST_BYTES
    before = ada.key
    ada.press("u")
    ada.hears("Taken back")
    ada.moves_on(before)
    assert ada.page.evaluate("() => document.querySelectorAll('*').length") < 400
    before = ada.read()
    ada.page.route("**/desk/hand*", lambda route: None)
    ada.press("r")
    ada.page.wait_for_selector(f'#hand > [data-seen]:not([data-key="{before}"])')
