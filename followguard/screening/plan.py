"""Which cards the desk shows on which day, who is held back, and whom the daily audit draws."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from followguard.domain.card import CLOSED_WORDS, LEFT, ItemState, closed_because, is_hidden
from followguard.domain.policy import Band, Policy, is_named, names_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A card nobody has decided, as the queue needs it.

    `score_id`, `p_spam`, `base_logit` are of the newest score (None: it couldn't be scored), `earlier_...` of the
    card's so far.
    `touched`: people have had a say about it before, or it came back with a question, so no machine hides it.
    `thin`: a high score may come from lack of data alone. `claimed`: in somebody's hands right now.
    `audit_missed`: how likely it was that no audit has drawn it so far, None before its first draw. `sample`: drawn
    from all new followers of `sample_day`, the day of its first plan (None before that).
    `look`: the newest score has look marks; `imitates`: among them that of somebody who passes themselves off as us.
    """

    item: int
    follower_id: str
    username: str | None
    state: ItemState
    first_seen_day: str
    score_id: int | None
    earlier_score_id: int | None
    p_spam: float | None
    earlier_p_spam: float | None
    model: str | None
    connection: frozenset[str] | None
    left: bool
    thin: bool
    touched: bool
    claimed: bool
    batch: int | None
    due: str | None
    held_back: bool
    audit: bool
    audit_probability: float | None
    audit_day: str | None
    note: str | None
    base_logit: float | None = None
    slope: float = 1.0
    audit_missed: float | None = None
    sample: bool = False
    sample_probability: float | None = None
    sample_day: str | None = None
    look: bool = False
    earlier_look: bool = False
    imitates: bool = False

    @property
    def hidden(self) -> bool:
        """Held back and not drawn for the audit."""
        return is_hidden(self.held_back, self.audit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The place of a card for tonight. `state` and `closed_why` change only when it closes."""

    item: int
    state: ItemState
    score_id: int | None
    due: str | None
    held_back: bool
    audit: bool
    audit_probability: float | None
    audit_day: str | None
    note: str | None
    closed_why: str | None = None
    audit_missed: float | None = None
    sample: bool = False
    sample_probability: float | None = None
    sample_day: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRules:
    """The facts that tonight's plan depends on beside the cards.

    `may_hold` names the models whose `spam` cards may be held back tonight; `shown_today` counts cards decided
    today that were on the desk; `audited_today` those of today's draws that are decided already.
    """

    account: str
    policy: Policy
    today: str
    seed: int
    may_hold: frozenset[str]
    shown_today: int = 0
    audited_today: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueCounts:
    """`listed`: cards on today's desk, audited ones included. `held_back`: hidden now. `audit`: audited ones on
    today's desk. `waiting`: shown on a later day (put-off ones not counted). `batches`: found today."""

    listed: int
    held_back: int
    audit: int
    waiting: int
    batches: int = 0


def starts(cards: Iterable[Undecided]) -> dict[str, tuple[float, float]]:
    """Maps a model to the highest `base_logit` and the highest slope of its scores of these cards."""
    found: dict[str, tuple[float, float]] = {}
    for card in cards:
        if card.model is not None and card.base_logit is not None:
            start, slope = found.get(card.model, (card.base_logit, card.slope))
            found[card.model] = (max(card.base_logit, start), max(card.slope, slope))
    return found


@dataclass(frozen=True, slots=True)
class PoolDraw:
    """One draw of audit or sample: out of which items how many were wanted, which came out, and its kind in the log."""

    pool: tuple[int, ...]
    wanted: int
    drawn: tuple[int, ...]
    kind: str = "audit.draw"


def plan(cards: Sequence[Undecided], rules: QueueRules, draws: list[PoolDraw] | None = None) -> list[Placement]:
    """Returns a placement for every card, the same for the same cards, rules and seed. Adds its draws to `draws`."""
    never_follow = names_of(rules.policy.never_follow)
    closing = {c.item: why for c in cards if (why := closes(c, never_follow))}
    held = [_held(_woken(c, rules), rules) for c in cards if c.item not in closing]
    staying = _audited(held, rules, [] if draws is None else draws)
    days = _days(staying, rules)
    placed = [_placement(card, due=days.get(card.item)) for card in staying]
    return placed + [_placement(c, due=None, closed_why=closing[c.item]) for c in cards if c.item in closing]


def changed(cards: Sequence[Undecided], placements: Iterable[Placement]) -> list[Placement]:
    """Returns the placements that differ from what is stored."""
    stored = {card.item: _placement(card, due=card.due) for card in cards}
    news = {card.item: card.score_id for card in cards if card.score_id != card.earlier_score_id}
    return [p for p in placements if p != stored[p.item] or p.item in news]


def counts(placements: Iterable[Placement], today: str) -> QueueCounts:
    """Returns what the night's JSON says about a plan."""
    open_ones = [p for p in placements if p.state is not ItemState.CLOSED]
    seen = [p for p in open_ones if not is_hidden(p.held_back, p.audit)]
    listed = [p for p in seen if p.due is not None and p.due <= today]
    waiting = sum(p.state is ItemState.WAITING for p in seen) - sum(p.state is ItemState.WAITING for p in listed)
    audit = sum(p.audit for p in listed)
    return QueueCounts(listed=len(listed), held_back=len(open_ones) - len(seen), audit=audit, waiting=waiting)


def draw(account: str, follower_id: str, day: str, seed: int) -> str:
    """Returns a number that nobody can aim at, the same on every run of one day."""
    return hashlib.sha256(f"{account}\n{follower_id}\n{day}\n{seed}".encode()).hexdigest()


def closes(card: Undecided, never_follow: frozenset[str]) -> str | None:
    """Tells why a card is closed tonight, None where it stays."""
    if card.left:
        voided = card.touched and card.state is ItemState.WAITING and card.note is not None
        return None if voided else LEFT  # whose approval was voided comes back to a person, with the reason
    return closed_because(card.follower_id, card.username, card.connection, never_follow)


def _band(card: Undecided, policy: Policy) -> Band:
    """Returns the band; a card without a score is unsure."""
    return Band.UNSURE if card.p_spam is None else policy.cutoffs.band_of(card.p_spam, look=card.look)


def _woken(card: Undecided, rules: QueueRules) -> Undecided:
    """Returns the day of a card; a put-off one comes back early when its band changed."""
    if card.state is not ItemState.LATER or card.earlier_p_spam is None or card.p_spam is None:
        return card
    before = rules.policy.cutoffs.band_of(card.earlier_p_spam, look=card.earlier_look)
    after = _band(card, rules.policy)
    if before is after or card.due is None or card.due <= rules.today:
        return card
    note = f"Back early: it looked {before.value} when it was put off and looks {after.value} now."
    return replace(card, due=rules.today, note=note)


def _held(card: Undecided, rules: QueueRules) -> Undecided:
    """Tells whether a card is held back: likely spam by a model that has earned it, looked at by nobody."""
    hold = (
        _band(card, rules.policy) is Band.SPAM
        and card.model in rules.may_hold
        and not (card.touched or card.thin or card.claimed or card.sample)
        and not is_named(card.follower_id, card.username, names_of(rules.policy.never_hold_back))
    )
    if hold or card.claimed:
        return card if card.held_back or not hold else replace(card, held_back=True)
    if card.touched and card.audit:  # an undone decision about an audited card: the draw stays on record
        return card
    if not (card.held_back or card.audit) and card.audit_day is None and card.audit_missed is None:
        return card
    return replace(card, held_back=False, audit=False, audit_probability=None, audit_day=None, audit_missed=None)


def _audited(cards: list[Undecided], rules: QueueRules, draws: list[PoolDraw]) -> list[Undecided]:
    """Draws as many as the policy says, less those drawn earlier that nobody has decided yet.

    Cards that were never in a draw come first: so a card has its chance on its first night, and an audit of tonight's
    isn't lost in a pile of old ones. What is left over goes to those who were missed.
    """
    left = max(0, rules.policy.audit_cards_per_day - sum(c.held_back and c.audit for c in cards) - rules.audited_today)
    found = {card.item: card for card in cards}
    for pool in ([c for c in cards if c.hidden and c.audit_missed is None], [c for c in cards if c.hidden]):
        waiting = [card for card in pool if found[card.item] is card]
        wanted = min(left, len(waiting))
        drawn = _drawn(waiting, wanted, rules)
        if wanted:
            chosen = tuple(sorted(item for item, card in drawn.items() if card.audit))
            draws.append(PoolDraw(tuple(card.item for card in waiting), wanted, chosen))
        found |= drawn
        left -= wanted
    return [found[card.item] for card in cards]


def _drawn(pool: Sequence[Undecided], wanted: int, rules: QueueRules) -> dict[int, Undecided]:
    """Maps an item to its card, drawn or missed.

    The probability on record is that of having been drawn by now, in this draw or an earlier one: 1 over it is how many
    cards a drawn one stands for.
    """
    if not wanted:
        return {}
    ordered = sorted(pool, key=lambda card: draw(rules.account, card.follower_id, rules.today, rules.seed))
    chance = wanted / len(pool)
    found = {}
    for place, card in enumerate(ordered):
        missed = 1.0 if card.audit_missed is None else card.audit_missed
        if place < wanted:
            by_now = 1.0 - missed + missed * chance
            found[card.item] = replace(card, audit=True, audit_probability=by_now, audit_day=rules.today)
        else:
            found[card.item] = replace(card, audit_missed=missed * (1.0 - chance))
    return found


def _days(cards: list[Undecided], rules: QueueRules) -> dict[int, str | None]:
    """Maps an item to the day it is shown: today's share first, then `max_cards_per_day` a day."""
    days: dict[int, str | None] = {c.item: c.due for c in cards if _put_off(c, rules.today)}
    shown = [c for c in cards if c.item not in days and not c.hidden]
    per_day, first = rules.policy.max_cards_per_day, date.fromisoformat(rules.today)
    used = rules.shown_today
    for place, card in enumerate(sorted(shown, key=lambda c: _desk_order(c, rules.policy)), start=min(used, per_day)):
        days[card.item] = (first + timedelta(days=place // per_day)).isoformat() if per_day > 0 else None
    return days


def _put_off(card: Undecided, today: str) -> bool:
    return card.state is ItemState.LATER and card.due is not None and card.due > today


_BANDS = (Band.GENUINE, Band.UNSURE, Band.SPAM)


def _desk_order(card: Undecided, policy: Policy) -> tuple[bool, bool, int, str, int, bool, float, int]:
    """Orders put-off cards that are due, drawn ones, ordinary ones by arrival, and batches last.

    Of one day and band those come first who pass themselves off as us.
    """
    drawn = card.audit or card.sample
    batch = 0 if card.batch is None or drawn else card.batch
    band = _BANDS.index(_band(card, policy))
    p_spam = 1.0 if card.p_spam is None else card.p_spam
    later = card.state is ItemState.LATER
    return not later, not drawn, batch, card.first_seen_day, band, not card.imitates, p_spam, int(card.follower_id)


def _placement(card: Undecided, due: str | None, closed_why: str | None = None) -> Placement:
    return Placement(
        item=card.item,
        state=card.state if closed_why is None else ItemState.CLOSED,
        score_id=card.score_id,
        due=due,
        held_back=card.held_back,
        audit=card.audit,
        audit_probability=card.audit_probability,
        audit_day=card.audit_day,
        note=card.note,
        closed_why=closed_why,
        audit_missed=card.audit_missed,
        sample=card.sample,
        sample_probability=card.sample_probability,
        sample_day=card.sample_day,
    )


def closing_words(why: str | None) -> str:
    """Tells why a card is closed, for people."""
    return CLOSED_WORDS.get(why or "", why or "closed")
