"""Past nights once more, by the rules of the queue itself: another policy or other scores, the same people.

Under the policy that holds now, with the scores that were made then, this is what happened. Under another one a card is
decided as it was, as many days after it is first shown as it took people then; a card that nobody was shown then is
decided on the day it is shown, and what they would have said isn't known.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from followguard.domain.card import OVER, UNDECIDED, ItemState
from followguard.domain.policy import Policy
from followguard.replay.course import UNKNOWN, CardDraw, CardHistory, apply_change
from followguard.replay.past import BACK, PastCard, PastChange, PastNight
from followguard.screening.blind_test import BlindTest, is_tested
from followguard.screening.holding_back import may_hold_back
from followguard.screening.plan import Placement, QueueCounts, QueueRules, Undecided, counts, plan, starts
from followguard.screening.sample import SampleSoFar, sampled


@dataclass(frozen=True, slots=True)
class NightSeen:
    """One night of a replay: how the desk stood after it."""

    night: PastNight
    counts: QueueCounts


@dataclass(frozen=True, slots=True)
class Replayed:
    """The nights in their order, and the course of each card by item."""

    nights: tuple[NightSeen, ...]
    courses: Mapping[int, CardHistory]

    @property
    def shown_days(self) -> dict[int, str]:
        """Item -> the day on which it first came onto the desk."""
        return {item: course.shown_day for item, course in self.courses.items() if course.shown_day is not None}


def replay(
    account: str,
    cards: Sequence[PastCard],
    nights: Sequence[PastNight],
    rules: tuple[Policy, int],
    lived: Mapping[int, str] | None = None,
    tests: Sequence[BlindTest] = (),
) -> Replayed:
    """Returns all nights under a policy and a seed (`rules`), oldest first.

    `lived`: the `shown_days` of what happened, for a setting that differs from it; None replays what happened, each
    decision at its own time. `tests`: the account's blind tests; a night knows those that were finished before it.
    """
    past = _Replay(account, rules, lived, sorted(cards, key=lambda card: card.opened_at), tests)
    return past.run(nights)


class _Replay:
    def __init__(
        self,
        account: str,
        rules: tuple[Policy, int],
        lived: Mapping[int, str] | None,
        cards: Sequence[PastCard],
        tests: Sequence[BlindTest],
    ) -> None:
        self.account, self.lived, self.tests = account, lived, tests
        self.policy, self.seed = rules
        self.coming = list(reversed(cards))
        self.courses: dict[int, CardHistory] = {}
        self.pending: list[tuple[datetime, int, bool, int]] = []
        self.changes: dict[int, tuple[int, PastChange]] = {}
        self.people_decide = any(card.changes for card in cards)
        for card in cards:
            if lived is None or card.item not in lived:  # as it was, or somebody asked to see a hidden card
                self._expect(card, timedelta(0))

    def run(self, nights: Sequence[PastNight]) -> Replayed:
        return Replayed(tuple(NightSeen(night, self._night(night)) for night in nights), self.courses)

    def _night(self, night: PastNight) -> QueueCounts:
        self._open(night.at)
        self._catch_up(night)
        open_ones = [
            course for course in self.courses.values() if course.state in UNDECIDED and not _gone(course, night)
        ]
        cards = [_undecided(course, night) for course in open_ones]
        rules = self._rules(night, cards)
        placements = plan(sampled(cards, rules, self._sample(night), []), rules)
        self._place(placements, night)
        return counts(placements, night.day)

    def _open(self, at: datetime) -> None:
        while self.coming and self.coming[-1].opened_at <= at:
            card = self.coming.pop()
            self.courses[card.item] = CardHistory(card)

    # --- the queue --------------------------------------------------------------------------------------------------
    def _rules(self, night: PastNight, cards: Sequence[Undecided]) -> QueueRules:
        evidence = [found for course in self.courses.values() if (found := course.evidence) is not None]
        over = [course for course in self.courses.values() if course.state in OVER]
        return QueueRules(
            account=self.account,
            policy=self.policy,
            today=night.day,
            seed=self.seed,
            may_hold=frozenset(
                model
                for model, start in starts(cards).items()
                if may_hold_back(self.policy, evidence, model, *start, tested=self._tested(model, start[0], night))
            ),
            shown_today=sum(_was_shown(course, night.day) for course in self.courses.values()),
            audited_today=sum(course.audit_day == night.day for course in over),
        )

    def _tested(self, model: str, start: float, night: PastNight) -> bool:
        return is_tested(self.tests, self.policy, model, start, night.at)

    def _sample(self, night: PastNight) -> SampleSoFar:
        drawn = [course for course in self.courses.values() if course.sample]
        return SampleSoFar(
            labels=sum(course.label is not None for course in drawn),
            decided_today=sum(course.sample_day == night.day and course.state in OVER for course in drawn),
        )

    def _place(self, placements: Iterable[Placement], night: PastNight) -> None:
        for placed in placements:
            course = self.courses[placed.item]
            if placed.audit and not course.audit and placed.audit_probability is not None:
                course.draws.append(CardDraw(night.day, placed.audit_probability))
            course.state, course.due, course.note = placed.state, placed.due, placed.note
            course.held_back, course.audit = placed.held_back, placed.audit
            course.audit_probability, course.audit_day = placed.audit_probability, placed.audit_day
            course.audit_missed = placed.audit_missed
            course.sample, course.sample_day = placed.sample, placed.sample_day
            course.sample_probability = placed.sample_probability
            course.score = course.card.score_on(night) or course.score
            if course.held_back:
                course.held_day = course.held_day or night.day
            if course.state in UNDECIDED and not course.hidden and course.due is not None and course.due <= night.day:
                self._listed(course, night)

    def _listed(self, course: CardHistory, night: PastNight) -> None:
        if course.shown_day is not None:
            return
        course.shown_day = night.day
        if self.lived is None:
            return
        then = self.lived.get(course.card.item)
        if then is not None:
            self._expect(course.card, date.fromisoformat(night.day) - date.fromisoformat(then), night.at)
        elif self.people_decide and not course.card.changes:
            self._push(course.card.item, PastChange(id=0, at=night.at, kind=UNKNOWN), night.at)

    # --- people -----------------------------------------------------------------------------------------------------
    def _expect(self, card: PastCard, later: timedelta, earliest: datetime | None = None) -> None:
        for change in card.changes:
            at = change.at + later
            self._push(card.item, change, at if earliest is None else max(at, earliest))

    def _push(self, item: int, change: PastChange, at: datetime) -> None:
        number = len(self.changes)
        self.changes[number] = (item, change)
        heapq.heappush(self.pending, (at, change.id, change.kind == BACK, number))

    def _catch_up(self, night: PastNight) -> None:
        """Applies what happened since the last night."""
        kept = []
        while self.pending and self.pending[0][0] <= night.at:
            entry = heapq.heappop(self.pending)
            item, change = self.changes[entry[-1]]
            if entry[0] == night.at and self._came_after(change, night):
                kept.append(entry)
            elif item in self.courses:
                apply_change(self.courses[item], change, entry[0], shifted=self.lived is not None)
        for entry in kept:
            heapq.heappush(self.pending, entry)

    def _came_after(self, change: PastChange, night: PastNight) -> bool:
        """Orders changes of the moment at which a night ended: returns came before, decisions as the log has it."""
        return change.kind != BACK and (self.lived is not None or change.place >= night.decisions)


def _undecided(course: CardHistory, night: PastNight) -> Undecided:
    card, score = course.card, course.card.score_on(night)
    return Undecided(
        item=card.item,
        follower_id=card.follower_id,
        username=card.username,
        state=course.state,
        first_seen_day=card.first_seen_day,
        score_id=score.id if score else None,
        earlier_score_id=course.score.id if course.score else None,
        p_spam=score.p_spam if score else None,
        earlier_p_spam=course.score.p_spam if course.score else None,
        model=score.model if score else None,
        connection=None,
        left=False,
        thin=card.thin_at(night.at),
        touched=course.touched,
        claimed=False,
        batch=card.batch,
        due=course.due,
        held_back=course.held_back,
        audit=course.audit,
        audit_probability=course.audit_probability,
        audit_day=course.audit_day,
        audit_missed=course.audit_missed,
        note=course.note,
        base_logit=score.base_logit if score else None,
        slope=score.slope if score else 1.0,
        sample=course.sample,
        sample_probability=course.sample_probability,
        sample_day=course.sample_day,
        look=score.look if score else False,
        earlier_look=course.score.look if course.score else False,
        imitates=score.imitates if score else False,
    )


def _gone(course: CardHistory, night: PastNight) -> bool:
    return course.card.gone_at is not None and course.card.gone_at <= night.at


def _was_shown(course: CardHistory, day: str) -> bool:
    """Tells whether a card was decided that day from the desk, and isn't there any more."""
    put_off = course.state is ItemState.LATER and course.due is not None and course.due > day
    return course.decided_day == day and not course.asked and (course.state in OVER or put_off)
