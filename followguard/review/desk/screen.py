"""One sitting at the desk: cards shown, keys read, decisions made. The rules are in `review.desk.session`."""

from collections.abc import Callable, Sequence
from datetime import datetime

from followguard.cli import output
from followguard.cli.keys import at_terminal, card_is_seen, key, line
from followguard.domain.decision import Choice
from followguard.domain.labels import REASON_WORDS, Kind, RejectReason
from followguard.domain.units import day_meant, day_of
from followguard.domain.wording import safe_text
from followguard.errors import ApprovingPaused, FollowguardError, UsageError
from followguard.review.decide import Failed, check_choice
from followguard.review.desk.session import Desk, OfferedBatch, ShownCard
from followguard.review.words import address_line, dossier_lines, judgement_lines, named, profile_lines, who
from followguard.screening.sample import PROVISIONAL

QUIT = "q"
LATER_DAYS = 7
REASON_KEYS = {
    "r": RejectReason.SPAM,
    "i": RejectReason.IMPERSONATION,
    "n": RejectReason.NOT_RELEVANT,
    "c": RejectReason.COMPETITOR,
    "b": RejectReason.BRAND_RISK,
    "p": RejectReason.PRIVATE_PERSON,
}
REAL_KEYS = {letter.upper(): reason for letter, reason in REASON_KEYS.items() if letter not in "ri"}
UNSEEN = "No approval is taken through a pipe, nor where the card isn't on a screen: it waits."
MOST_UNKNOWN = 20
"""Unknown keys of a pipe after which the session ends: it may have no end of its own."""
PIPED_KEYS = "Pipe one key a line, as `followguard review` shows them under ?, and q at the end."
PIPED = "Approve at a terminal, one look a card, or one by one: followguard review approve item:N"
PROMPT = """a approve | r spam | i impersonation | n c b p other no
l later | s skip | u undo | ? help | q quit"""
BLOCK_PROMPT = "x reject all of them as spam | o one by one | s skip | u undo | ? help | q quit"
LAST_PROMPT = "That was the last card. u takes your last decision back; any other key ends."
HELP = """a  approve: a follow order is made
r  reject: spam                      i  reject: passes itself off as somebody else
n  reject: not relevant for us       c  reject: a competitor
b  reject: a risk for the brand      p  reject: a private person
N C B P  the same, and it is a real account, just not for us:
   the classifier learns that it is genuine
l  later: asks for the day           s  skip: it stays on the list
u  undo: takes back your last decision, again and again
h  show also what is held back as likely spam
o  show the addresses of the profile and its link; nothing is opened
v  show band and reasons of a card that hides them
q  quit; every decision is saved already"""
BLOCK_HELP = """x  reject all of them as spam; u takes all of it back in this session
o  go through them one by one
s  skip: they stay on the list
u  undo: takes back your last decision, again and again
q  quit; every decision is saved already
No key approves them together."""


class DeskScreen:
    """Reads keys until nothing is left or the person quits.

    `at_end`: the input ended, so nothing can be asked. `piped_approvals`: how many came through a pipe.
    """

    def __init__(self, desk: Desk, clock: Callable[[], datetime]) -> None:
        self.desk, self.clock = desk, clock
        self.at_end = False
        self.piped_approvals = 0
        self._unknown_keys = 0
        self._told: set[str] = set()
        self._keys: dict[str, Callable[[ShownCard, str], bool]] = {
            "a": self._approve,
            "l": self._later,
            "s": self._skip,
            "u": self._undo,
            "h": self._held_back,
            "o": self._addresses,
            "v": self._reveal,
            "?": self._help,
        }
        self._block_keys: dict[str, Callable[[OfferedBatch], None]] = {
            "x": self._reject_all,
            "o": desk.open_block,
            "s": lambda block: desk.pass_over(*block.items),
        }

    def run(self) -> None:
        """Shows cards until none is left, the person quits or the input ends."""
        try:
            while (offered := self.desk.next()) is not None or self._last_chance():
                if offered is None:
                    continue
                if isinstance(offered, OfferedBatch):
                    going_on = self._block(offered)
                else:
                    self._provisional(offered)
                    show_card(offered, self.desk.left)
                    going_on = self._card(offered)
                if not going_on:
                    return
        except EOFError:
            self.at_end = True

    def _provisional(self, shown: ShownCard) -> None:
        """Says once of each account that its probabilities are provisional."""
        if shown.card.provisional and shown.card.account not in self._told:
            self._told.add(shown.card.account)
            output.note(f"@{shown.card.account}: {PROVISIONAL}.")

    def _last_chance(self) -> bool:
        """Lets a slip on the last card be taken back before the end; False: it ends."""
        while self.desk.decided and key(LAST_PROMPT)[0] == "u":
            if self._taken_back():
                return True
        return False

    def _card(self, shown: ShownCard) -> bool:
        """Asks until the card is done. False: the person quits."""
        done = False
        while not done:
            pressed, rest = key(PROMPT)
            if pressed == QUIT:
                return False
            done = self._press(pressed, rest, shown)
        return True

    def _press(self, pressed: str, rest: str, shown: ShownCard) -> bool:
        """Does what the key means; True when the card is out of hand."""
        try:
            if pressed in REASON_KEYS or pressed in REAL_KEYS:
                reason = REASON_KEYS.get(pressed) or REAL_KEYS[pressed]
                return self._decide(shown, Choice(kind=Kind.REJECT, reason=reason, real=pressed in REAL_KEYS))
            if pressed in self._keys:
                return self._keys[pressed](shown, rest)
        except (UsageError, ApprovingPaused) as error:  # the card stays: another key may do
            refuse(error)
            return False
        except FollowguardError as error:  # somebody was faster, or it changed: on to the next
            refuse(error)
            return True
        return self._no_such_key()

    def _no_such_key(self) -> bool:
        """Says so; False: the card isn't done. Raises `UsageError` where a pipe brings nothing else any more."""
        self._unknown_keys += 1
        if self._unknown_keys >= MOST_UNKNOWN and not at_terminal():
            raise UsageError("Nothing but unknown keys is piped in; what came before is saved.", PIPED_KEYS)
        output.line("No such key. ? shows them all.")
        return False

    def _approve(self, shown: ShownCard, _: str) -> bool:
        """Takes it from a person at a terminal alone: what is piped in was written before the card was seen."""
        if card_is_seen():
            return self._decide(shown, Choice(kind=Kind.APPROVE))
        self._refuse_piped(shown.card.item)
        return True

    def _refuse_piped(self, *items: int) -> None:
        """Goes on to the next card: the pipe's next line may be meant for that one, and need not have an end."""
        self.piped_approvals += 1
        if self.piped_approvals == 1:
            refuse(UsageError(UNSEEN, PIPED))
        else:
            output.line("Not approved: a pipe, or no screen.")
        self.desk.pass_over(*items)

    def _decide(self, shown: ShownCard, choice: Choice) -> bool:
        done = self.desk.decide(shown, choice)
        if shown.blind:
            output.line("The machine thought:")
            say(judgement_lines(shown.card))
        what = REASON_WORDS[choice.reason] if choice.reason else choice.until or ""
        said = {
            Kind.PROPOSE: "Proposed; a second person must approve.",
            Kind.APPROVE: "Approved.",
            Kind.REJECT: f"Rejected: {what}{', a real account' if choice.real else ''}.",
            Kind.LATER: f"Put off until {what}.",
        }
        output.line(said[done.decision])
        return True

    def _later(self, shown: ShownCard, given: str) -> bool:
        """Takes a day typed on the same line (piped answers) as it is; else asks until the day is valid."""
        today = day_of(self.clock())
        until = day_meant(given, today) if given else self._asked_day(today)
        if until is None:
            output.line("Not put off.")
            return False
        choice = Choice(kind=Kind.LATER, until=until)
        check_choice(choice, today)
        return self._decide(shown, choice)

    def _asked_day(self, today: str) -> str | None:
        """Returns a valid day; None when the person goes back to the card."""
        default = day_meant(f"+{LATER_DAYS}", today)
        while (typed := line(f"Until which day? {default}, +7 or tomorrow; Enter: {default}; Esc: back")) is not None:
            until = day_meant(typed or default, today)
            try:
                check_choice(Choice(kind=Kind.LATER, until=until), today)
            except UsageError as error:
                refuse(error)
            else:
                return until
        return None

    def _skip(self, shown: ShownCard, _: str) -> bool:
        self.desk.pass_over(shown.card.item)
        return True

    def _undo(self, shown: ShownCard, _: str) -> bool:
        """Goes back to the card before; the one in hand comes after it."""
        return self._taken_back(shown.card.item)

    def _taken_back(self, *in_hand: int) -> bool:
        try:
            done = self.desk.undo(*in_hand)
        except FollowguardError as error:
            refuse(error)
            return False
        what = named(done[0]) if len(done) == 1 else f"{len(done)} decisions"
        output.line(f"Taken back: {what} of @{done[0].account}.")
        return True

    def _held_back(self, *_: object) -> bool:
        number = output.counted(self.desk.show_held_back(), "card")
        output.line(f"{number} held back as likely spam; they come too now.")
        return False

    def _addresses(self, shown: ShownCard, _: str) -> bool:
        output.line(address_line(shown.card))
        if (shown.card.profile.url or "").strip():
            output.line(f"link: {safe_text(shown.card.profile.url, 300)}")
        return False

    def _reveal(self, shown: ShownCard, _: str) -> bool:
        say(judgement_lines(shown.card))
        return False

    def _help(self, *_: object) -> bool:
        output.block(HELP)
        return False

    def _block(self, block: OfferedBatch) -> bool:
        """Shows a batch as a block, which no key approves; False: the person quits."""
        show_block(block)
        while True:
            pressed, _ = key(BLOCK_PROMPT)
            if pressed == QUIT:
                return False
            if pressed == "u" and self._taken_back():
                self.desk.offer_again(block)
                return True
            if pressed == "a" and not card_is_seen():
                self._refuse_piped(*block.items)
                return True
            if pressed in self._block_keys:
                self._block_keys[pressed](block)
                return True
            if pressed == "?":
                output.block(BLOCK_HELP)
            elif pressed != "u":
                self._no_such_key()

    def _reject_all(self, block: OfferedBatch) -> None:
        outcomes = self.desk.reject_block(block, RejectReason.SPAM)
        failed = [each for each in outcomes if isinstance(each, Failed)]
        output.line(f"{len(outcomes) - len(failed)} of {len(outcomes)} rejected as spam.")
        for each in failed:
            output.failure(each.error)


def refuse(error: FollowguardError) -> None:
    """Says what went wrong."""
    output.failure(error)


def show_card(shown: ShownCard, left: int) -> None:
    """Prints one card, with everything that helps to decide."""
    card = shown.card
    output.line("")
    output.line(f"@{card.account}: {who(card)}" + (f"   ({left} more in line)" if left else ""))
    say(profile_lines(card))
    say(["(band and reasons are hidden: v shows them)"] if shown.blind else judgement_lines(card))
    say(dossier_lines(shown.found))
    say([f"also follows @{each.account} ({each.state.value} there)" for each in shown.found.elsewhere])


def show_block(block: OfferedBatch) -> None:
    """Prints a batch: what its followers share, and the first few."""
    output.line("")
    output.line(f"@{block.account}: {output.counted(len(block.items), 'look-alike')} (batch {block.batch})")
    output.line(f"what they share: {safe_text(block.alike, 400)}")
    say([f"- {who(card)}, {card.band.value}" for card in block.examples])
    if len(block.items) > len(block.examples):
        output.line(f"- and {len(block.items) - len(block.examples)} more")


def say(lines: Sequence[str]) -> None:
    """Lines, one after the other."""
    for text in lines:
        output.line(text)
