"""Owners manage people in the browser by the verbs of the commands; others see who works where they look."""

from typing import Any

import pytest

from tests.builders.reviewing import APPROVE, LATER

FORMS = ("add", "role", "withdraw", "sign-out", "invite", "hand-over", "distrust")


def roles(pages: Any, name: str) -> set[tuple[str, str | None]]:
    """What stands."""
    rows = pages.house.rows(
        "SELECT roles.role, accounts.handle FROM roles JOIN people ON people.id = roles.person_id "
        f"LEFT JOIN accounts ON accounts.id = roles.account_id WHERE people.name = '{name}' "
        "AND roles.withdrawn_at IS NULL"
    )
    return {(role, handle) for role, handle in rows}


def test_add_set_withdraw(pages: Any) -> None:
    """Each is said, and stands; the log has it in the owner's name."""
    one = pages.browser()
    assert (
        "Nia is now reviewer of @acme."
        in one.post("/people/add", {"name": "Nia", "role": "reviewer", "account": "acme"}).text
    )
    assert roles(pages, "Nia") == {("reviewer", "acme")}
    assert "Nia is now approver of every account." in one.post("/people/role", {"name": "Nia", "role": "approver"}).text
    assert roles(pages, "Nia") == {("approver", None)}
    assert "Nia was withdrawn." in one.post("/people/withdraw", {"name": "Nia"}).text
    assert roles(pages, "Nia") == set()
    [(pseudonym,)] = pages.house.rows("SELECT pseudonym FROM people WHERE name = 'Nia'")
    assert len(pseudonym) == 16
    kinds = pages.house.rows("SELECT kind FROM log WHERE actor = 'p-ola' AND kind LIKE 'person.%' ORDER BY seq")
    assert [kind for (kind,) in kinds] == ["person.add", "person.role", "person.withdraw"]


def test_an_invitation_is_shown_once_and_opens_the_desk(pages: Any) -> None:
    """The link stands in that answer alone, and signs that person in."""
    text = pages.browser().post("/people/invite", {"name": "Ben"}).text
    path = "/sign-in/" + text.partition("/sign-in/")[2][:43]
    one = pages.web.browser()
    assert one.post(path).status_code == 303
    assert "Signed in as Ben" in one.get("/you").text
    assert "/sign-in/" not in pages.browser().get("/people").text


def test_signing_out_ends_sessions(pages: Any) -> None:
    """The person's next request finds nobody."""
    ben = pages.browser("Ben")
    assert "1 sessions ended" in pages.browser().post("/people/sign-out", {"name": "Ben"}).text
    assert ben.get("/today").status_code == 401


@pytest.mark.parametrize("name", ["Ada", "Rea", "Vic", "Bea"])
def test_others_are_offered_nothing_and_refused(pages: Any, name: str) -> None:
    """No form for who isn't owner; each change is refused, and nothing is changed."""
    one = pages.browser(name)
    assert '<form class="form"' not in one.get("/people").text
    before = pages.house.rows("SELECT count(*) FROM roles")
    for each in FORMS:
        fields = {"name": "Ben", "role": "viewer", "account": "", "to": "Rea", "since": "2026-01-01"}
        assert one.post(f"/people/{each}", fields).status_code == 403, each
    assert pages.house.rows("SELECT count(*) FROM roles") == before


def test_changes_want_a_fresh_sign_in(quick_pages: Any) -> None:
    """Five minutes later each is refused, with how to go on."""
    one = quick_pages.browser()
    quick_pages.web.pass_time(minutes=5)
    for each in FORMS:
        answer = one.post(f"/people/{each}", {"name": "Ben", "role": "viewer", "to": "Rea", "since": "2026-01-01"})
        assert (answer.status_code, "by a new link" in answer.text) == (403, True)


def test_colleagues_of_other_accounts_are_not_there(pages: Any) -> None:
    """Bea reads of people who work for beta, and of acme's own nothing; who was withdrawn is for owners."""
    ola = pages.browser()
    ola.post("/people/add", {"name": "Only Acme", "role": "reviewer", "account": "acme"})
    text = pages.browser("Bea").get("/people").text
    assert "Ada" in text
    for hidden in ("Only Acme", "acme"):
        assert hidden not in text
    ola.post("/people/withdraw", {"name": "Only Acme"})
    assert "Only Acme" in ola.get("/people").text
    assert "Only Acme" not in pages.browser("Vic").get("/people").text


ODD = ({"name": ""}, {"name": "x\ny"}, {"name": "Nia", "role": "king"}, {"name": "a" * 101})


@pytest.mark.parametrize("fields", ODD)
def test_odd_wishes_are_one_sentence(quick_pages: Any, fields: dict[str, str]) -> None:
    """400, and nobody is added."""
    before = quick_pages.house.rows("SELECT count(*) FROM people")
    assert quick_pages.browser().post("/people/add", {"role": "viewer"} | fields).status_code == 400
    assert quick_pages.house.rows("SELECT count(*) FROM people") == before


def test_work_is_handed_over_and_decisions_distrusted(pages: Any) -> None:
    """What Ada put off passes on to Ben; what she approved is void, and listed where it may have been followed."""
    pages.house.decide("101", LATER, by="Ada")
    pages.house.decide("102", APPROVE, by="Ada")
    one, day = pages.browser(), f"{pages.house.now:%Y-%m-%d}"
    assert "Handed over from Ada to Ben: 1." in one.post("/people/hand-over", {"name": "Ada", "to": "Ben"}).text
    text = one.post("/people/distrust", {"name": "Ada", "since": day}).text
    assert "Decisions of Ada are distrusted" in text
    assert pages.house.rows("SELECT state FROM orders") == [("void",)]
    assert "counts again" in one.post("/people/distrust", {"name": "Ada", "lift": "1"}).text
    for since in ("", "soon", "2999-01-01"):
        assert one.post("/people/distrust", {"name": "Ada", "since": since}).status_code == 400
