"""Replays the followers and the nights on record under another policy or another model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from followguard.accounts.names_store import ListedNames
from followguard.accounts.store import Accounts
from followguard.domain.card import OVER, Wanted
from followguard.domain.policy import AccountSettings, HoldingBack, Policy, in_force
from followguard.domain.units import day_of
from followguard.errors import UsageError
from followguard.followers.tombstone_store import Tombstones
from followguard.replay.figures import Check, ReplayFigures, ReplayWindow, check, figures
from followguard.replay.other_model import OtherModel, rescored, scores_of
from followguard.replay.other_words import OtherWords, PastText, WordsTried, reworded, words_tried
from followguard.replay.outcome import Arrived, PolicyOutcome, what_if
from followguard.replay.past import PastCard, PastNight, seconds_per_card
from followguard.replay.replay import Replayed, replay
from followguard.replay.store import Past
from followguard.review.store import Cards
from followguard.screening.audit_interval import held_back_share
from followguard.screening.blind_store import BlindTests
from followguard.screening.blind_test import BlindTest, rescored_by
from followguard.screening.holding_back import only_lacks_data
from followguard.screening.queue_store import Queue
from followguard.store.store import Store
from followguard.store.work import Work

SERVED = "as served"
"""Stands for the scores that were made at the time, by whatever model served then."""


CONFIGURED = "as configured"
"""Stands for the words that were read at the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """Values to try; an empty list keeps the policy's own. `nights`: only the newest so many days with a night."""

    max_wrong_hold: Sequence[float] = ()
    unsure_above: Sequence[float] = ()
    max_cards_per_day: Sequence[int] = ()
    holding_back: Sequence[HoldingBack] = ()
    audit_cards_per_day: Sequence[int] = ()
    models: Sequence[OtherModel] = ()
    words: OtherWords | None = None
    nights: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """A setting and what it comes to; `current` is the one that is configured, with the scores made at the time.

    `outcome` is about everybody on record with holding back taken as earned, `replay` about the nights as they came.
    """

    max_wrong_hold: float
    unsure_above: float
    max_cards_per_day: int
    holding_back: HoldingBack
    audit_cards_per_day: int
    model: str
    words: str
    current: bool
    outcome: PolicyOutcome
    replay: ReplayFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """All settings of one account. `seconds_per_card` is measured on `measured_on` pairs of decisions, or assumed (0).

    `learnt_from`: cards of these nights whose decision another model may have learned from, by its name: there it
    flatters. `not_rescored`: scores made with other features, which keep their own number under another model.
    `forgotten`: people of whom nothing is left, so that the nights they were in come out short of their receipts.
    """

    policies: Sequence[SettingRow]
    check: Check
    first_night: str | None
    last_night: str | None
    seconds_per_card: float
    measured_on: int
    learnt_from: dict[str, int]
    not_rescored: int
    forgotten: int
    words: WordsTried | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What is on record, and what of it is looked at. `holders`: whom the names in the policy's lists hold to.

    `texts`: of scores, where words are tried.
    """

    settings: AccountSettings
    seed: int
    arrived: Callable[[Sequence[PastCard]], list[Arrived]]
    cards: list[PastCard]
    nights: list[PastNight]
    days: list[str]
    lived: Replayed
    seconds: float
    measured: int
    forgotten: int
    holders: dict[str, str]
    tests: list[BlindTest]
    words: OtherWords | None
    texts: Mapping[int, PastText]


def replay_account(store: Store, settings: AccountSettings, others: Others, seed: int) -> Replay:
    """Returns what happened, then every combination of the others. Raises `UsageError` for crossed cutoffs."""
    policies = _policies(settings.policy, others)
    past = _past(store, settings, others, seed)
    models: Sequence[OtherModel | None] = others.models or [None]
    rows = [_row(past, settings.policy, None, current=True)]
    rows += [
        _row(past, policy, model)
        for model in models
        for policy in policies
        if model is not None or others.words is not None or policy != settings.policy
    ]
    return Replay(
        policies=rows,
        check=check(past.lived, settings.policy.hash()),
        first_night=past.days[0] if past.days else None,
        last_night=past.days[-1] if past.days else None,
        seconds_per_card=past.seconds,
        measured_on=past.measured,
        learnt_from={model.name: _learnt_from(past, model) for model in others.models},
        not_rescored=sum(
            not model.reads(score) for model in others.models[:1] for c in past.cards for score in c.scores
        ),
        forgotten=past.forgotten,
        words=words_tried(past.cards, others.words, past.texts, settings.policy.cutoffs) if others.words else None,
    )


def _past(store: Store, settings: AccountSettings, others: Others, seed: int) -> _Past:
    with store.begin() as work:
        ids = [row.id for row in Accounts(work).all() if row.handle == settings.handle]
        cards = [card for account_id in ids for card in Past(work).cards(account_id)]
        nights = [night for account_id in ids for night in Past(work).nights(account_id)]
        arrived = _arrivals(work, ids)
        forgotten = Tombstones(work).count()
        tests = [test for account_id in ids for test in BlindTests(work).of(account_id)]
        texts = _texts(work, ids) if others.words else {}
        holders = {name: held for account_id in ids for name, held in ListedNames(work).holders(account_id).items()}
    days = sorted({night.day for night in nights if night.counts is not None})[-(others.nights or 0) :]
    seconds, measured = seconds_per_card(cards)
    rules = (in_force(settings.policy, holders), seed)
    lived = replay(settings.handle, cards, nights, rules, tests=tests)
    return _Past(
        settings=settings,
        seed=seed,
        arrived=arrived,
        cards=cards,
        nights=nights,
        days=days,
        lived=lived,
        seconds=seconds,
        measured=measured,
        forgotten=forgotten,
        holders=holders,
        tests=tests,
        words=others.words,
        texts=texts,
    )


def _texts(work: Work, account_ids: Sequence[int]) -> dict[int, PastText]:
    return {score: text for account_id in account_ids for score, text in Past(work).texts(account_id).items()}


def _row(past: _Past, policy: Policy, model: OtherModel | None, *, current: bool = False) -> SettingRow:
    cards = past.cards if model is None else rescored(past.cards, model)
    words = None if current else past.words
    cards = reworded(cards, words, past.texts) if words else cards
    replayed = past.lived
    if not current:
        rules = (in_force(policy, past.holders), past.seed)
        tests = past.tests if model is None else rescored_by(past.tests, model.name, scores_of(cards).get)
        replayed = replay(past.settings.handle, cards, past.nights, rules, past.lived.shown_days, tests)
    return SettingRow(
        max_wrong_hold=policy.max_wrong_hold,
        unsure_above=policy.unsure_above,
        max_cards_per_day=policy.max_cards_per_day,
        holding_back=policy.holding_back,
        audit_cards_per_day=policy.audit_cards_per_day,
        model=SERVED if model is None else model.name,
        words=CONFIGURED if words is None else words.file,
        current=current,
        outcome=what_if(past.arrived(cards), policy),
        replay=figures(
            replayed, past.lived, ReplayWindow(days=past.days, seconds=past.seconds, estimate=held_back_share)
        ),
    )


def _learnt_from(past: _Past, model: OtherModel) -> int:
    return sum(any(each.label and each.id <= model.newest_decision for each in card.changes) for card in past.cards)


def _policies(policy: Policy, others: Others) -> list[Policy]:
    found = [
        replace(
            policy,
            max_wrong_hold=hold,
            unsure_above=unsure,
            max_cards_per_day=cards,
            holding_back=mode,
            audit_cards_per_day=audit,
        )
        for hold, unsure, cards, mode, audit in product(
            others.max_wrong_hold or [policy.max_wrong_hold],
            others.unsure_above or [policy.unsure_above],
            others.max_cards_per_day or [policy.max_cards_per_day],
            others.holding_back or [policy.holding_back],
            others.audit_cards_per_day or [policy.audit_cards_per_day],
        )
    ]
    for each in found:
        _check(each)
    return found


def _check(policy: Policy) -> None:
    try:
        _ = policy.cutoffs
    except ValueError as error:
        what = f"max_wrong_hold {policy.max_wrong_hold} and unsure_above {policy.unsure_above} don't go together."
        raise UsageError(what, "unsure_above must be at most 1 - max_wrong_hold.") from error


def _arrivals(work: Work, account_ids: Sequence[int]) -> Callable[[Sequence[PastCard]], list[Arrived]]:
    """Returns every scored follower, with the newest score of the cards given.

    What people decided counts while the card isn't waiting again.
    """
    shown = Cards(work).cards(Wanted(account_ids=tuple(account_ids), held_back=True))
    labels = {each.item: each.label for account_id in account_ids for each in Queue(work).evidence(account_id)}

    def arrived(cards: Sequence[PastCard]) -> list[Arrived]:
        scores = {card.item: card.scores[-1] for card in cards if card.scores}
        return [
            Arrived(
                day=day_of(card.first_seen_at),
                p_spam=scores[card.item].p_spam if card.item in scores else card.p_spam,
                look=scores[card.item].look if card.item in scores else bool(card.look),
                thin=only_lacks_data(card.profile, card.batch is not None),
                label=labels.get(card.item) if card.state in OVER else None,
            )
            for card in shown
            if card.p_spam is not None
        ]

    return arrived
