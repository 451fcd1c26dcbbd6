"""What the desk's requests don't reach: other accounts, a card that was decided since, and numbers that no row has."""

import json
from typing import Any

import pytest

from tests.builders.reviewing import APPROVE
from tests.builders.web_desk import OWN


def send(one: Any, path: str, body: Any) -> Any:
    """Sends JSON as the page does; text is sent as it is."""
    headers = OWN | {"x-followguard-token": one.csrf, "content-type": "application/json"}
    return one.client.post(path, content=body if isinstance(body, str) else json.dumps(body), headers=headers)


def first(one: Any) -> int:
    """The card on the screen."""
    item: int = one.get("/desk/hand").json()["hand"][0]["item"]
    return item


def test_an_approval_sent_again_after_an_undo_is_no_new_look(pages: Any) -> None:
    """A request that a slow line delivers twice approves nobody whom the person has taken back."""
    one = pages.browser("Ada")
    item = first(one)
    word = send(one, "/desk/seen", {"item": item}).json()["seen"]
    pages.web.pass_time(seconds=2)
    approval = {"item": item, "seen": word, "action": "approve"}
    assert send(one, "/desk/decide", approval).status_code == 200
    assert send(one, "/desk/undo", {}).json()["hand"][0]["item"] == item
    assert send(one, "/desk/decide", approval).status_code == 409
    anew = send(one, "/desk/seen", {"item": item}).json()["seen"]
    pages.web.pass_time(seconds=2)
    assert send(one, "/desk/decide", approval | {"seen": anew}).status_code == 200


def test_an_account_that_is_not_seen_answers_as_none_at_all(pages: Any) -> None:
    """Bea works for beta: requests about acme are answered as those about an account or card that isn't there."""
    one, item = pages.browser("Bea"), pages.house.card("101").item
    pages.house.decide("101", APPROVE, by="Ada")
    for path in ("/?account={}", "/follow-back?account={}", "/desk/hand?account={}", "/desk/others?account={}"):
        theirs, nobody = (one.get(path.format(name)) for name in ("acme", "nobodys"))
        assert (theirs.status_code, theirs.text) == (404, nobody.text), path
    theirs, nobody = (send(one, "/follow-back/open", {"account": name}) for name in ("acme", "nobodys"))
    assert (theirs.status_code, theirs.text) == (404, nobody.text)
    theirs, nobody = (send(one, "/follow-back/mark", {"item": row, "as": "followed"}) for row in (item, 99_999))
    assert (theirs.status_code, theirs.text) == (404, nobody.text)
    fields = {"name": "Ben", "role": "viewer"}
    theirs, nobody = (one.post("/people/role", fields | {"account": name}) for name in ("acme", "nobodys"))
    assert (theirs.status_code, theirs.text) == (404, nobody.text)


def test_only_colleagues_who_can_answer_are_offered(pages: Any) -> None:
    """Bea may ask those who decide for beta; nobody of acme alone is named, no viewer, nobody withdrawn."""
    one = pages.browser()
    one.post("/people/add", {"name": "Nia", "role": "reviewer", "account": "acme"})
    text = pages.browser("Bea").get("/").text
    assert "Nia" not in text
    assert ">Vic<" not in text
    assert "Rea" in text
    assert "Nia" in one.get("/").text


def test_a_role_that_ends_takes_its_cards_along(pages: Any) -> None:
    """A sitting that goes on shows no card of the account that was taken away, nor takes a decision about one."""
    owner = pages.browser()
    for handle in ("acme", "beta"):
        owner.post("/people/add", {"name": "Nia", "role": "reviewer", "account": handle})
    with pages.house.store.look() as work:
        from followguard.accounts.store import People

        pages.web.people["Nia"] = People(work).by_name("Nia")
    nia = pages.browser("Nia")
    item = first(nia)
    word = send(nia, "/desk/seen", {"item": item}).json()["seen"]
    assert nia.get("/desk/hand").json()["hand"][0]["account"] == "acme"
    owner.post("/people/withdraw", {"name": "Nia", "account": "acme"})
    assert {each["account"] for each in nia.get("/desk/hand").json()["hand"]} == {"beta"}
    assert send(nia, "/desk/decide", {"item": item, "seen": word, "action": "later", "until": "+7"}).status_code == 409


@pytest.mark.parametrize("number", ["²", "９", "9" * 5000, "-1", "1e3"])
def test_what_is_no_number_of_a_row_is_a_sentence(quick_pages: Any, number: str) -> None:
    """In an address: no fault of the program."""
    one = quick_pages.browser()
    assert one.client.get("/desk/batch/members", params={"batch": number}).status_code == 409
    for kind in ("item", "batch"):
        assert one.client.get("/desk/hand", params={"was": f"{kind}:{number}"}).status_code == 200


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "-1", "true", "1.0", "null", '"1"', "[1]"])
def test_what_is_no_number_in_json_is_a_sentence(quick_pages: Any, number: str) -> None:
    """Wherever a change names a row."""
    one = quick_pages.browser()
    for path in ("/desk/seen", "/desk/decide", "/desk/skip", "/follow-back/mark"):
        answer = send(one, path, f'{{"item": {number}, "as": "followed"}}')
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "usage"), path


def test_a_refused_key_names_no_command(quick_pages: Any) -> None:
    """What the script shows says what to do in a browser: whom to ask, and nothing for a terminal."""
    one = quick_pages.browser("Rea")
    item = first(one)
    word = send(one, "/desk/seen", {"item": item}).json()["seen"]
    quick_pages.web.pass_time(seconds=2)
    refused = send(one, "/desk/decide", {"item": item, "seen": word, "action": "approve"})
    said = refused.json()["errors"][0]["message"]
    assert (refused.status_code, said.startswith("Rea isn't an approver for @acme.")) == (403, True)
    assert "followguard person" not in said
    assert "owner" in said
