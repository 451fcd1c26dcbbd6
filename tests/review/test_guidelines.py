"""The company's guidelines: kept by version, named by every decision, a change told once to each person."""

from pathlib import Path

import pytest

from followguard.accounts.store import People
from followguard.domain.policy import Policy
from followguard.review.dossier import dossier
from followguard.review.guidelines import read_guidelines, tell_once
from followguard.review.guidelines_store import GuidelineVersions
from tests.builders.reviewing import APPROVE, SPAM


@pytest.fixture
def guided(house, tmp_path: Path):
    """Three cards of acme, whose guidelines stand in `guide.txt`."""
    house.policy(guidelines="guide.txt")
    (tmp_path / "guide.txt").write_text("Do: answer.\n", encoding="utf-8")
    house.read("11", "12", "13")
    house.night()
    return house


def read(house, folder: Path):
    """As the beginning of a sitting reads them."""
    with house.store.begin() as work:
        return read_guidelines(work, house.settings["acme"], folder, house.now)


def told(house, name: str, folder: Path) -> str:
    """What a person hears at the beginning of a sitting."""
    found = read(house, folder)
    with house.store.begin() as work:
        return tell_once(work, People(work).by_name(name), found, house.now)


def kept(house, follower: str) -> list[str | None]:
    """Hashes kept with the decisions about a follower, as `review show --json` has them."""
    item = house.card(follower).item
    with house.store.begin() as work:
        found = dossier(work, house.settings, item)
    return [row["guidelines"] for row in found.as_json(house.now)["history"]]


def test_a_version_is_kept_once_and_an_old_one_can_come_back(guided, tmp_path: Path) -> None:
    """Its text stays readable by its hash; the one in force is the one that stands in the file."""
    first = read(guided, tmp_path)
    guided.next_day()
    assert read(guided, tmp_path) == first
    (tmp_path / "guide.txt").write_text("Do: smile.\n", encoding="utf-8")
    second = read(guided, tmp_path)
    assert second.sha256 != first.sha256
    guided.next_day()
    (tmp_path / "guide.txt").write_text("Do: answer.\n", encoding="utf-8")
    assert read(guided, tmp_path) == first
    account = guided.cards()[0].account_id
    with guided.store.begin() as work:
        assert GuidelineVersions(work).in_force(account) == first
        assert GuidelineVersions(work).version(account, second.sha256) == second
    assert guided.rows("SELECT count(*) FROM guidelines") == [(2,)]


def test_every_decision_keeps_the_hash_of_what_the_person_had(guided, tmp_path: Path) -> None:
    """At the desk those of the sitting, though somebody has changed the file since; by command those read last."""
    desk = guided.desk()
    desk.folder = tmp_path
    desk.read_guidelines()
    first = desk.guidelines["acme"].sha256
    (tmp_path / "guide.txt").write_text("Do: smile.\n", encoding="utf-8")
    guided.next_day()
    second = read(guided, tmp_path).sha256
    shown = desk.next()
    desk.decide(shown, APPROVE)
    guided.decide("13", SPAM)
    assert kept(guided, shown.card.follower_id) == [first]
    assert kept(guided, "13") == [second]


def test_without_guidelines_no_hash_is_kept(guided, tmp_path: Path) -> None:
    """Also where earlier ones are on record, once the configuration names none any more."""
    read(guided, tmp_path)
    guided.policy(guidelines="")
    guided.decide("11", SPAM)
    assert kept(guided, "11") == [None]
    assert read(guided, tmp_path) is None


def test_the_log_vouches_for_the_hash(guided, tmp_path: Path) -> None:
    """Somebody who changes it in the database is found out."""
    from followguard.store.seals import is_proved

    read(guided, tmp_path)
    decision = guided.decide("11", SPAM).decision_id
    with guided.store.begin() as work:
        assert is_proved(work.connection, "decision_evidence", decision)
        work.connection.exec_driver_sql(f"UPDATE decision_evidence SET guidelines = 'x' WHERE decision_id = {decision}")
        assert not is_proved(work.connection, "decision_evidence", decision)


def test_a_change_is_told_once_to_each_person(guided, tmp_path: Path) -> None:
    """First that there are some, later that they changed; never twice, and to the next person anew."""
    assert told(guided, "Ada", tmp_path) == "@acme has guidelines for deciding."
    assert told(guided, "Ada", tmp_path) == ""
    (tmp_path / "guide.txt").write_text("Do: smile.\n", encoding="utf-8")
    guided.next_day()
    assert "The guidelines of @acme have changed" in told(guided, "Ada", tmp_path)
    assert told(guided, "Ada", tmp_path) == ""
    assert told(guided, "Ben", tmp_path) == "@acme has guidelines for deciding."


def test_a_file_that_is_gone_leaves_the_last_version(guided, tmp_path: Path) -> None:
    """One sentence with the next step; without any version the desk goes on without."""
    nothing = read(guided, tmp_path / "elsewhere")
    assert (nothing.sha256, nothing.text) == ("", "")
    assert nothing.problem.endswith("The desk goes on without.")
    first = read(guided, tmp_path)
    (tmp_path / "guide.txt").unlink()
    now = read(guided, tmp_path)
    assert (now.sha256, now.text) == (first.sha256, first.text)
    assert "can't be read: No such file" in now.problem
    assert now.problem.endswith(f"The desk goes on with the version of {first.first_seen_at:%Y-%m-%d}.")


def test_where_the_guidelines_stand_makes_no_other_policy() -> None:
    """No score is made anew, and no earlier night counts as one under another policy, because a file moves."""
    assert Policy().hash() == Policy(guidelines="elsewhere.txt").hash()
    assert Policy().hash() != Policy(unsure_above=0.2).hash()
