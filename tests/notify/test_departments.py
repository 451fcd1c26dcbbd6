"""Departments hear of followers whom a person sent their way: never from the machine alone, and never twice."""

from datetime import timedelta

import pytest

from followguard.notify.departments import plain
from followguard.store.store import open_store
from tests.builders.company import Company
from tests.builders.listening import Listener
from tests.notify.conftest import More

ROUTE = """
[desk]
url = "https://desk.example.com"
[[accounts.acme.routes]]
name = "press"
bio = ["journalist"]
notify = [{targets}]
"""


@pytest.fixture
def press(company: Company) -> list[str]:
    """Followers of acme after a night, three of them journalists by their bio; Ann decides."""
    company.cli("person", "add", "Ann", "--role", "owner")
    company.nightly()
    cards = company.cli("review", "list", "--account", "acme", "--json").json[:6]
    ids = [card["follower_id"] for card in cards]
    with open_store(f"sqlite:///{company.folder / 'followguard.db'}") as store, store.begin() as work:
        for each in ids[:3]:
            work.connection.exec_driver_sql(
                "UPDATE snapshots SET description = 'Journalist in Oslo @everyone' WHERE follower_id = ?", (each,)
            )
    return ids


def routed_to(told: More, *targets: str, keys: str = "") -> None:
    """Gives the press its targets."""
    told(keys=keys, rest=ROUTE.format(targets=", ".join(f'"{target}"' for target in targets)))


def approve(company: Company, follower: str) -> None:
    """Ann approves."""
    done = company.cli("review", "approve", follower, "--account", "acme", "--by", "Ann")
    assert done.code == 0, done.err


def night(company: Company, days: int = 1) -> None:
    """The next one."""
    company.at(company.now + timedelta(days=days))
    company.sandbox.set_clock(company.now)
    assert company.nightly()[0] in (0, 3)


def test_the_press_hears_of_whom_a_person_approved(
    company: Company, told: More, listener: Listener, press: list[str]
) -> None:
    """A count and a link: not whom the machine alone calls a journalist, not who isn't one; the next night nothing."""
    routed_to(told, listener.target("press"))
    night(company)
    assert listener.messages == []
    for follower in (press[0], press[1], press[3]):
        approve(company, follower)
    night(company)
    (text,) = listener.texts("press")
    assert text == (
        "followguard: 2 followers for press\n"
        f"acme: a person sent 2 followers your way since {company.now - timedelta(days=1):%Y-%m-%d}.\n"
        f"See them: https://desk.example.com/search?route=press&since={company.now - timedelta(days=1):%Y-%m-%d}"
        "&account=acme"
    )
    night(company)
    assert len(listener.messages) == 1


def test_names_and_basis_only_where_profiles_may_stand(
    company: Company, told: More, listener: Listener, press: list[str]
) -> None:
    """As code, so that no chat reads a mention; nothing else that the follower wrote."""
    routed_to(told, listener.target("press"), keys="profiles = true")
    approve(company, press[0])
    approve(company, press[1])
    night(company)
    (text,) = listener.texts("press")
    assert text.count("` (bio: journalist)\n") == 2
    assert "@" not in text
    assert "Oslo" not in text


def test_what_was_taken_back_is_not_told(company: Company, told: More, listener: Listener, press: list[str]) -> None:
    """Undone or overruled before the night: nobody hears of it."""
    routed_to(told, listener.target("press"))
    approve(company, press[0])
    company.cli("review", "undo", press[0], "--account", "acme", "--by", "Ann")
    approve(company, press[1])
    company.cli("review", "overrule", press[1], "--account", "acme", "--by", "Ann", "--reason", "spam")
    night(company)
    assert listener.messages == []


def test_a_route_by_hand_is_told_with_an_approval_in_one_message(
    company: Company, told: More, listener: Listener, press: list[str]
) -> None:
    """Who was approved and routed counts once."""
    routed_to(told, listener.target("press"), keys="profiles = true")
    approve(company, press[0])
    for follower in (press[0], press[4], press[5]):
        done = company.cli("review", "route", follower, "press", "--account", "acme", "--by", "Ann")
        assert done.code == 0, done.err
    company.cli("review", "route", press[5], "press", "--take-back", "--account", "acme", "--by", "Ann")
    night(company)
    (text,) = listener.texts("press")
    assert text.startswith("followguard: 2 followers for press\n")
    assert text.count("(by hand)") == 1
    night(company)
    assert len(listener.messages) == 1


def test_a_failed_message_goes_out_the_next_night_and_only_where_it_failed(
    company: Company, told: More, listener: Listener, press: list[str]
) -> None:
    """Each target has a mark of its own; a variable that isn't set is a failure too."""
    routed_to(told, listener.target("press"), listener.target("500"), "PRESS_CHAT")
    approve(company, press[0])
    night(company)
    assert [path for path, _ in listener.messages].count("/press") == 1
    night(company)
    paths = [path for path, _ in listener.messages]
    assert (paths.count("/press"), paths.count("/500")) == (1, 2)
    approve(company, press[1])
    night(company)
    assert listener.texts("press")[1].startswith("followguard: 1 follower for press\n")
    assert listener.texts("500")[2].startswith("followguard: 2 followers for press\n")


def test_a_program_that_died_while_it_sent_sends_nothing_twice(
    company: Company, told: More, listener: Listener, press: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The intent is on record before the call: what may have arrived isn't sent again."""
    routed_to(told, listener.target("press"))
    approve(company, press[0])

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("followguard.notify.morning.settle", die)
        company.at(company.now + timedelta(days=1))
        company.sandbox.set_clock(company.now)
        assert company.cli("nightly").code == 130
    assert len(listener.texts("press")) == 1
    night(company)
    assert len(listener.texts("press")) == 1
    approve(company, press[1])
    night(company)
    assert listener.texts("press")[1].startswith("followguard: 1 follower for press\n")


def test_a_new_target_hears_of_the_last_day_only(
    company: Company, told: More, listener: Listener, press: list[str]
) -> None:
    """Not of everybody ever approved."""
    told()
    approve(company, press[0])
    night(company, days=3)
    approve(company, press[1])
    routed_to(told, listener.target("press"))
    night(company)
    (text,) = listener.texts("press")
    assert text.startswith("followguard: 1 follower for press\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("press", "press"),
        ("@everyone", "everyone"),
        ("<!channel> *bold* _x_", "channel bold x"),
        ("[click](https://evil.example)", "click https evilexample"),
        ("Zürich's R&D", "Zürich's R&D"),
    ],
)
def test_a_departments_name_is_plain(text: str, shown: str) -> None:
    """No markup, no mention, no address."""
    assert plain(text) == shown
