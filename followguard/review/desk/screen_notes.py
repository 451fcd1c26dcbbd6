"""Notes and questions to a colleague, typed at the card."""

from followguard.errors import FollowguardError
from followguard.review.desk.offered import holders_of
from followguard.review.desk.screen_blocks import BlockScreen
from followguard.review.desk.shown import ShownCard
from followguard.review.notes import add_note, ask


class NoteScreen(BlockScreen):
    """The part of a sitting in which people write to each other."""

    def _note(self, shown: ShownCard, given: str) -> bool:
        """Puts a note on the card, which stays."""
        text = given or self.face.line("Note for everybody who sees the card; Esc: back")
        if not text:
            self.face.say("No note.")
            return False
        try:
            with self.desk.store.begin() as work:
                add_note(work, self.desk.hand(), shown.card.item, text)
        except FollowguardError as error:
            self.face.fail(error)
        else:
            self.face.say(f"Noted: {text}")
        return False

    def _ask(self, shown: ShownCard, given: str) -> bool:
        """Puts the card first on a colleague's desk, with a question; True: it is out of hand. Piped: `wBen: Why?`."""
        colleague, _, question = (part.strip() for part in given.partition(":"))
        colleague = colleague or self.face.line(f"Ask whom? {self._colleagues(shown)}; Esc: back") or ""
        question = question or (self.face.line(f"Ask {colleague} what? Esc: back") if colleague else "") or ""
        if not question:
            self.face.say("Nobody was asked.")
            return False
        try:
            with self.desk.store.begin() as work:
                ask(work, self.desk.hand(), shown.card.item, colleague, question)
        except FollowguardError as error:  # no such colleague, too long a question: the card stays
            self.face.fail(error)
            return False
        self.desk.pass_over(shown.card.item)
        self.face.say(f"{colleague} is asked: {question}")
        return True

    def _colleagues(self, shown: ShownCard) -> str:
        """Returns the names of those who may be asked about the card."""
        with self.desk.store.begin() as work:
            names = holders_of(work, shown.card.account_id, "reviewer")
        return ", ".join(names)
