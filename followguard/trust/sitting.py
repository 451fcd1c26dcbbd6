"""A blind test being taken: cards drawn, answers put on record one by one. It decides nothing and follows nobody."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from followguard.accounts.people import require_role
from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.follower import Profile
from followguard.domain.person import Person
from followguard.domain.policy import AccountSettings
from followguard.errors import TooFewToTest
from followguard.screening.blind_store import BlindTests, NewTest
from followguard.screening.blind_test import FEWEST_A_SIDE, BlindAnswer, BlindCard, BlindTest, draw, sides
from followguard.screening.plan import starts
from followguard.screening.queue_store import Queue
from followguard.screening.store import Scoring
from followguard.store.log import Log
from followguard.store.store import Store
from followguard.store.work import Work

DRAW, ANSWER, RESULT = "trust.draw", "trust.answer", "trust.result"
"""Kinds of entries of the log."""


@dataclass(slots=True, kw_only=True)
class BlindSitting:
    """One person's sitting over one test. `resumed`: it had been begun before."""

    store: Store
    settings: AccountSettings
    by: str | None
    clock: Callable[[], datetime]
    seed: int
    resumed: bool = False
    _test_id: int = field(default=0)

    def check_role(self) -> None:
        """Raises `UnknownPerson` or `MissingRole` where this person may take no test."""
        with self.store.begin() as work:
            require_role(work, self.by, "approver", self.settings.handle)

    def sit_down(self) -> BlindTest:
        """Takes up the test that was interrupted, or draws another one.

        Raises `UnknownPerson`, `MissingRole`, and `TooFewToTest` where a side of the cutoff has fewer than ten.
        """
        now = self.clock()
        with self.store.begin() as work:
            person = require_role(work, self.by, "approver", self.settings.handle)
            account = Accounts(work).ensure(self.settings.handle, now)
            model = Scoring(work).newest_model(account.id)
            if model is None:
                raise _too_few(self.settings.handle, 0, 0)
            mine = [each for each in BlindTests(work).of(account.id) if each.person == person.name]
            open_one = next((each for each in reversed(mine) if each.can_go_on(model, now)), None)
            self.resumed = open_one is not None
            self._test_id = open_one.id if open_one else self._drawn(work, account, person, model)
            return self._test(work)

    def left(self) -> list[tuple[BlindCard, Profile]]:
        """Returns the cards without an answer, each with the profile that was scored, in their order."""
        with self.store.begin() as work:
            cards = [card for card in self._test(work).cards if card.answer is None]
            return [(card, BlindTests(work).look(card)) for card in cards]

    def answer(self, card: BlindCard, answer: BlindAnswer) -> None:
        """Puts an answer on record, and with the last one the result. Raises `MissingRole`."""
        now = self.clock()
        with self.store.begin() as work:
            person = require_role(work, self.by, "approver", self.settings.handle)
            account = Accounts(work).ensure(self.settings.handle, now)
            if all(each.id != card.id or each.answer is not None for each in self._test(work).cards):
                return  # answered in another window, or its follower was forgotten meanwhile
            BlindTests(work).answer(account.id, card, answer, now)
            self._log(work, ANSWER, person, {"card": card.id, "answer": answer.value})
            test = self._test(work)
            if test.finished_at is not None:
                self._log(work, RESULT, person, result_of(test, passed=self._passes(work, account, test)))

    def result(self) -> tuple[BlindTest, bool]:
        """Returns the test as it stands, and whether it passes today."""
        with self.store.begin() as work:
            test = self._test(work)
            return test, self._passes(work, Accounts(work).ensure(self.settings.handle, self.clock()), test)

    # --- inside -------------------------------------------------------------------------------------------------------
    def _test(self, work: Work) -> BlindTest:
        account = Accounts(work).ensure(self.settings.handle, self.clock())
        return next(each for each in BlindTests(work).of(account.id) if each.id == self._test_id)

    def _passes(self, work: Work, account: Account, test: BlindTest) -> bool:
        return test.passes(self.settings.policy, self._start(work, account, test.model))

    def _start(self, work: Work, account: Account, model: str) -> float | None:
        return starts(Queue(work).undecided(account.id, self.clock())).get(model, (None,))[0]

    def _drawn(self, work: Work, account: Account, person: Person, model: str) -> int:
        now, policy, handle = self.clock(), self.settings.policy, self.settings.handle
        by = (model, self._start(work, account, model))
        above, below = sides(BlindTests(work).candidates(account.id, person.id, by, policy, now), now)
        if min(len(above), len(below)) < FEWEST_A_SIDE:
            raise _too_few(handle, len(above), len(below))
        number = BlindTests(work).number(account.id, person.id) + 1
        new = NewTest(
            account_id=account.id,
            person_id=person.id,
            number=number,
            model=model,
            spam_from=policy.cutoffs.spam_from,
            seed_sha256=hashlib.sha256(f"seed {self.seed}".encode()).hexdigest(),
            pool_above=len(above),
            pool_below=len(below),
            started_at=now,
            cards=draw(above, below, f"{handle} {person.pseudonym} {number} {self.seed}"),
        )
        test_id = BlindTests(work).begin(new)
        told = {"test": test_id, "number": number, "model": model, "above": len(above), "below": len(below)}
        self._log(work, DRAW, person, told | {"seed_sha256": new.seed_sha256})
        return test_id

    def _log(self, work: Work, kind: str, person: Person, payload: dict[str, Any]) -> None:
        Log(work).append(self.clock(), kind, self.settings.handle, person.pseudonym, payload)


def result_of(test: BlindTest, *, passed: bool) -> dict[str, Any]:
    """Returns a test in numbers, for the log and the JSON: what was said on each side, as it was drawn."""
    return {
        "test": test.id,
        "model": test.model,
        **{name: _side(test, above=above) for name, above in (("above", True), ("below", False))},
        "own": sum(card.own for card in test.cards),
        "passed": passed,
    }


def _side(test: BlindTest, *, above: bool) -> dict[str, int]:
    return {answer.value: test.said(answer, above=above) for answer in BlindAnswer}


def _too_few(handle: str, above: int, below: int) -> TooFewToTest:
    what = (
        f"A blind test of @{handle} needs {FEWEST_A_SIDE} followers on each side of the cutoff; "
        f"there are {above} above it and {below} below."
    )
    step = (
        "Counted are followers of the last 90 days whom the model of today scored, whose text is kept and whom you "
        "haven't judged in the last 14 days. Try again after the next night, or let another approver take it."
    )
    return TooFewToTest(what, step)
