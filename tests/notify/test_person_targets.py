"""`person notify`: an owner names a person's own target; it gets their cards and a link of theirs, nobody else's."""

import re
from datetime import UTC, datetime

import pytest

from followguard.access.links import good_link
from followguard.domain.person import Person
from followguard.errors import LinkRefused
from followguard.notify.personal import good_until, shared
from followguard.store.store import open_store
from tests.builders.company import Company
from tests.builders.listening import Listener
from tests.notify.conftest import More

DESK = '[desk]\nurl = "https://desk.example.com/"'


@pytest.fixture
def office(company: Company) -> Company:
    """Ann owns it, Bob reviews for widgets, Cy looks on."""
    company.cli("person", "add", "Ann", "--role", "owner")
    company.cli("person", "add", "Bob", "--role", "reviewer", "--account", "widgets", "--by", "Ann")
    company.cli("person", "add", "Cy", "--role", "viewer", "--by", "Ann")
    return company


def name(office: Company, person: str, variable: str) -> None:
    """Ann names the variable."""
    assert office.cli("person", "notify", person, variable, "--by", "Ann").code == 0


def whose(office: Company, text: str, now: datetime) -> Person:
    """The person whom the link in the text lets in."""
    found = re.search(r"https://desk\.example\.com/sign-in/([\w-]{40,})", text)
    assert found
    with open_store(f"sqlite:///{office.folder / 'followguard.db'}") as store, store.begin() as work:
        return good_link(work, found[1], now)[1]


def test_each_gets_their_own_link_and_their_own_cards(
    office: Company, told: More, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By account, as far as their role goes; who only looks, or was withdrawn, gets nothing."""
    told(rest=DESK)
    for person in ("ANN", "BOB", "CY", "DAN"):
        monkeypatch.setenv(f"{person}_CHAT", listener.target(person.lower()))
    office.cli("person", "add", "Dan", "--role", "approver", "--by", "Ann")
    for person in ("Ann", "Bob", "Cy", "Dan"):
        name(office, person, f"{person.upper()}_CHAT")
    office.cli("person", "withdraw", "Dan", "--by", "Ann")
    done = office.cli("nightly", "--json")
    assert sorted(path for path, _ in listener.messages) == ["/ann", "/bob"]
    (ann,), (bob,) = listener.texts("ann"), listener.texts("bob")
    assert ann.startswith("followguard: 100 cards for you\nacme: 60 cards\nwidgets: 40 cards\n")
    assert bob.startswith("followguard: 40 cards for you\nwidgets: 40 cards\n")
    assert "good once and until 2026-11-02 12:00 UTC" in bob
    assert (whose(office, ann, office.now).name, whose(office, bob, office.now).name) == ("Ann", "Bob")
    with pytest.raises(LinkRefused):
        whose(office, bob, office.now.replace(hour=12))
    assert "/sign-in/" not in done.out + done.err
    assert [row["target"] for row in done.json["accounts"][0]["notified"]] == [
        "json in ANN_CHAT (a person's own)",
        "json in BOB_CHAT (a person's own)",
    ]


def test_without_a_desk_there_is_no_link(
    office: Company, told: More, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of cards, and the command."""
    told()
    monkeypatch.setenv("BOB_CHAT", listener.target("bob"))
    name(office, "Bob", "BOB_CHAT")
    office.nightly()
    (text,) = listener.texts("bob")
    assert "sign-in" not in text
    assert text.endswith("To decide: followguard review")


def test_one_address_for_two_is_refused_to_both(
    office: Company, told: More, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two variables with one address, or a person's that is the team's too: no link is made, and it is said."""
    told(listener.target("team"), rest=DESK)
    monkeypatch.setenv("ANN_CHAT", listener.target("team") + "/")
    monkeypatch.setenv("BOB_CHAT", listener.target("one"))
    monkeypatch.setenv("DAN_CHAT", listener.target("one"))
    office.cli("person", "add", "Dan", "--role", "approver", "--by", "Ann")
    for person in ("Ann", "Bob", "Dan"):
        name(office, person, f"{person.upper()}_CHAT")
    done = office.cli("nightly")
    assert done.code == 0
    assert [path for path, _ in listener.messages] == ["/team"]
    for variable in ("ANN_CHAT", "BOB_CHAT", "DAN_CHAT"):
        assert f"Not told: json in {variable} (a person's own): its address is somebody else's target too" in done.err
    with open_store(f"sqlite:///{office.folder / 'followguard.db'}") as store, store.begin() as work:
        assert work.connection.exec_driver_sql("SELECT count(*) FROM sign_in_links").scalar() == 0


def test_only_an_owner_names_a_target_and_it_is_logged(office: Company) -> None:
    """Who may not, what can't be a variable, whose it is already: refused, nothing changed; the history is sound."""
    cli = office.cli
    assert cli("person", "notify", "Bob", "BOB_CHAT", "--by", "Bob").code == 2
    assert cli("person", "notify", "Eve", "EVE_CHAT", "--by", "Ann").code == 2
    refused = cli("person", "notify", "Bob", "json://host/s3cr3t", "--by", "Ann")
    assert refused.code == 2
    assert "s3cr3t" not in refused.err
    assert cli("person", "notify", "Bob", "--by", "Ann").code == 2
    name(office, "Ann", "ANN_CHAT")
    taken = cli("person", "notify", "Bob", "ANN_CHAT", "--by", "Ann")
    assert taken.code == 2
    assert "ANN_CHAT is Ann's own target" in taken.err
    name(office, "Ann", "ANN_OTHER")
    name(office, "Bob", "ANN_CHAT")
    assert cli("person", "notify", "Bob", "--off", "--by", "Ann").code == 0
    assert cli("person", "notify", "Bob", "--off", "--by", "Ann").code == 2
    assert cli("prove").code == 0


def test_a_variable_of_everybody_is_nobodys_own(office: Company, told: More) -> None:
    """A sign-in link would be read by the whole team."""
    told("TEAM_CHAT")
    done = office.cli("person", "notify", "Ann", "TEAM_CHAT", "--by", "Ann")
    assert done.code == 2
    assert "TEAM_CHAT is a target of everybody" in done.err


def test_an_edited_row_counts_for_nothing(
    office: Company, told: More, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever can write into the database can't have somebody's link sent elsewhere."""
    told(rest=DESK)
    monkeypatch.setenv("EVIL_CHAT", listener.target("evil"))
    name(office, "Ann", "ANN_CHAT")
    with open_store(f"sqlite:///{office.folder / 'followguard.db'}") as store, store.begin() as work:
        work.connection.exec_driver_sql("UPDATE person_targets SET variable = 'EVIL_CHAT'")
    office.nightly()
    assert listener.messages == []


@pytest.mark.parametrize(
    ("now", "until"),
    [("2026-01-05T00:10", "2026-01-05T12:00"), ("2026-01-05T12:00", "2026-01-06T12:00")],
)
def test_a_link_is_good_until_noon(now: str, until: str) -> None:
    """Of the night's day; after noon of the next one."""
    assert good_until(datetime.fromisoformat(now).replace(tzinfo=UTC)) == datetime.fromisoformat(until).replace(
        tzinfo=UTC
    )


def test_one_address_has_several_spellings() -> None:
    """Ends and capitals of the kind don't make another address."""
    assert shared(["JSON://h/a/", "json://h/a", "json://h/b"]) == {"JSON://h/a/", "json://h/a"}
