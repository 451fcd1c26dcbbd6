"""What a key of the desk means, and how prompt and help name it: the table is `domain/desk_keys.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from followguard.domain.labels import SPAM_REASONS, Kind, RejectReason

FIRST_REASONS = (RejectReason.SPAM, RejectReason.IMPERSONATION, RejectReason.NOT_RELEVANT)
"""Reasons that the prompt offers; `other` asks which of the rarer ones it is."""
OTHER_REASONS = tuple(reason for reason in RejectReason if reason not in FIRST_REASONS)
SHORT_WORDS: Mapping[RejectReason, str] = {
    RejectReason.SPAM: "spam",
    RejectReason.IMPERSONATION: "impersonation",
    RejectReason.NOT_RELEVANT: "not relevant",
    RejectReason.COMPETITOR: "competitor",
    RejectReason.BRAND_RISK: "risk for the brand",
    RejectReason.PRIVATE_PERSON: "private person",
}
Prompt = Sequence[tuple[str, ...]]
"""Groups of what can be pressed; each group begins a line of its own."""
LAST_PROMPT = "That was the last card. {undo} takes your last decision back; any other key ends."
HELP = """{approve}  approve: a follow order is made
{spam}  reject: spam                      {impersonation}  reject: passes itself off as somebody else
{not_relevant}  reject: not relevant for us       {competitor}  reject: a competitor
{brand_risk}  reject: a risk for the brand      {private_person}  reject: a private person
{other}  asks which of the rarer reasons it is
{reals}  the same, and it is a real account, just not for us:
   the classifier learns that it is genuine
{later}  later: asks for the day           {skip}  skip: it stays on the list
{undo}  undo: takes back your last decision, again and again
{note}  write a note on the card          {ask}  ask a colleague: the card comes first on their desk
{held_back}  show also what is held back as likely spam
{open}  show the addresses of the profile and its link; nothing is opened
{reveal}  show band and reasons of a card that hides them
{guidelines}  show the company's guidelines
{quit}  quit; every decision is saved already"""
BLOCK_HELP = """{reject_all}  reject all of them as spam; {undo} takes all of it back in this session
{open}  go through them one by one
{skip}  skip: they stay on the list
{undo}  undo: takes back your last decision, again and again
{guidelines}  show the company's guidelines
{quit}  quit; every decision is saved already
No key approves them together."""
APPROVAL_WORDS: Mapping[Kind | None, str] = {Kind.APPROVE: "approve", Kind.PROPOSE: "propose"}


@dataclass(frozen=True, slots=True)
class DeskKeys:
    """The keys in force: action -> key. A capital letter of a reason adds that the account is real."""

    table: Mapping[str, str]

    def of(self, action: str) -> str:
        """Returns the action's key."""
        return self.table[action]

    def action(self, pressed: str) -> str | None:
        """Returns what the key does; None for one that does nothing."""
        return next((action for action, key in self.table.items() if key == pressed), None)

    def reason(self, pressed: str) -> tuple[RejectReason, bool] | None:
        """Returns why a key rejects, and whether the account is real all the same; None where it doesn't."""
        for reason in RejectReason:
            key = self.table[reason.value]
            if pressed == key:
                return reason, False
            if pressed == key.upper() and reason not in SPAM_REASONS:
                return reason, True
        return None

    def real(self, reasons: Sequence[RejectReason]) -> list[str]:
        """Returns the capitals of these reasons; keys that aren't letters have none."""
        keys = [self.table[reason.value] for reason in reasons if reason not in SPAM_REASONS]
        return [key.upper() for key in keys if key.upper() != key]

    def card_prompt(self, approval: Kind | None, *, guidelines: bool = False) -> Prompt:
        """Names what can be pressed at a card. `approval`: what an approval of this person would be; None: nothing.

        `guidelines`: the account has some.
        """
        approve = [f"{self.of('approve')} {APPROVAL_WORDS[approval]}"] if approval else []
        reasons = [f"{self.of(reason.value)} {SHORT_WORDS[reason]}" for reason in FIRST_REASONS]
        return (
            (*approve, *reasons, f"{self.of('other')} other reason"),
            self._named(
                "later", "skip", "undo", "note", "ask", *(["guidelines"] if guidelines else []), "help", "quit"
            ),
        )

    def other_prompt(self) -> Prompt:
        """Names the rarer reasons."""
        reasons = [f"{self.of(reason.value)} {SHORT_WORDS[reason]}" for reason in OTHER_REASONS]
        capitals = " ".join(self.real((RejectReason.NOT_RELEVANT, *OTHER_REASONS)))
        real = [f"{capitals} a real account all the same"] if capitals else []
        return (tuple(reasons), (*real, "any other key: back"))

    def block_prompt(self) -> Prompt:
        """Names what can be pressed at a batch."""
        return (
            (
                f"{self.of('reject_all')} reject all of them as spam",
                f"{self.of('open')} one by one",
                *self._named("skip", "undo", "help", "quit"),
            ),
        )

    def help(self, text: str = HELP) -> str:
        """Fills the keys into a text of help."""
        reals = " ".join(self.real(tuple(RejectReason)))
        return text.format_map({**self.table, "reals": reals or "(no capitals)"})

    def _named(self, *actions: str) -> tuple[str, ...]:
        return tuple(f"{self.of(action)} {action}" for action in actions)


def prompt_text(prompt: Prompt) -> str:
    """Returns a prompt as lines."""
    return "\n".join(" | ".join(group) for group in prompt)
