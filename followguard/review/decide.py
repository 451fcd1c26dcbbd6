"""Decisions: one named person about one card, recorded with its evidence, logged, and for an approval ordered.

Each decision is one transaction. If two people decide the same card at the same moment, exactly one wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from followguard.accounts.people import holds, person_named, require_role
from followguard.accounts.policy_in_force import refuse_never_followed
from followguard.accounts.store import Accounts
from followguard.domain.card import UNDECIDED, Card, ItemState, Wanted, shown_on, under_policy
from followguard.domain.decision import RESULTS, Choice, Decision, DecisionResult, NewDecision, Settled
from followguard.domain.labels import SPAM_REASONS, Kind
from followguard.domain.person import Person
from followguard.domain.policy import AccountSettings
from followguard.domain.units import day_of
from followguard.errors import FollowguardError, UnknownFollower, UsageError
from followguard.followers.find_store import find_item
from followguard.following.pace import due_day, slow_words
from followguard.following.store import Orders
from followguard.review.approval_speed import MOST, resumes_at
from followguard.review.guidelines import guidelines_hash
from followguard.review.notes_store import Notes
from followguard.review.refusals import (
    already_decided,
    approving_paused,
    changed_since,
    in_other_hands,
    proposed_already,
)
from followguard.review.store import Cards, Decisions
from followguard.store.log import Log
from followguard.store.store import Store
from followguard.store.work import Work

ROLES = {Kind.PROPOSE: "reviewer", Kind.APPROVE: "approver", Kind.REJECT: "reviewer", Kind.LATER: "reviewer"} | {
    Kind.OVERRULE: "approver"
}
"""What each kind of decision takes; taking it back takes the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """The person who decides, for which accounts, and when. `account`: the one that was named, if one was.

    `guidelines`: account -> sha256 of those that the person could read; None: those in force.
    """

    store: Store
    accounts: Mapping[str, AccountSettings]
    by: str | None
    now: datetime
    account: str | None = None
    guidelines: Mapping[str, str] | None = None

    @property
    def today(self) -> str:
        """The UTC day."""
        return day_of(self.now)

    def account_ids(self, work: Work) -> list[int]:
        """Returns the rows of the accounts that are meant."""
        wanted = [self.account] if self.account else self.accounts
        return [row.id for row in Accounts(work).all() if row.handle in wanted]


@dataclass(frozen=True, slots=True)
class Failed:
    """One follower of several about whom nothing could be decided. `line` of the file that named them, if one did."""

    follower: str
    error: FollowguardError
    line: int | None = None

    def as_row(self) -> dict[str, Any]:
        """Returns the row in the JSON."""
        line = {} if self.line is None else {"line": self.line}
        return {"follower": self.follower, "error": self.error.as_json()} | line

    def error_with_line(self) -> FollowguardError:
        """Returns the error as a person should read it."""
        if self.line is None:
            return self.error
        return FollowguardError(f"Line {self.line}: {self.error.message}", self.error.next_step)


def decide(hand: Hand, follower: str, choice: Choice) -> DecisionResult:
    """Approves, rejects or puts off the one follower that `follower` names."""
    check_choice(choice, hand.today)
    with hand.store.begin() as work:
        known_person(work, hand, _least(choice, hand))  # before the follower: exit 2 goes before exit 1
        return decide_item(work, hand, find_item(work, follower, hand.account, hand.accounts), choice)


def decide_each(hand: Hand, followers: Sequence[str], choice: Choice) -> list[DecisionResult | Failed]:
    """Rejects or puts off several, each by itself: those that can't be decided don't stop the others.

    Raises what concerns all of them: no such person, a reason that doesn't go with `--real`, a day in the past.
    """
    if choice.kind not in (Kind.REJECT, Kind.LATER):
        raise UsageError("Approvals are made one at a time.", "Name exactly one follower.")
    check_choice(choice, hand.today)
    with hand.store.begin() as work:
        known_person(work, hand)
    outcomes: list[DecisionResult | Failed] = []
    for follower in dict.fromkeys(followers):
        try:
            outcomes.append(decide(hand, follower, choice))
        except FollowguardError as error:
            outcomes.append(Failed(follower, error))
    return outcomes


def decide_item(work: Work, hand: Hand, item: int, choice: Choice) -> DecisionResult:
    """Decides, inside a transaction. Raises `AlreadyDecided`, `MissingRole`, `UnknownFollower`."""
    if choice.kind is Kind.APPROVE:
        _check_speed(work, hand)  # first of all: whoever waits for the person holds no card meanwhile
    card = locked_card(work, hand, item)
    history = Decisions(work).history(item)
    choice = _second_look(work, choice, card, history, hand)
    person = require_role(work, hand.by, ROLES[choice.kind], card.account)
    _check_open(card, history, person, hand.now)
    if choice.kind is Kind.PROPOSE and _proposed_by(person, card, history):
        raise proposed_already(card)
    if choice.kind in (Kind.APPROVE, Kind.PROPOSE):
        _check_seen(card, choice)
        if hand.accounts[card.account].policy.never_follow:
            refuse_never_followed(work, card, hand.accounts[card.account].policy)
    if not Decisions(work).settle(item, person.id, _settled(card, choice, person, hand), hand.now):
        raise already_decided(locked_card(work, hand, item), Decisions(work).history(item))
    decision_id = record(work, hand, card, person, choice)
    due, policy = None, hand.accounts[card.account].policy
    if choice.kind is Kind.APPROVE:
        due = due_day(Orders(work).taken(card.account_id, hand.today), policy.max_follow_backs_per_day, hand.now)
        Orders(work).create(card.account_id, card.follower_id, decision_id, card.appearance_hash, due, hand.now)
    return DecisionResult(
        item=item,
        account=card.account,
        follower_id=card.follower_id,
        state=RESULTS[choice.kind],
        decision=choice.kind,
        decision_id=decision_id,
        username=card.profile.username,
        until=choice.until,
        on=hand.today,
        follow_from=due if policy.max_follow_backs_per_day else None,
        warning=slow_words(due, hand.today, policy.max_follow_backs_per_day, policy.order_lapses_days) if due else "",
    )


def record_undo(work: Work, hand: Hand, card: Card, person: Person, undoes: int) -> int:
    """Writes the row that takes a decision back; returns its id."""
    return record(work, hand, card, person, Choice(kind=Kind.UNDO), undoes)


def locked_card(work: Work, hand: Hand, item: int) -> Card:
    """Locks the card until the transaction ends and returns it. Raises `UnknownFollower`."""
    Decisions(work).lock(item)
    ids = tuple(row.id for row in Accounts(work).all() if row.handle in hand.accounts)
    cards = Cards(work).cards(Wanted(account_ids=ids, held_back=True, only=(item,)))
    if not cards:
        raise UnknownFollower(f"There is no review item {item}.", "See followguard review list --all")
    return under_policy(cards[0], hand.accounts[cards[0].account])


def known_person(work: Work, hand: Hand, role: str = "reviewer") -> Person:
    """Returns the person that `--by` names, with or without a role. Raises `UnknownPerson`."""
    person = person_named(work, hand.by) if hand.by else None
    if person is None or person.withdrawn_at is not None:
        return require_role(work, hand.by, role, hand.account or only(hand.accounts))
    return person


def only(accounts: Mapping[str, AccountSettings]) -> str | None:
    """Returns the account that is meant where there is no other."""
    return next(iter(accounts)) if len(accounts) == 1 else None


def _least(choice: Choice, hand: Hand) -> str:
    """Returns the role that the choice takes; where two people approve, a first approval takes only a reviewer."""
    two = any(each.policy.two_person_approval for each in hand.accounts.values())
    return ROLES[Kind.PROPOSE if two and choice.kind is Kind.APPROVE else choice.kind]


def check_choice(choice: Choice, today: str) -> None:
    """Raises `UsageError` for a choice that contradicts itself."""
    if choice.real and (choice.kind is not Kind.REJECT or choice.reason in SPAM_REASONS):
        raise UsageError("A spam account isn't a real account.", "Leave out --real, or give another reason.")
    if choice.kind is Kind.REJECT and choice.reason is None:
        raise UsageError("A rejection needs a reason.", "Add --reason spam (or another; see --help).")
    if choice.kind is Kind.LATER:
        _check_day(choice.until, today)


def _check_day(until: str | None, today: str) -> None:
    try:
        day = date.fromisoformat(until or "").isoformat()
    except ValueError as error:
        raise UsageError(f"{until!a} isn't a date.", "Write it as in 2027-01-31, +7 or tomorrow.") from error
    if day != until or day <= today:
        raise UsageError(f"{until} isn't a day after today ({today} UTC).", "Give a later date, as in 2027-01-31.")


def _check_speed(work: Work, hand: Hand) -> None:
    """Raises `ApprovingPaused` where the person's last approvals came faster than anybody looks."""
    person = known_person(work, hand)
    end = resumes_at(Decisions(work).newest_approvals(person.id, MOST), hand.now)
    if end is not None:
        raise approving_paused(person, end)


def _second_look(work: Work, choice: Choice, card: Card, history: Sequence[Decision], hand: Hand) -> Choice:
    """Makes a first approval a proposal under `two_person_approval`, and one by somebody else an approval.

    A proposal counts as long as whoever made it may still propose.
    """
    if choice.kind is not Kind.APPROVE or not hand.accounts[card.account].policy.two_person_approval:
        return choice
    return choice if seconded(work, known_person(work, hand), card, history) else replace(choice, kind=Kind.PROPOSE)


def seconded(work: Work, person: Person, card: Card, history: Sequence[Decision]) -> bool:
    """Tells whether somebody else, who may still do so, has proposed the card: the person's voice is the second."""
    others = {each.person_id for each in proposals(card, history)} - {person.id}
    return any(holds(work, other, ROLES[Kind.PROPOSE], card.account_id) for other in others)


def proposals(card: Card, history: Sequence[Decision]) -> list[Decision]:
    """Returns first approvals that still count: about the look of now, with nothing else decided since."""
    standing = [each for each in history if each.stands]
    since = max((index + 1 for index, each in enumerate(standing) if each.kind is not Kind.PROPOSE), default=0)
    return [each for each in standing[since:] if each.shown_hash == card.appearance_hash and not each.distrusted]


def _proposed_by(person: Person, card: Card, history: Sequence[Decision]) -> bool:
    return any(each.person_id == person.id for each in proposals(card, history))


def _check_open(card: Card, history: Sequence[Decision], person: Person, now: datetime) -> None:
    if card.state not in UNDECIDED:
        raise already_decided(card, history)
    if card.claim and card.claim.until > now and card.claim.person_id != person.id:
        raise in_other_hands(card, card.claim)


def _check_seen(card: Card, choice: Choice) -> None:
    """Raises unless the follower is there and looks as they did on the screen."""
    if card.left_at is not None:
        message = f"Follower {card.follower_id} doesn't follow @{card.account} any more."
        raise UnknownFollower(
            message, "Reject the card, or leave it: a card that nobody has touched is closed by the next night."
        )
    if choice.seen is not None and choice.seen != card.appearance_hash:
        raise changed_since(card)


def _settled(card: Card, choice: Choice, person: Person, hand: Hand) -> Settled:
    if choice.kind is Kind.PROPOSE:
        note = f"{person.name} would follow back ({hand.today}); a second person decides."
        return Settled(state=ItemState.WAITING, due=min(card.due or hand.today, hand.today), note=note)
    due = choice.until if choice.kind is Kind.LATER else card.due
    return Settled(state=RESULTS[choice.kind], due=due, note=card.note)


def record(work: Work, hand: Hand, card: Card, person: Person, choice: Choice, about: int | None = None) -> int:
    """Writes the decision row with its log entry: no path writes one without the other.

    `about`: the decision that an undo takes back, or that an overrule overrules.
    """
    undoes = about if choice.kind is Kind.UNDO else None
    overrules = about if choice.kind is Kind.OVERRULE else None
    decision = NewDecision(
        card=card,
        person_id=person.id,
        choice=choice,
        at=hand.now,
        policy_hash=hand.accounts[card.account].policy.hash(),
        shown=shown_on(card, choice.blind),
        undoes=undoes,
        overrules=overrules,
        guidelines=guidelines_hash(work, card, hand.accounts[card.account].policy, hand.guidelines),
    )
    decision_id = Decisions(work).record(decision)
    Notes(work).end_with(decision, decision_id)
    payload = {
        "decision": decision_id,
        "item": card.item,
        "follower_id": card.follower_id,
        "reason": choice.reason.value if choice.reason else None,
        "real": choice.real,
        "until": choice.until,
        "undoes": undoes,
        "overrules": overrules,
        "shown_hash": card.appearance_hash,
    }
    Log(work).append(hand.now, f"decision.{choice.kind.value}", card.account, person.pseudonym, payload)
    return decision_id
