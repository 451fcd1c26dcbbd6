"""What the page gets: the hand with its cards as HTML, the progress, the queue beside it, and what came of a key."""

from dataclasses import asdict, dataclass
from typing import Any

from followguard.accounts.store import Accounts
from followguard.domain.card import UNDECIDED, Card
from followguard.domain.decision import Choice, DecisionResult
from followguard.domain.labels import REASON_WORDS, Kind
from followguard.domain.wording import safe_lines, safe_text
from followguard.review.card_list import ListFilter, cards_of
from followguard.review.decide import Failed, known_person
from followguard.review.desk.line import cards_by_item
from followguard.review.desk.order import is_blind
from followguard.review.desk.session import Desk
from followguard.review.desk.shown import ShownCard
from followguard.screening.sample import PROVISIONAL
from followguard.store.work import Work
from followguard.web.rendering import fragment
from followguard.web.sitting.batch_store import BatchNight
from followguard.web.sitting.hand import Offered, Sitting
from followguard.web.sitting.looks_store import EarlierLooks
from followguard.web.sitting.offers import ON_BATCH, on_card
from followguard.web.sitting.view import (
    Viewing,
    batch_view,
    card_view,
    earlier_view,
    judgement_view,
    row_view,
)
from followguard.web.strings import t
from followguard.web.visit import number_said

IN_QUEUE = 14
"""How many of the next cards the list beside the card names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One person's answers. `keys`: action -> key, for what the page says of them."""

    sitting: Sitting
    look: Viewing
    keys: dict[str, str]

    @property
    def desk(self) -> Desk:
        """The desk below the sitting."""
        return self.sitting.desk

    def hand(self, have: frozenset[str] = frozenset()) -> dict[str, Any]:
        """Returns the hand; cards in `have` come without their HTML, since the page has it. With queue and progress."""
        with self.sitting.lock:  # before any transaction: whoever has the one waits for the other
            return self._whole_hand(have)

    def _whole_hand(self, have: frozenset[str]) -> dict[str, Any]:
        cards = self.sitting.cards()
        with self.desk.store.begin() as work:
            entries = [self._entry(work, offered, have) for offered in cards]
            queue = self._queue(work)
        told = sorted({each.card.account for each in cards if isinstance(each, ShownCard) and each.card.provisional})
        return {
            "hand": entries,
            "queue": queue,
            "progress": self.progress(),
            "told": [*self.sitting.told, *(f"@{handle}: {PROVISIONAL}." for handle in told)],
            "guidelines": {handle: safe_lines(each.text) for handle, each in self.desk.guidelines.items()},
        }

    def others(self) -> dict[str, Any]:
        """Returns the queue and the progress alone."""
        with self.sitting.lock, self.desk.store.begin() as work:
            queue = self._queue(work)
        return {"queue": queue, "progress": self.progress()}

    def is_decided(self, key: str) -> bool:
        """Tells whether the card of a page's key (`item:12`) is decided by now; a batch counts as its first card."""
        kind, _, number = key.partition(":")
        row = number_said(number)
        if row is None:
            return False
        with self.desk.store.begin() as work:
            if kind == "item":
                cards = cards_by_item(work, self.desk.accounts, [row])
            else:
                cards = cards_of(work, list(self.desk.accounts.values()), ListFilter(batch=row), self.look.now)
        return bool(cards) and cards[0].state not in UNDECIDED

    def progress(self) -> dict[str, Any]:
        """Returns how far the sitting is."""
        return asdict(self.sitting.far())

    def card(self, shown: ShownCard) -> str:
        """Returns a card's HTML."""
        with self.desk.store.begin() as work:
            return self._card(work, shown)

    def members(self, number: int) -> str:
        """Returns every member of the batch on the screen, as lines of a list."""
        block = self.sitting.batch(number)
        with self.desk.store.begin() as work:
            rows = [row_view(card) for card in cards_by_item(work, self.desk.accounts, block.items)]
        return fragment("members.html.j2", rows=rows)

    def _entry(self, work: Work, offered: Offered, have: frozenset[str]) -> dict[str, Any]:
        if isinstance(offered, ShownCard):
            card = offered.card
            key, rest = f"item:{card.item}", {"item": card.item, "can": self._can(offered)}
        else:
            key, rest = f"batch:{offered.batch}", {"batch": offered.batch, "size": len(offered.items)}
            rest["can"] = list(ON_BATCH)
        account = offered.card.account if isinstance(offered, ShownCard) else offered.account
        html = "" if key in have else self._html(work, offered)
        return {"key": key, "account": account, "colour": self.look.settings[account].colour, "html": html} | rest

    def _html(self, work: Work, offered: Offered) -> str:
        if isinstance(offered, ShownCard):
            return self._card(work, offered)
        account_id = Accounts(work).ensure(offered.account, self.look.now).id
        night = BatchNight(work)
        view = batch_view(offered, self.look, night.usual(account_id, self.look.now), night.arrivals(offered.batch))
        return fragment("batch.html.j2", card=view)

    def _card(self, work: Work, shown: ShownCard) -> str:
        earlier = EarlierLooks(work).of(shown.card.account_id, shown.card.follower_id)
        view = card_view(shown, self.look) | {"earlier": earlier_view(shown.card, earlier)}
        return fragment("card.html.j2", card=view, keys=self.keys)

    def _can(self, shown: ShownCard) -> list[str]:
        return on_card(shown.card, approves=shown.approval is not None, blind=shown.blind)

    def _queue(self, work: Work) -> str:
        person = known_person(work, self.desk.hand())
        ids = [row.id for row in Accounts(work).all() if row.handle in self.desk.accounts]
        cards = cards_by_item(work, self.desk.accounts, self.sitting.ahead(IN_QUEUE))
        rows = [row_view(card, blind=self._is_blind(card)) for card in cards]
        others = BatchNight(work).others(ids, person.id, self.look.now)
        return fragment("queue.html.j2", rows=rows, others=others)

    def _is_blind(self, card: Card) -> bool:
        return is_blind(card, self.look.settings[card.account].policy.blind_share, self.desk.seed)


def said_of(done: DecisionResult, choice: Choice, shown: ShownCard) -> str:
    """Tells what came of a decision, with what the machine thought where the card had hidden it."""
    name = f"@{safe_text(done.username, 40)}" if done.username else done.follower_id
    reason = REASON_WORDS[choice.reason] if choice.reason else ""
    words = t(f"said.{done.decision.value}", name=name, reason=reason, until=choice.until or "")
    if choice.real:
        words += f" {t('said.real')}"
    if done.decision is Kind.APPROVE:
        words += f" {_when_followed(done)}"
    if shown.blind:
        words += f" {t('said.machine', words=judgement_view(shown.card)['score'])}"
    return words


def _when_followed(done: DecisionResult) -> str:
    if done.follow_from is None:
        return done.warning
    if done.follow_from <= done.on:
        return t("said.follow_today")
    return f"{t('said.follow_on', day=done.follow_from)} {done.warning}".strip()


def said_of_undo(done: list[DecisionResult]) -> str:
    """Tells what was taken back."""
    if len(done) > 1:
        return t("said.undo_many", number=len(done))
    name = f"@{safe_text(done[0].username, 40)}" if done[0].username else done[0].follower_id
    return t("said.undo", name=name)


def said_of_batch(outcomes: list[DecisionResult | Failed]) -> str:
    """Tells how many of a batch were rejected, and what kept the first of the others."""
    failed = [each for each in outcomes if isinstance(each, Failed)]
    words = t("said.batch", done=len(outcomes) - len(failed), all=len(outcomes))
    return f"{words} {failed[0].error.message}" if failed else words
