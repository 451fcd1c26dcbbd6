"""Texts go when their time is over; counts, usernames, feature values and decisions stay."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from followguard.accounts.accounts import identify
from followguard.accounts.budget import Spending
from followguard.accounts.store import Accounts
from followguard.domain.installation import RetentionPeriods
from followguard.domain.labels import Kind, RejectReason
from followguard.domain.policy import AccountSettings, Policy, Prices
from followguard.followers.find_store import find_item
from followguard.followers.list_reading import ReadingTally
from followguard.followers.nightly_reading import Ingest
from followguard.privacy.retention_store import clear_texts
from followguard.proof.check import check_database
from followguard.review.decide import Choice, Hand, decide
from followguard.review.notes import add_note
from followguard.screening.queue import queue_account
from followguard.screening.queue_store import Queue
from followguard.screening.score import score_account
from followguard.setup.appointments import Appointment, add_person
from followguard.store.tables import decision_evidence, items, notes, snapshots
from followguard.testing import START, ListReader

SETTINGS = AccountSettings(handle="acme", training_basis="none", policy=Policy())
LIMITS = RetentionPeriods(held_back_text=30, decided_text=180)


@pytest.fixture
def account(store: Any) -> Any:
    """@acme with five followers on cards, the first rejected by Ann, the second held back."""
    from followguard.training.models.serving import load_scorer

    reader = ListReader("acme", ["5", "4", "3", "2", "1"])
    with store.begin() as work:
        account = Accounts(work).ensure("acme", START)
        add_person(work, Appointment("Ann", "owner"), None, START, "p1")
    me = identify(store, reader, account, lambda: START)
    spending = Spending.under(SETTINGS, Prices(), 50.0)
    Ingest(store=store, reader=reader, settings=SETTINGS, spending=spending, clock=lambda: START, say=str).run(
        account, me, ReadingTally()
    )
    score_account(store, account, SETTINGS.policy, load_scorer(), START)
    queue_account(store, account, SETTINGS.policy, START, seed=1)
    hand = Hand(store=store, accounts={"acme": SETTINGS}, by="Ann", now=START)
    decide(hand, "1", Choice(kind=Kind.REJECT, reason=RejectReason.SPAM))
    with store.begin() as work:
        work.connection.execute(update(items).where(items.c.follower_id == "2").values(held_back=True))
    return account


def bios(store: Any) -> dict[str, str | None]:
    """The stored bio of each follower."""
    with store.begin() as work:
        rows = work.connection.execute(select(snapshots.c.follower_id, snapshots.c.description))
        return {row.follower_id: row.description for row in rows}


def test_nothing_goes_before_its_time(store: Any, account: Any) -> None:
    """The next day all texts are there."""
    assert clear_texts(store, account, LIMITS, START + timedelta(days=1)) == 0
    assert all(bios(store).values())


def test_a_held_back_follower_s_text_goes_first(store: Any, account: Any) -> None:
    """After 31 days only the one who is held back has lost their text."""
    assert clear_texts(store, account, LIMITS, START + timedelta(days=31)) == 1
    assert [follower for follower, bio in bios(store).items() if bio is None] == ["2"]


def test_a_text_that_was_cleared_isn_t_lack_of_data(store: Any, account: Any) -> None:
    """Without bio and posts a card is shown whatever its score; one whose text only went by its time stays hidden."""
    with store.begin() as work:
        work.connection.execute(update(snapshots).values(url=None, tweet_count=3))
        assert not _thin(work, account)
    clear_texts(store, account, LIMITS, START + timedelta(days=31))
    with store.begin() as work:
        assert not _thin(work, account)
        work.connection.execute(update(snapshots).values(description=None, text_cleared_at=None))
        assert _thin(work, account)


def _thin(work: Any, account: Any) -> bool:
    """Tells whether the held back card, as the queue reads it, lacks data alone."""
    return next(card.thin for card in Queue(work).undecided(account.id, START) if card.follower_id == "2")


def test_a_decision_about_one_held_back_keeps_the_text_it_was_about(store: Any, account: Any) -> None:
    """Approved although held back: the order is bound to the look, so it goes by the time of decided cards."""
    decide(Hand(store=store, accounts={"acme": SETTINGS}, by="Ann", now=START), "2", Choice(kind=Kind.APPROVE))
    assert clear_texts(store, account, LIMITS, START + timedelta(days=31)) == 0
    assert bios(store)["2"]


def test_a_decided_follower_s_text_goes_with_what_was_shown(store: Any, account: Any) -> None:
    """After 181 days; the features of the decision stay, and so do the username and the counts."""
    clear_texts(store, account, LIMITS, START + timedelta(days=181))
    assert bios(store)["1"] is None
    assert bios(store)["3"]
    with store.begin() as work:
        evidence = work.connection.execute(select(decision_evidence)).one()
        row = work.connection.execute(select(snapshots).where(snapshots.c.follower_id == "1")).one()
    assert evidence.shown is None
    assert evidence.features
    assert (row.username, row.followers_count, row.name) == ("person_1", 120, None)


def test_a_note_loses_its_text_with_the_profile_and_stays_proved(store: Any, account: Any) -> None:
    """Who wrote it and when stays; a note on a card that nobody has decided keeps its text."""
    hand = Hand(store=store, accounts={"acme": SETTINGS}, by="Ann", now=START)
    with store.begin() as work:
        for follower in ("1", "3"):
            add_note(work, hand, find_item(work, follower, "acme", {"acme"}), f"About {follower}.")
    clear_texts(store, account, LIMITS, START + timedelta(days=179))
    with store.begin() as work:
        assert work.connection.execute(select(notes.c.text).order_by(notes.c.id)).scalars().all()[0] == "About 1."
    clear_texts(store, account, LIMITS, START + timedelta(days=181))
    with store.begin() as work:
        found = work.connection.execute(select(notes).order_by(notes.c.id)).all()
    assert [(row.text, row.at) for row in found] == [(None, START), ("About 3.", START)]
    assert check_database(store).findings == ()
