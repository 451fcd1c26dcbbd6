"""Lists learn from decisions on record: of the group where it may learn, of texts that are kept or were read before."""

from dataclasses import replace
from pathlib import Path

from followguard.domain.decision import Choice
from followguard.domain.installation import Installation
from followguard.domain.labels import Kind, RejectReason
from followguard.reports.gather import night_page
from followguard.reports.html import html_of
from followguard.words.readers import learned_reader, records
from tests.builders.configuration import load
from tests.builders.reviewing import APPROVE, SPAM, House, ordinary

LISTS = """
[[accounts.acme.words]]
name = "tokens"
any_of = ["tokenomics"]
says = "spam"
[[accounts.acme.words]]
name = "fair"
any_of = ["messe"]
says = "genuine"
"""
BIOS = ("All about Tokenomics", "t0ken0mics, daily", "Tokenomics for all", "Messe", "Gardens")


def installation(folder: Path, basis: str = "own-decisions", more: str = "") -> Installation:
    return load(folder, f'[accounts.acme]\ntraining_basis = "{basis}"\n{LISTS}{more}')


def decided(house: House, found: Installation, account: str = "acme") -> None:
    """Five followers came, and people decided about them: the third with the first list is a real person."""
    house.words = learned_reader(house.store, found, found.account("acme"))
    start = 501 if account == "acme" else 601
    ids = [str(start + place) for place in range(len(BIOS))]
    house.read(*(replace(ordinary(i, house.now), description=bio) for i, bio in zip(ids, BIOS, strict=True)),
               account=account)  # fmt: skip
    house.night(account)
    for follower, choice in zip(ids, (SPAM, SPAM, APPROVE, APPROVE, APPROVE), strict=True):
        house.decide(follower, choice)


def test_decisions_teach_a_list(house: House, tmp_path: Path) -> None:
    """Right on two of three: the weight rises above its start, and the next reason tells the record."""
    found = installation(tmp_path)
    decided(house, found)
    reader = learned_reader(house.store, found, found.account("acme"))
    tokens, fair = reader.records["tokens"], reader.records["fair"]
    assert (tokens.spam, tokens.decided, fair.spam, fair.decided) == (2, 3, 0, 1)
    assert tokens.weight > 0.7
    assert fair.weight < -0.7
    reading = reader.read(replace(ordinary("700", house.now), description="tokenomics"))
    assert "(right 2 of 3 times)" in reading.reasons[0].text
    assert reading.reasons[0].weight == tokens.weight


def test_under_no_basis_a_list_is_counted_and_learns_nothing(lite_house: House, tmp_path: Path) -> None:
    """The record is told; the weight is that of the start."""
    found = installation(tmp_path, basis="none")
    decided(lite_house, found)
    told = learned_reader(lite_house.store, found, found.account("acme")).records
    assert (told["tokens"].spam, told["tokens"].decided, told["tokens"].weight) == (2, 3, 0.7)


def test_a_cleared_text_still_counts(lite_house: House, tmp_path: Path) -> None:
    """What was read when it was scored is what it counts with; a list of a new name has nothing to go by."""
    found = installation(tmp_path)
    decided(lite_house, found)
    with lite_house.store.begin() as work:
        before = records(work, found, found.account("acme"))
        work.connection.exec_driver_sql(
            "UPDATE snapshots SET description = NULL, name = NULL, text_cleared_at = observed_at"
        )
    renamed = load(tmp_path, (tmp_path / "followguard.toml").read_text(encoding="utf-8").replace('"fair"', '"trade"'))
    with lite_house.store.begin() as work:
        assert records(work, found, found.account("acme")) == before
        assert records(work, renamed, renamed.account("acme"))["trade"].decided == 0


def test_what_is_undone_or_no_label_teaches_nothing(lite_house: House, tmp_path: Path) -> None:
    """Only decisions that stand and say spam or genuine."""
    found = installation(tmp_path)
    lite_house.read(*(replace(ordinary(i, lite_house.now), description="tokenomics") for i in ("801", "802")))
    lite_house.night()
    lite_house.decide("801", Choice(kind=Kind.REJECT, reason=RejectReason.NOT_RELEVANT))
    lite_house.decide("802", Choice(kind=Kind.LATER, until="2026-03-01"))
    with lite_house.store.begin() as work:
        assert records(work, found, found.account("acme"))["tokens"].decided == 0


def test_the_group_teaches_where_it_may(lite_house: House, tmp_path: Path) -> None:
    """Decisions of another account of the group count, unless that account's basis is none."""
    for basis, number in (("own-decisions", 3), ("none", 0)):
        found = installation(tmp_path, more=f'[accounts.lite]\ntraining_basis = "{basis}"\n')
        if basis == "own-decisions":
            lite_house.settings["lite"] = found.account("lite")
            decided(lite_house, found, account="lite")
        with lite_house.store.begin() as work:
            assert records(work, found, found.account("acme"))["tokens"].decided == number


def test_the_report_tells_the_record(lite_house: House, tmp_path: Path) -> None:
    """A table of the lists, and a mark on a card; without lists no table."""
    found = installation(tmp_path)
    decided(lite_house, found)
    lite_house.read(replace(ordinary("901", lite_house.now), description="send 1 BTC get 2 back"))
    lite_house.night()
    page = html_of(night_page(lite_house.store, found, None, lite_house.now))
    assert "Your own words" in page
    assert "<bdi>tokens</bdi>" in page
    assert "Look twice: the bio offers a giveaway" in page
    bare = load(tmp_path, '[accounts.acme]\ntraining_basis = "none"\n')
    assert "Your own words" not in html_of(night_page(lite_house.store, bare, None, lite_house.now))
