"""Scores, what couldn't be scored, and batches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, insert, select

from followguard.domain.follower import Profile
from followguard.domain.policy import Band, Verdict
from followguard.domain.units import day_of
from followguard.screening.lookalikes import Lookalikes
from followguard.screening.queue_store import WITHOUT_CARD
from followguard.store.tables import batches, followers, items, models, score_failures, scores, settings, snapshots
from followguard.store.values import insert_for, profile_of
from followguard.store.work import Queries
from followguard.words.reading import kept_reading, moved

LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class Unscored:
    """A follower's latest snapshot that has no score yet."""

    snapshot_id: int
    profile: Profile


@dataclass(frozen=True, slots=True)
class NewScore:
    """A verdict about one snapshot, with the band it has under the policy it was made under.

    `words`: the signature of the words that were looked for.
    """

    snapshot: Unscored
    verdict: Verdict
    band: Band
    words: str = ""


@dataclass(frozen=True, slots=True)
class Unscorable:
    """A snapshot that the scorer choked on, and how."""

    snapshot_id: int
    follower_id: str
    error: str


@dataclass(frozen=True, slots=True)
class EarlierScore:
    """A score on record, without what words moved it by, and the log-odds that it started from."""

    p_spam: float
    base_logit: float


class Scoring(Queries):
    """Scores, which are only ever added, parked snapshots and batches of look-alikes."""

    def unscored(self, account_id: int) -> list[int]:
        """Returns ids of the latest snapshots without a score, of followers who are present; in order."""
        query = (
            select(followers.c.snapshot_id)
            .select_from(_LATEST)
            .where(
                followers.c.account_id == account_id,
                followers.c.left_at.is_(None),
                snapshots.c.text_cleared_at.is_(None),
                ~exists().where(scores.c.snapshot_id == followers.c.snapshot_id),
            )
            .order_by(followers.c.snapshot_id)
        )
        return list(self._connection.execute(query).scalars())

    def newest_model(self, account_id: int) -> str | None:
        """Returns the model of the account's newest score."""
        query = select(scores.c.model).where(scores.c.account_id == account_id).order_by(scores.c.id.desc()).limit(1)
        return self._connection.execute(query).scalar_one_or_none()

    def snapshots(self, account_id: int, ids: Sequence[int]) -> list[Unscored]:
        """Returns those of the given snapshots that are still the latest; in order. A few thousand ids at most."""
        query = (
            select(snapshots, followers.c.connection)
            .select_from(_LATEST)
            .where(followers.c.account_id == account_id, snapshots.c.id.in_(ids))
            .order_by(snapshots.c.id)
        )
        rows = self._connection.execute(query)
        return [Unscored(row.id, profile_of(row._mapping, row.connection)) for row in rows]

    def add(self, account_id: int, scores_made: Sequence[NewScore], policy_hash: str, now: datetime) -> None:
        """Stores verdicts; a failure on record for the same snapshot is over."""
        if not scores_made:
            return
        common = {"account_id": account_id, "policy_hash": policy_hash, "scored_at": now}
        self._connection.execute(insert(scores), [common | _score_values(score) for score in scores_made])
        self._note_base({score.verdict.model for score in scores_made}, now)
        over = select(scores.c.snapshot_id).where(scores.c.snapshot_id == score_failures.c.snapshot_id)
        self._connection.execute(delete(score_failures).where(score_failures.c.account_id == account_id, exists(over)))

    def _note_base(self, used: set[str], now: datetime) -> None:
        """Notes a base model's name the first time that it scores: it isn't on record like house models."""
        known = set(self._connection.execute(select(models.c.name).where(models.c.name.in_(used))).scalars())
        for name in sorted(used - known):
            noted = insert_for(self._connection, settings).on_conflict_do_nothing()
            self._covered.insert(noted.values(name=f"base:{name}", value=day_of(now)), now)

    def park(self, account_id: int, failures: Sequence[Unscorable], now: datetime) -> None:
        """Keeps the error of what can't be scored."""
        if not failures:
            return
        ids = [failure.snapshot_id for failure in failures]
        self._connection.execute(delete(score_failures).where(score_failures.c.snapshot_id.in_(ids)))
        rows = [
            {"snapshot_id": f.snapshot_id, "account_id": account_id, "error": f.error[:LONGEST_ERROR], "at": now}
            for f in failures
        ]
        self._connection.execute(insert(score_failures), rows)

    def parked(self, account_id: int) -> list[Unscorable]:
        """Returns what can't be scored, among the latest snapshots of followers who are present."""
        query = (
            select(score_failures.c.snapshot_id, score_failures.c.error, followers.c.follower_id)
            .select_from(followers.join(score_failures, score_failures.c.snapshot_id == followers.c.snapshot_id))
            .where(followers.c.account_id == account_id, followers.c.left_at.is_(None))
            .order_by(score_failures.c.snapshot_id)
        )
        rows = self._connection.execute(query)
        return [Unscorable(row.snapshot_id, row.follower_id, row.error) for row in rows]

    def earlier(self, account_id: int, model: str, before: datetime, most: int) -> list[EarlierScore]:
        """Returns the newest `most` followers that this model scored before a moment, each by its newest score of then.

        Left out are members of a batch of look-alikes, wherever they stand now, and scores that decisions moved.
        """
        in_batch = exists().where(
            items.c.account_id == scores.c.account_id,
            items.c.follower_id == scores.c.follower_id,
            items.c.batch_id.is_not(None),
        )
        newest = (
            select(func.max(scores.c.id).label("id"))
            .where(
                scores.c.account_id == account_id,
                scores.c.model == model,
                scores.c.scored_at < before,
                ~in_batch,
                scores.c.slope == 1.0,
            )
            .group_by(scores.c.follower_id)
            .order_by(func.max(scores.c.id).desc())
            .limit(most)
            .subquery()
        )
        query = select(scores.c.p_spam, scores.c.base_logit, scores.c.reasons).join(newest, newest.c.id == scores.c.id)
        rows = self._connection.execute(query.order_by(scores.c.id))
        return [EarlierScore(_without_words(row.p_spam, row.reasons), row.base_logit) for row in rows]

    def unbatched(self, account_id: int) -> list[Profile]:
        """Returns latest snapshots of present followers that have no card yet, scored or parked: tonight's new ones."""
        query = (
            select(snapshots, followers.c.connection)
            .select_from(_LATEST)
            .where(followers.c.account_id == account_id, WITHOUT_CARD)
            .order_by(snapshots.c.id)
        )
        return [profile_of(row._mapping, row.connection) for row in self._connection.execute(query)]

    def add_batch(self, account_id: int, found: Lookalikes, day: str, now: datetime) -> int:
        """Stores one batch and returns its id."""
        values = {"account_id": account_id, "day": day, "alike": found.alike, "size": len(found.members)}
        query = insert(batches).values(values | {"found_at": now}).returning(batches.c.id)
        return int(self._connection.execute(query).scalar_one())


def _without_words(p_spam: float, reasons: Sequence[Mapping[str, Any]]) -> float:
    """Returns the score as the model made it."""
    return moved(p_spam, -kept_reading(reasons, ()).shift)


_LATEST = followers.join(snapshots, snapshots.c.id == followers.c.snapshot_id)


def _score_values(score: NewScore) -> dict[str, Any]:
    verdict = score.verdict
    return {
        "follower_id": score.snapshot.profile.id,
        "snapshot_id": score.snapshot.snapshot_id,
        "model": verdict.model,
        "p_spam": float(verdict.p_spam),
        "band": score.band.value,
        "base_logit": float(verdict.base_logit),
        "slope": float(verdict.slope),
        "reasons": [{"code": r.code, "text": r.text, "weight": float(r.weight)} for r in verdict.reasons],
        "look": [{"code": mark.code, "text": mark.text} for mark in verdict.look],
        "words": score.words,
        "features": verdict.features,
        "feature_schema": verdict.feature_schema,
        "observed_at": score.snapshot.profile.observed_at,
    }
