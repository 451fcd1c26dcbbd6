"""Blind tests on record: who can be drawn, the cards that were, and the answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, func, insert, select

from followguard.domain.follower import Profile
from followguard.domain.labels import Kind
from followguard.domain.policy import Band, Policy
from followguard.screening.blind_test import RECENT, BlindAnswer, BlindCard, BlindTest, Candidate
from followguard.screening.holding_back import moved_to, only_lacks_data
from followguard.store.tables import (
    blind_answers,
    blind_cards,
    blind_tests,
    decisions,
    early_predictions,
    followers,
    items,
    models,
    people,
    scores,
    snapshots,
)
from followguard.store.tables.conditions import TEST_DISTRUSTED
from followguard.store.values import profile_of
from followguard.store.work import Queries, made


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTest:
    """A test about to begin. `pool_above`, `pool_below`: how many it was drawn from."""

    account_id: int
    person_id: int
    number: int
    model: str
    spam_from: float
    seed_sha256: str
    pool_above: int
    pool_below: int
    started_at: datetime
    cards: Sequence[Candidate]


class BlindTests(Queries):
    """Tests, their cards and answers, which are only ever added."""

    def of(self, account_id: int) -> list[BlindTest]:
        """Returns every test of the account, the oldest first; none of a person and a time that aren't trusted."""
        cards: defaultdict[int, list[BlindCard]] = defaultdict(list)
        for row in self._connection.execute(_CARDS.where(blind_cards.c.account_id == account_id)):
            cards[row.test_id].append(_card_of(row))
        query = select(blind_tests, people.c.name.label("person")).join(people, people.c.id == blind_tests.c.person_id)
        mine = query.where(blind_tests.c.account_id == account_id, ~TEST_DISTRUSTED)
        rows = self._connection.execute(mine.order_by(blind_tests.c.id))
        return [
            BlindTest(
                id=row.id,
                person=row.person,
                model=row.model,
                started_at=row.started_at,
                cards=tuple(cards[row.id]),
            )
            for row in rows
        ]

    def number(self, account_id: int, person_id: int) -> int:
        """Counts the tests that the person has begun for the account."""
        query = select(func.count()).where(blind_tests.c.account_id == account_id, blind_tests.c.person_id == person_id)
        return int(self._connection.execute(query).scalar_one())

    def begin(self, test: NewTest) -> int:
        """Adds a test with its cards and returns its id."""
        names = [column.name for column in blind_tests.columns if column.name != "id"]
        values = {name: getattr(test, name) for name in names}
        test_id = int(made(self._covered.insert(insert(blind_tests).values(values), test.started_at)).id)
        for place, each in enumerate(test.cards, start=1):
            card = {name: getattr(each, name) for name in _OF_CANDIDATE} | {"own": each.own_at is not None}
            card |= {"test_id": test_id, "place": place, "account_id": test.account_id}
            self._covered.insert(insert(blind_cards).values(card))
        return test_id

    def answer(self, account_id: int, card: BlindCard, answer: BlindAnswer, now: datetime) -> None:
        """Adds the answer to a card."""
        values = {"card_id": card.id, "account_id": account_id, "follower_id": card.follower_id}
        self._covered.insert(insert(blind_answers).values(values | {"answer": answer.value, "at": now}), now)

    def look(self, card: BlindCard) -> Profile:
        """Returns the profile that was scored."""
        query = select(snapshots).where(snapshots.c.id == card.snapshot_id)
        return profile_of(self._connection.execute(query).one()._mapping)

    def candidates(
        self, account_id: int, person_id: int, by: tuple[str, float | None], policy: Policy, now: datetime
    ) -> list[Candidate]:
        """Returns recent followers with their text and a score of a model (`by`: its name and today's start).

        What it predicted before it learned goes before the score it made itself. Who only lacks data is never held
        back, so nobody above the cutoff is such a one.
        """
        model, start = by
        judged = self._judged(account_id, person_id)
        recent = and_(scores.c.account_id == account_id, followers.c.first_seen_at >= now - RECENT)
        own = _SCORED.where(recent, scores.c.model == model).order_by(scores.c.id)
        early = _PREDICTED.where(recent, models.c.name == model).order_by(decisions.c.id)
        rows = {row.follower_id: row for query in (own, early) for row in self._connection.execute(query)}
        found = (_candidate_of(row, policy, start, judged.get(row.follower_id)) for row in rows.values())
        return sorted((each for each in found if each is not None), key=lambda each: int(each.follower_id))

    def _judged(self, account_id: int, person_id: int) -> dict[str, datetime]:
        """Maps followers to when this person last said something about them, in decisions or in tests."""
        decided = select(decisions.c.follower_id, decisions.c.at).where(
            decisions.c.account_id == account_id,
            decisions.c.person_id == person_id,
            decisions.c.kind.not_in((Kind.LATER.value, Kind.UNDO.value)),
        )
        answered = (
            select(blind_answers.c.follower_id, blind_answers.c.at)
            .join(blind_cards, blind_cards.c.id == blind_answers.c.card_id)
            .join(blind_tests, blind_tests.c.id == blind_cards.c.test_id)
            .where(blind_tests.c.account_id == account_id, blind_tests.c.person_id == person_id)
        )
        found: dict[str, datetime] = {}
        for query in (decided, answered):
            for row in self._connection.execute(query):
                found[row.follower_id] = max(row.at, found.get(row.follower_id, row.at))
        return found


_OF_CANDIDATE = ("follower_id", "snapshot_id", "score_id", "p_spam", "base_logit", "above")
_CARDS: Select[Any] = (
    select(blind_cards, blind_answers.c.answer, blind_answers.c.at)
    .outerjoin(blind_answers, blind_answers.c.card_id == blind_cards.c.id)
    .order_by(blind_cards.c.test_id, blind_cards.c.place)
)
_LOOKS = scores.join(
    followers,
    and_(followers.c.account_id == scores.c.account_id, followers.c.follower_id == scores.c.follower_id),
).join(snapshots, and_(snapshots.c.id == scores.c.snapshot_id, snapshots.c.text_cleared_at.is_(None)))
_WITH_CARD = _LOOKS.outerjoin(
    items, and_(items.c.account_id == scores.c.account_id, items.c.follower_id == scores.c.follower_id)
)
_LOOK = [column for column in snapshots.c if column.name not in {"id", "account_id"}]
_SHOWN = (scores.c.id.label("score_id"), snapshots.c.id.label("snapshot_id"), items.c.batch_id, *_LOOK)
_SCORED: Select[Any] = select(*_SHOWN, scores.c.p_spam, scores.c.base_logit).select_from(_WITH_CARD)
_PREDICTED: Select[Any] = select(*_SHOWN, early_predictions.c.p_spam, early_predictions.c.base_logit).select_from(
    _WITH_CARD.join(decisions, decisions.c.score_id == scores.c.id)
    .join(early_predictions, early_predictions.c.decision_id == decisions.c.id)
    .join(models, models.c.id == early_predictions.c.model_id)
)


def _candidate_of(row: Row[Any], policy: Policy, start: float | None, own_at: datetime | None) -> Candidate | None:
    above = policy.cutoffs.band_of(moved_to(start, row.p_spam, row.base_logit)) is Band.SPAM
    if above and only_lacks_data(profile_of(row._mapping), in_batch=row.batch_id is not None):
        return None
    return Candidate(
        follower_id=row.follower_id,
        snapshot_id=row.snapshot_id,
        score_id=row.score_id,
        p_spam=row.p_spam,
        base_logit=row.base_logit,
        above=above,
        own_at=own_at,
    )


def _card_of(row: Row[Any]) -> BlindCard:
    return BlindCard(
        id=row.id,
        place=row.place,
        follower_id=row.follower_id,
        snapshot_id=row.snapshot_id,
        score_id=row.score_id,
        p_spam=row.p_spam,
        base_logit=row.base_logit,
        above=row.above,
        own=row.own,
        answer=BlindAnswer(row.answer) if row.answer else None,
        at=row.at,
    )
