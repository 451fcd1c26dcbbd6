"""One sitting at the desk: cards shown, keys read, decisions made. The rules are in `review.desk.session`.

How it looks is a `Face`: a screen for each card, or line by line.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from followguard.cli import output
from followguard.cli.keys import card_is_seen
from followguard.domain.decision import Choice
from followguard.domain.labels import REASON_WORDS, Kind, RejectReason
from followguard.domain.units import day_meant, day_of
from followguard.domain.wording import safe_text
from followguard.errors import ApprovingPaused, FollowguardError, UsageError
from followguard.review.decide import check_choice
from followguard.review.desk.keys import LAST_PROMPT, DeskKeys, Prompt
from followguard.review.desk.offered import approvers_of
from followguard.review.desk.screen_faces import face_for
from followguard.review.desk.screen_notes import NoteScreen
from followguard.review.desk.session import Desk, OfferedBatch, ShownCard
from followguard.review.words import address_line, who
from followguard.screening.sample import PROVISIONAL

LATER_DAYS = 7


class DeskScreen(NoteScreen):
    """Reads keys until nothing is left or the person quits."""

    def __init__(
        self,
        desk: Desk,
        clock: Callable[[], datetime],
        keys: DeskKeys,
        colours: Mapping[str, str],
        *,
        plain: bool = False,
    ) -> None:
        super().__init__(desk, clock, keys, face_for(keys.table, colours, plain=plain))
        self._told: set[str] = set()
        self._does: dict[str, Callable[[ShownCard, str], bool]] = {
            "approve": self._approve,
            "other": self._other,
            "later": self._later,
            "skip": self._skip,
            "undo": self._undo,
            "held_back": self._held_back,
            "note": self._note,
            "ask": self._ask,
            "open": self._addresses,
            "reveal": self._reveal,
            "guidelines": lambda shown, _: self._guidelines(shown.card.account),
            "help": self._help,
        }

    def run(self) -> None:
        """Shows cards until none is left, the person quits or the input ends."""
        try:
            self.progress.usual = self.desk.usual_pace()
            with self.face.sitting():
                self._say_guidelines()
                while (offered := self.desk.next()) is not None or self._last_chance():
                    if offered is not None and not self._one(offered):
                        return
        except EOFError:
            self.at_end = True

    def _one(self, offered: ShownCard | OfferedBatch) -> bool:
        """Shows a card or a batch and asks until it is done. False: the person quits."""
        if isinstance(offered, OfferedBatch):
            return self._block(offered)
        self._provisional(offered)
        self.face.card(offered, self.desk.left, self.progress.words(self.desk, 1))
        return self._card(offered)

    def _provisional(self, shown: ShownCard) -> None:
        """Says once of each account that its probabilities are provisional."""
        if shown.card.provisional and shown.card.account not in self._told:
            self._told.add(shown.card.account)
            self.face.note(f"@{shown.card.account}: {PROVISIONAL}.")

    def _last_chance(self) -> bool:
        """Lets a slip on the last card be taken back before the end; False: it ends."""
        prompt = ((self.keys.help(LAST_PROMPT),),)
        while self.desk.decided and self.face.key(prompt)[0] == self.keys.of("undo"):
            if self._taken_back():
                return True
        return False

    def _card(self, shown: ShownCard) -> bool:
        """Asks until the card is done. False: the person quits."""
        done = False
        while not done:
            pressed, rest = self.face.key(self._prompt(shown))
            if pressed == self.keys.of("quit"):
                return False
            done = self._press(pressed, rest, shown)
        return True

    def _prompt(self, shown: ShownCard) -> Prompt:
        return self.keys.card_prompt(shown.approval, guidelines=shown.card.account in self.desk.guidelines)

    def _press(self, pressed: str, rest: str, shown: ShownCard) -> bool:
        """Does what the key means; True when the card is out of hand."""
        try:
            if why := self.keys.reason(pressed):
                return self._reject(shown, *why)
            if does := self._does.get(self.keys.action(pressed) or ""):
                return does(shown, rest)
        except (UsageError, ApprovingPaused) as error:  # the card stays: another key may do
            self.face.fail(error)
            return False
        except FollowguardError as error:  # somebody was faster, or it changed: on to the next
            self.face.fail(error)
            return True
        return self._no_such_key()

    def _approve(self, shown: ShownCard, _: str) -> bool:
        """Takes it from a person at a terminal alone: what is piped in was written before the card was seen."""
        if not card_is_seen():
            self._refuse_piped(shown.card.item)
            return True
        if shown.approval is None:
            with self.desk.store.begin() as work:
                names = ", ".join(approvers_of(work, shown.card.account_id)) or "nobody yet"
            self.face.say(f"Approving for @{shown.card.account} takes an approver: {names}. The card stays.")
            return False
        return self._decide(shown, Choice(kind=Kind.APPROVE))

    def _other(self, shown: ShownCard, given: str) -> bool:
        """Asks in words which of the rarer reasons it is; any other key goes back to the card."""
        pressed = given[:1] or self.face.key(self.keys.other_prompt())[0]
        why = self.keys.reason(pressed)
        if why is None:
            self.face.say("Not rejected.")
            return False
        return self._reject(shown, *why)

    def _reject(self, shown: ShownCard, reason: RejectReason, real: bool) -> bool:
        return self._decide(shown, Choice(kind=Kind.REJECT, reason=reason, real=real))

    def _decide(self, shown: ShownCard, choice: Choice) -> bool:
        done = self.desk.decide(shown, choice)
        self.progress.made(self.clock())
        if shown.blind:
            self.face.thought(shown.card)
        what = REASON_WORDS[choice.reason] if choice.reason else choice.until or ""
        said = {
            Kind.PROPOSE: "Proposed; a second person must approve.",
            Kind.APPROVE: "Approved.",
            Kind.REJECT: f"Rejected: {what}{', a real account' if choice.real else ''}.",
            Kind.LATER: f"Put off until {what}.",
        }
        self.face.done(said[done.decision], who(shown.card))
        return True

    def _later(self, shown: ShownCard, given: str) -> bool:
        """Takes a day typed on the same line (piped answers) as it is; else asks until the day is valid."""
        today = day_of(self.clock())
        until = day_meant(given, today) if given else self._asked_day(today)
        if until is None:
            self.face.say("Not put off.")
            return False
        choice = Choice(kind=Kind.LATER, until=until)
        check_choice(choice, today)
        return self._decide(shown, choice)

    def _asked_day(self, today: str) -> str | None:
        """Returns a valid day; None when the person goes back to the card."""
        default = day_meant(f"+{LATER_DAYS}", today)
        question = f"Until which day? {default}, +7 or tomorrow; Enter: {default}; Esc: back"
        while (typed := self.face.line(question)) is not None:
            until = day_meant(typed or default, today)
            try:
                check_choice(Choice(kind=Kind.LATER, until=until), today)
            except UsageError as error:
                self.face.fail(error)
            else:
                return until
        return None

    def _skip(self, shown: ShownCard, _: str) -> bool:
        self.desk.pass_over(shown.card.item)
        return True

    def _undo(self, shown: ShownCard, _: str) -> bool:
        """Goes back to the card before; the one in hand comes after it."""
        return self._taken_back(shown.card.item)

    def _held_back(self, *_: object) -> bool:
        number = output.counted(self.desk.show_held_back(), "card")
        self.face.say(f"{number} held back as likely spam; they come too now.")
        return False

    def _addresses(self, shown: ShownCard, _: str) -> bool:
        self.face.say(address_line(shown.card))
        if (shown.card.profile.url or "").strip():
            self.face.say(f"link: {safe_text(shown.card.profile.url, 300)}")
        return False

    def _reveal(self, shown: ShownCard, _: str) -> bool:
        self.face.judgement(shown.card)
        return False
