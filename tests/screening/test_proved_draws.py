"""A proof reproduces the audit's draws from the seed; a card that claims a draw which never was is found."""

from typing import Any

import pytest
from sqlalchemy import insert, text

from followguard.domain.policy import HoldingBack
from followguard.domain.units import day_of
from followguard.followers.tombstone_store import Pending
from followguard.privacy.store import Forgetting
from followguard.proof.rules import Against, Proof, prove
from followguard.store import tables as t

SPAM = [str(number) for number in range(200, 220)]


@pytest.fixture
def drawn(house: Any) -> Any:
    """Twenty who are held back, of whom an audit drew two, with the installation's own seed."""
    with house.store.begin() as work:
        if work.connection.execute(t.settings.select().where(t.settings.c.name == "seed")).first() is None:
            work.covered.insert(insert(t.settings).values(name="seed", value="77"))
    house.seed = house.store.seed()
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=2)
    house.p_spam = dict.fromkeys(SPAM, 0.99)
    house.read(*SPAM)
    assert house.night().audit == 2
    return house


def proof_of(house: Any) -> Proof:
    """Proves the history with nothing kept elsewhere."""
    return prove(house.store, Against())


def test_a_draw_is_reproduced(drawn: Any) -> None:
    """A draw is reproduced, as are the next day's, out of those who are left, and a decision about a drawn card."""
    drawn.night()
    drawn.decide(next(card.follower_id for card in drawn.cards() if card.audit))
    drawn.next_day()
    drawn.night()
    proof = proof_of(drawn)
    assert (proof.findings, proof.warnings, proof.checked["draws"]) == ([], [], 2)


def test_a_steered_draw_is_found(drawn: Any) -> None:
    """Somebody put another card on the desk than the one that chance came to."""
    with drawn.store.begin() as work:
        hidden = work.connection.execute(text("SELECT min(id) FROM items WHERE held_back AND NOT audit")).scalar_one()
        steered = t.items.update().where(t.items.c.id == hidden)
        work.connection.execute(steered.values(audit=True, audit_day=day_of(drawn.now), audit_probability=0.1))
    (finding,) = proof_of(drawn).findings
    assert (finding.rule, finding.row) == ("draw", f"items {hidden}")


def test_a_program_that_draws_otherwise_is_found(drawn: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry is in the log, and isn't what the seed gives."""
    drawn.next_day()
    monkeypatch.setattr("followguard.screening.plan.draw", lambda *_: "same for all")
    drawn.policy(audit_cards_per_day=5)
    drawn.night()
    monkeypatch.undo()
    assert [finding.rule for finding in proof_of(drawn).findings] == ["draw"]


def test_a_draw_with_somebody_forgotten_is_a_note(drawn: Any) -> None:
    """It can't be reproduced any more; the number of the card may even go to another person."""
    with drawn.store.begin() as work:
        pending = Pending(follower_id=SPAM[-1], usernames=(), accounts=("acme",), groups=(), started_at=drawn.now)
        Forgetting(work).begin(pending)
        Forgetting(work).erase(pending)
        Forgetting(work).done(SPAM[-1])
    drawn.read("300")
    drawn.night()
    proof = proof_of(drawn)
    assert proof.findings == []
    assert ["forgotten" in warning.text for warning in proof.warnings] == [True]


def test_a_pinned_seed_is_a_note(house: Any) -> None:
    """A pinned seed, as demos and tests use one, is told as a note."""
    house.seed = 5
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=2)
    house.p_spam = dict.fromkeys(SPAM, 0.99)
    house.read(*SPAM)
    house.night()
    proof = proof_of(house)
    assert (proof.findings, ["pinned seed" in warning.text for warning in proof.warnings]) == ([], [True])
