"""Trust told: one account's figures, its blind tests and how it stands with holding back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.policy import AccountSettings
from followguard.screening.audit import HeldBackShare
from followguard.screening.blind_store import BlindTests
from followguard.screening.blind_test import BlindTest, blind_test_command
from followguard.screening.plan import starts
from followguard.screening.queue import share_held_back
from followguard.screening.queue_store import Queue
from followguard.screening.standing import Standing, standing_of
from followguard.store.work import Work
from followguard.trust.figures import SPAN, TrustFigures, as_json, model_records, track_record, word_records
from followguard.trust.sitting import result_of
from followguard.trust.store import JudgedCards

ALL = "all models"


@dataclass(frozen=True, slots=True)
class TakenTest:
    """A blind test that was finished. `passed`: at today's cutoff; `serves`: it is of the model that serves."""

    test: BlindTest
    passed: bool
    serves: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Everything that `followguard trust` and the report say of an account."""

    figures: TrustFigures
    standing: Standing
    tests: tuple[TakenTest, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Returns the account's object in `trust --json`."""
        so_far, standing = self.standing.earned, self.standing
        return as_json(self.figures) | {
            "holding_back": {
                "mode": standing.mode.value,
                "active": standing.active,
                "model": standing.model,
                "decided": so_far.decided,
                "wrong": so_far.wrong,
                "bound": so_far.bound,
                "max_wrong_hold": standing.limit,
                "tested": standing.tested,
                "next": blind_test_command(self.figures.account) if standing.waits_for_test else "",
            },
            "tests": [
                result_of(each.test, passed=each.passed)
                | {"person": each.test.person, "finished_at": each.test.finished_at, "serves": each.serves}
                for each in self.tests
            ],
        }


def trust_of(work: Work, settings: AccountSettings, now: datetime) -> Trust:
    """Reads an account's trust; an account without a row has nothing to tell yet."""
    row = next((each for each in Accounts(work).all() if each.handle == settings.handle), None)
    return _nothing(work, settings, now) if row is None else _told(work, settings, row, now)


def _told(work: Work, settings: AccountSettings, row: Account, now: datetime) -> Trust:
    cards = JudgedCards(work).cards(row.id, now - SPAN)
    standing = standing_of(work, row.id, settings.policy, now)
    start = starts(Queue(work).undecided(row.id, now)).get(standing.model or "", (None,))[0]
    done = [test for test in BlindTests(work).of(row.id) if test.finished_at is not None]
    figures = TrustFigures(
        account=settings.handle,
        since=now - SPAN,
        until=now,
        machine=track_record(ALL, cards, _estimate),
        models=model_records(cards, _estimate),
        words=word_records(cards),
        turned=JudgedCards(work).turned(row.id, now - SPAN),
        ever=share_held_back(work, row.id),
    )
    tests = (TakenTest(t, t.passes(settings.policy, start), t.model == standing.model) for t in done)
    return Trust(figures=figures, standing=standing, tests=tuple(tests))


def _nothing(work: Work, settings: AccountSettings, now: datetime) -> Trust:
    nothing = track_record(ALL, (), _estimate)
    figures = TrustFigures(account=settings.handle, since=now - SPAN, until=now, machine=nothing)
    return Trust(figures=figures, standing=standing_of(work, -1, settings.policy, now))


def _estimate(draws: Any) -> HeldBackShare:
    from followguard.screening.audit_interval import held_back_share

    return held_back_share(draws)
