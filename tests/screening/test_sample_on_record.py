"""The random sample in a real database: on record, on the desk unmarked, counted by its labels, and proved."""

from typing import Any

import pytest
from sqlalchemy import insert, text

from followguard.domain.card import Card
from followguard.domain.decision import Choice
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.policy import HoldingBack
from followguard.followers.tombstone_store import Pending
from followguard.privacy.store import Forgetting
from followguard.proof.rules import Against, Proof, prove
from followguard.review.decide import decide
from followguard.review.undo import undo
from followguard.store import tables as t
from tests.builders.reviewing import APPROVE, SPAM

pytestmark = pytest.mark.usefixtures("random_sample")
FORTY = [str(number) for number in range(100, 140)]
NOT_RELEVANT = Choice(kind=Kind.REJECT, reason=RejectReason.NOT_RELEVANT)
REAL = Choice(kind=Kind.REJECT, reason=RejectReason.NOT_RELEVANT, real=True)


@pytest.fixture
def begun(house: Any) -> Any:
    """Forty new followers, and the first night's draw by the installation's own seed."""
    with house.store.begin() as work:
        if work.connection.execute(t.settings.select().where(t.settings.c.name == "seed")).first() is None:
            work.covered.insert(insert(t.settings).values(name="seed", value="77"))
    house.seed = house.store.seed()
    house.read(*FORTY)
    house.night()
    return house


def sample(house: Any) -> list[Card]:
    """Drawn cards that wait."""
    return [card for card in house.cards(limit=0) if card.sample]


def another_night(house: Any, first: int) -> None:
    """The next day's forty new followers."""
    house.next_day()
    house.read(*(str(number) for number in range(first, first + 40)))
    house.night()


def proof_of(house: Any) -> Proof:
    """Proves the history."""
    return prove(house.store, Against())


def test_the_draw_is_on_record_and_the_decision_keeps_it(begun: Any) -> None:
    """Ten cards with a quarter each; the decision says that the sample showed the card, and how likely that was."""
    ours = sample(begun)
    assert [card.sample_probability for card in ours] == [0.25] * 10
    before = begun.rows("SELECT * FROM items ORDER BY id")
    begun.night()
    assert begun.rows("SELECT * FROM items ORDER BY id") == before
    begun.decide(ours[0].follower_id)
    assert begun.rows("SELECT shown_because, draw_probability FROM decisions") == [("sample", 0.25)]
    proof = proof_of(begun)
    assert (proof.findings, proof.warnings, proof.checked["draws"]) == ([], [], 1)


def test_likely_spam_of_the_sample_is_shown(begun: Any) -> None:
    """Where everybody is held back, only sample and audit are on the desk, and no card is of both."""
    begun.policy(holding_back=HoldingBack.ON, audit_cards_per_day=2)
    begun.p_spam = {str(number): 0.99 for number in range(300, 340)}
    begun.read(*begun.p_spam)
    begun.next_day()
    begun.night()
    new = [card for card in begun.cards(limit=0) if card.follower_id in begun.p_spam]
    assert sorted((card.sample, card.audit) for card in new) == [(False, True)] * 2 + [(True, False)] * 10


def test_it_goes_on_until_twenty_five_gave_a_label(begun: Any) -> None:
    """Ten, ten and five; a decision without a label is drawn for again, and an undone one counts no longer."""
    for card in sample(begun)[:9]:
        begun.decide(card.follower_id, SPAM)
    begun.decide(sample(begun)[0].follower_id, NOT_RELEVANT)
    another_night(begun, 200)
    assert len(sample(begun)) == 10
    for card in sample(begun):
        begun.decide(card.follower_id, REAL)
    another_night(begun, 300)
    assert len(sample(begun)) == 6
    assert all(card.provisional for card in begun.cards())
    for card in sample(begun):
        begun.decide(card.follower_id, APPROVE)
    assert not any(card.provisional for card in begun.cards())
    another_night(begun, 400)
    assert sample(begun) == []
    undo(begun.hand(), None)
    assert all(card.provisional for card in begun.cards())
    another_night(begun, 500)
    assert len(sample(begun)) == 1


def test_accounts_have_samples_of_their_own(begun: Any) -> None:
    """Cards of another account stay provisional."""
    begun.read("11", account="beta")
    begun.night("beta")
    for first in (200, 300, 400):
        for card in sample(begun):
            if card.account == "acme":
                decide(begun.hand(account="acme"), card.follower_id, SPAM)
        another_night(begun, first)
    assert {(card.account, card.provisional) for card in begun.cards(limit=0)} == {("acme", False), ("beta", True)}


def test_drawn_cards_come_early_and_unmarked(begun: Any) -> None:
    """Among the first forty of a desk of forty, and not in a row; nothing in the list's order gives them away."""
    desk = begun.desk()
    shown = []
    while (offered := desk.next()) is not None:
        shown.append(offered.card)
        desk.pass_over(offered.card.item)
    places = [place for place, card in enumerate(shown) if card.sample]
    assert len(places) == 10
    assert places != list(range(places[0], places[0] + 10))
    assert places[0] < 15


def test_a_steered_sample_is_found(begun: Any) -> None:
    """Somebody put another card into the sample than chance did."""
    with begun.store.begin() as work:
        other = work.connection.execute(text("SELECT min(id) FROM items WHERE NOT sample")).scalar_one()
        work.connection.execute(t.items.update().where(t.items.c.id == other).values(sample=True))
    (finding,) = proof_of(begun).findings
    assert (finding.rule, finding.row) == ("draw", f"items {other}")
    assert "sample" in finding.text


def test_a_program_that_draws_otherwise_is_found(begun: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry is in the log, and isn't what the seed gives."""
    monkeypatch.setattr("followguard.screening.sample.draw", lambda *_: "same for all")
    another_night(begun, 200)
    monkeypatch.undo()
    assert [finding.rule for finding in proof_of(begun).findings] == ["draw"]


def test_a_draw_with_somebody_forgotten_is_a_note(begun: Any) -> None:
    """It can't be reproduced any more, and no label of theirs counts."""
    gone = sample(begun)[0].follower_id
    begun.decide(gone)
    with begun.store.begin() as work:
        pending = Pending(follower_id=gone, usernames=(), accounts=("acme",), groups=(), started_at=begun.now)
        Forgetting(work).begin(pending)
        Forgetting(work).erase(pending)
        Forgetting(work).done(gone)
    proof = proof_of(begun)
    assert proof.findings == []
    assert ["forgotten" in warning.text for warning in proof.warnings] == [True]
