"""Decisions that deserve a second look: likely slips, with why. It shows them and changes nothing."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followguard.accounts.store import Accounts, People
from followguard.domain.labels import Kind, Label
from followguard.domain.policy import AccountSettings
from followguard.review.agreement import Judgement, OpinionPair, open_disagreements
from followguard.review.approval_speed import Hurry, hurries
from followguard.review.opinions_store import Opinions
from followguard.review.store import Decisions
from followguard.store.work import Work
from followguard.training.house.decisions import decided_of
from followguard.training.models.serving import TrainingContext, model_of
from followguard.training.retrain.exports import LabelledDecision
from followguard.training.slips import against_the_rest, twins_decided_differently
from followguard.training.store import Learning, UsableLabels, labels_at_hand

PEOPLE, REST, TWIN = "people_disagree", "unlike_the_rest", "twin_decided_differently"
HURRY = "approved_in_a_hurry"
ORDER = (HURRY, PEOPLE, TWIN, REST)


@dataclass(frozen=True, slots=True)
class Why:
    """One ground for a second look.

    `code`: approved_in_a_hurry | people_disagree | twin_decided_differently | unlike_the_rest.
    """

    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A card whose decision may be a slip. `label`: what the decision says; `by` who made it, `at` when."""

    item: int
    account: str
    follower_id: str
    username: str | None
    label: Label
    by: str
    at: datetime
    why: tuple[Why, ...]

    def as_row(self) -> dict[str, Any]:
        """Returns the object for JSON."""
        return {
            "item": self.item,
            "account": self.account,
            "follower_id": self.follower_id,
            "username": self.username,
            "label": self.label.value,
            "by": self.by,
            "at": self.at,
            "why": [{"code": why.code, "text": why.text} for why in self.why],
        }


@dataclass(frozen=True, slots=True)
class Doubted:
    """A ground, and the X account that it is about in one of our accounts."""

    account: str
    follower_id: str
    why: Why


def second_look(workshop: TrainingContext, accounts: Sequence[AccountSettings], limit: int = 0) -> list[Suspect]:
    """Returns the labelled decisions of these accounts that stand and may be slips (`limit` 0: all).

    Approvals and proposals that came faster than anybody looks come first, then those about which people disagree.
    Whole model groups learn together, so twins and the rest may be of another account of the group. Where the training
    basis is `none`, only people are compared with people.
    """
    with workshop.store.begin() as work:
        rows = {row.handle: row.id for row in Accounts(work).all()}
        ids = [rows[each.handle] for each in accounts if each.handle in rows]
        standing = {(each.account, each.follower_id): each for each in Learning(work).labelled(ids)}
        names = {person.pseudonym: person.name for person in People(work).all()}
        judged = Opinions(work).judgements(
            [rows[handle] for handle in workshop.installation.accounts if handle in rows]
        )
        fast = hurries(Opinions(work).approvals())
        hurried = list(_hurried(fast, standing))
        proposed = list(_proposed(work, fast, {each.handle for each in accounts}))
        groups = dict.fromkeys(each.model_group for each in accounts)
        at_hand = [labels_at_hand(work, workshop.learners(group)) for group in groups]
    found = [*hurried, *_disagreements(open_disagreements(judged), names)]
    for own in at_hand:
        found += _learned(workshop, own)
    cards = {(each.account, each.follower_id): each for each in judged}
    suspects = [_suspect(standing[key], cards[key], whys, names) for key, whys in _by_card(found) if key in standing]
    suspects += proposed
    suspects.sort(key=lambda each: min(ORDER.index(why.code) for why in each.why))
    return suspects[:limit] if limit else suspects


def _hurried(found: Iterable[Hurry], standing: Mapping[tuple[str, str], LabelledDecision]) -> Iterator[Doubted]:
    """Yields approvals of a stretch that are still the last word about their followers."""
    for hurry in found:
        for each in hurry.approvals:
            last = standing.get((each.account, each.follower_id))
            if last is not None and last.decision_id == each.decision_id:
                yield Doubted(each.account, each.follower_id, Why(HURRY, f"one of {hurry.words}"))


def _proposed(work: Work, found: Iterable[Hurry], handles: Collection[str]) -> Iterator[Suspect]:
    """Yields proposals of a stretch that wait for a second person: no labels yet, and the next step makes orders."""
    for hurry in found:
        for each in hurry.approvals:
            last = next((row for row in reversed(Decisions(work).history(each.item)) if row.stands), None)
            if each.account in handles and last and last.id == each.decision_id and last.kind is Kind.PROPOSE:
                yield Suspect(
                    item=each.item,
                    account=each.account,
                    follower_id=each.follower_id,
                    username=None,
                    label=Label.GENUINE,
                    by=each.person,
                    at=each.at,
                    why=(Why(HURRY, f"proposed: one of {hurry.words}"),),
                )


def _disagreements(pairs: Iterable[OpinionPair], names: dict[str, str]) -> Iterator[Doubted]:
    for pair in pairs:
        first, second = pair.first, pair.second
        text = " and ".join(
            f"{names.get(each.person, each.person)} said {each.label.value} (@{each.account}, {each.at:%Y-%m-%d})"
            for each in (first, second)
        )
        for account in dict.fromkeys((first.account, second.account)):
            yield Doubted(account, first.follower_id, Why(PEOPLE, text))


def _learned(workshop: TrainingContext, at_hand: UsableLabels) -> Iterator[Doubted]:
    """Yields what the other decisions of a model group speak against."""
    if not at_hand.decisions:
        return
    decided = decided_of(at_hand.rows(workshop.secret))[0]
    rows = at_hand.decisions
    for one, other in twins_decided_differently(decided):
        for row, twin in ((rows[one], rows[other]), (rows[other], rows[one])):
            text = f"follower {twin.follower_id} of @{twin.account} looks the same and was decided {twin.label.value}"
            yield Doubted(row.account, row.follower_id, Why(TWIN, text))
    for doubtful in against_the_rest(model_of(workshop.shelf.base()), decided, workshop.seed):
        row = rows[doubtful.row]
        text = f"the other decisions say p_spam {doubtful.p_spam:.2f}"
        yield Doubted(row.account, row.follower_id, Why(REST, text))


def _by_card(found: Iterable[Doubted]) -> list[tuple[tuple[str, str], list[Why]]]:
    cards: dict[tuple[str, str], list[Why]] = {}
    for each in found:
        cards.setdefault((each.account, each.follower_id), []).append(each.why)
    return list(cards.items())


def _suspect(decision: LabelledDecision, card: Judgement, whys: list[Why], names: dict[str, str]) -> Suspect:
    return Suspect(
        item=card.item,
        account=decision.account,
        follower_id=decision.follower_id,
        username=card.username,
        label=decision.label,
        by=names.get(decision.person, decision.person),
        at=decision.at,
        why=tuple(dict.fromkeys(whys)),
    )
