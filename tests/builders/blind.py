"""Blind tests on record, for whatever needs one that was passed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from followguard.accounts.people import person_named
from followguard.accounts.store import Accounts
from followguard.domain.policy import Band, Policy
from followguard.screening.blind_store import BlindTests, NewTest
from followguard.screening.blind_test import CARDS, BlindAnswer, BlindCard, BlindTest, Candidate
from followguard.store.log import Log
from followguard.store.tables import scores
from followguard.store.work import Work

ON_RECORD = "trust.test"


def blind_test(
    store: Any,
    handle: str,
    model: str,
    now: datetime,
    by: str = "Ada",
    answers: Mapping[str, BlindAnswer] | None = None,
    policy: Policy | None = None,
) -> int:
    """Puts a finished test of the first 30 scored followers on record; returns its id.

    Above the cutoff they are called spam, below it real, unless `answers` says otherwise by follower.
    """
    with store.begin() as work:
        account_id = Accounts(work).ensure(handle, now).id
        person = person_named(work, by)
        assert person is not None
        cards = _scored(work, account_id, model, policy or Policy())[:CARDS]
        assert cards, f"nobody of @{handle} was scored by {model}"
        above = sum(card.above for card in cards)
        new = NewTest(
            account_id=account_id,
            person_id=person.id,
            number=BlindTests(work).number(account_id, person.id) + 1,
            model=model,
            spam_from=(policy or Policy()).cutoffs.spam_from,
            seed_sha256="0" * 64,
            pool_above=above,
            pool_below=len(cards) - above,
            started_at=now,
            cards=cards,
        )
        test_id = BlindTests(work).begin(new)
        made = next(each for each in BlindTests(work).of(account_id) if each.id == test_id)
        for card in made.cards:
            usual = BlindAnswer.SPAM if card.above else BlindAnswer.REAL
            BlindTests(work).answer(account_id, card, (answers or {}).get(card.follower_id, usual), now)
        Log(work).append(now, ON_RECORD, handle, person.pseudonym, {"test": test_id})
        return test_id


def _scored(work: Work, account_id: int, model: str, policy: Policy) -> list[Candidate]:
    query = scores.select().where(scores.c.account_id == account_id, scores.c.model == model).order_by(scores.c.id)
    rows = {row.follower_id: row for row in work.connection.execute(query)}
    found = [
        Candidate(
            follower_id=row.follower_id,
            snapshot_id=row.snapshot_id,
            score_id=row.id,
            p_spam=row.p_spam,
            base_logit=row.base_logit,
            above=policy.cutoffs.band_of(row.p_spam) is Band.SPAM,
        )
        for row in rows.values()
    ]
    return sorted(found, key=lambda each: (not each.above, each.follower_id))


def passed(model: str, at: datetime, person: str = "Ada") -> BlindTest:
    """A test of 15 cards a side that was passed, without a database."""
    cards = tuple(
        BlindCard(
            id=place,
            place=place,
            follower_id=str(place),
            snapshot_id=place,
            score_id=place,
            p_spam=0.99 if place <= CARDS // 2 else 0.2,
            base_logit=0.0,
            above=place <= CARDS // 2,
            answer=BlindAnswer.SPAM if place <= CARDS // 2 else BlindAnswer.REAL,
            at=at,
        )
        for place in range(1, CARDS + 1)
    )
    return BlindTest(id=1, person=person, model=model, started_at=at, cards=cards)
