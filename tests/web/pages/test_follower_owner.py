"""Forgetting and disclosing in the browser: for owners who signed in just now, and typed whom they mean."""

from typing import Any


def test_a_typed_name_and_a_fresh_sign_in_are_wanted(pages: Any) -> None:
    """Neither an old session nor another name does anything."""
    one, path = pages.browser(), pages.path("101")
    username = pages.house.card("101").profile.username
    for act in ("forget", "disclose"):
        for typed in ("", "102", "somebody"):
            assert one.post(f"{path}/{act}", {"typed": typed}).status_code == 400
    pages.web.pass_time(minutes=5)
    answer = one.post(f"{path}/forget", {"typed": username})
    assert (answer.status_code, "younger than five minutes" in answer.text) == (403, True)
    assert pages.house.rows("SELECT count(*) FROM followers WHERE follower_id = '101'") == [(1,)]


def test_forgetting_leaves_nothing(pages: Any) -> None:
    """The follower of both accounts goes from both, and their page is gone."""
    one, path = pages.browser(), pages.path("103")
    answer = one.post(f"{path}/forget", {"typed": "@" + (pages.house.card("103").profile.username or "").upper()})
    assert answer.status_code == 200
    assert "@acme" in answer.text
    assert "@beta" in answer.text
    for table in ("followers", "snapshots", "items", "scores"):
        assert pages.house.rows(f"SELECT count(*) FROM {table} WHERE follower_id = '103'") == [(0,)]
    assert one.get(path).status_code == 404
    assert pages.house.rows("SELECT actor FROM log WHERE kind = 'follower.forget'") == [("p-ola",)] * 2


def test_disclosing_downloads_what_the_command_prints(pages: Any) -> None:
    """JSON as an attachment, with what both accounts hold."""
    answer = pages.browser().post(f"{pages.path('103')}/disclose", {"typed": "103"})
    assert answer.headers["content-disposition"] == 'attachment; filename="followguard-disclose-103.json"'
    found = answer.json()
    assert (found["follower_id"], sorted(found["accounts"])) == ("103", ["acme", "beta"])
    assert len(found["snapshots"]) == 2
    assert found["as_of"].endswith("Z")


def test_an_owner_of_one_account_cannot_reach_into_another(pages: Any) -> None:
    """Who also follows an account of somebody else's can't be forgotten or disclosed, and nothing is said of it."""
    from followguard.accounts.store import Accounts, People

    with pages.house.store.begin() as work:
        beta = next(each.id for each in Accounts(work).all() if each.handle == "beta")
        eve = People(work).add("Eve", "p-eve", pages.house.now)
        People(work).grant(eve.id, "owner", beta, None, pages.house.now)
    pages.web.people["Eve"] = eve
    one = pages.browser("Eve")
    both, own = pages.path("103", "beta"), pages.path("201", "beta")
    assert "/forget" not in one.get(both).text
    answer = one.post(f"{both}/disclose", {"typed": "103"})
    assert (answer.status_code, "acme" in answer.text) == (403, False)
    assert one.post(f"{own}/disclose", {"typed": "201"}).status_code == 200
