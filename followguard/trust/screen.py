"""One sitting of a blind test: cards shown without band, score and reasons, one key an answer."""

from followguard.cli import output
from followguard.cli.keys import key
from followguard.domain.follower import Profile
from followguard.review.words import shown_lines, who_is
from followguard.screening.blind_test import BlindAnswer, BlindCard
from followguard.trust.sitting import BlindSitting

QUIT, BACK, HELP_KEY = "q", "u", "?"
ANSWERS = {"s": BlindAnswer.SPAM, "r": BlindAnswer.REAL, "c": BlindAnswer.UNSURE}
SAID = {BlindAnswer.SPAM: "Spam.", BlindAnswer.REAL: "Real.", BlindAnswer.UNSURE: "Can't tell."}
PROMPT = "s spam | r real | c can't tell | u the one before again | ? help | q go on another day"
LAST_PROMPT = "That was the last card. u: it comes again; any other key ends the test."
HELP = """s  spam: a fake, bought, automated or deceiving account
r  real: a person or a company, wanted or not
c  can't tell: counts for neither side
u  takes your last answer back, one step
q  stops here; what you answered is kept, and the test goes on within seven days
Nothing here approves, rejects or follows anybody."""


class BlindScreen:
    """Reads answers until every card has one or the person quits. The newest one waits for the next, for `u`."""

    def __init__(self, sitting: BlindSitting, cards: int) -> None:
        self.sitting, self.cards = sitting, cards
        self._held: tuple[BlindCard, Profile, BlindAnswer] | None = None

    def run(self) -> None:
        """Goes through what is left. Whatever ends it but Ctrl-C, each answer is on record then."""
        line = self.sitting.left()
        try:
            while line or self._last_chance(line):
                if not line:
                    continue
                show(*line[0], self.cards)
                if not self._asked(line):
                    break
        except EOFError:
            pass
        self._keep()

    def _asked(self, line: list[tuple[BlindCard, Profile]]) -> bool:
        """Asks until the card has an answer or another one is in its place. False: the person quits."""
        while (pressed := key(PROMPT)[0].lower()) != QUIT:
            if pressed in ANSWERS:
                self._keep()
                self._held = (*line.pop(0), ANSWERS[pressed])
                output.line(SAID[ANSWERS[pressed]])
                return True
            if pressed == BACK and self._taken_back(line):
                return True
            if pressed == HELP_KEY:
                output.block(HELP)
            else:
                output.line("Only one step back." if pressed == BACK else "No such key. ? shows them all.")
        return False

    def _last_chance(self, line: list[tuple[BlindCard, Profile]]) -> bool:
        return self._held is not None and key(LAST_PROMPT)[0] == BACK and self._taken_back(line)

    def _taken_back(self, line: list[tuple[BlindCard, Profile]]) -> bool:
        if self._held is None:
            return False
        line.insert(0, self._held[:2])
        self._held = None
        return True

    def _keep(self) -> None:
        if self._held is not None:
            card, _, answer = self._held
            self.sitting.answer(card, answer)
            self._held = None


def show(card: BlindCard, look: Profile, cards: int) -> None:
    """Prints what X shows of the follower, and nothing that the machine thinks."""
    output.line("")
    output.line(f"{card.place} of {cards}: {who_is(look)}")
    for text in shown_lines(look):
        output.line(text)
