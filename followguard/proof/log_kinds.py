"""The kinds of the log's entries in words: a row for each, what its actor did. Unknown kinds are told by their name.

In a sentence stand {who} (the follower), {whom} (a colleague), {person}, {roles}, {reason}, {until}, {day}, {voided},
{model}, {route}, {test} and {why}; what an entry doesn't say is left out.
"""

from collections.abc import Mapping
from types import MappingProxyType

ROWS = "rows"
"""Says only which rows were written: a list for people leaves it out unless asked."""

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "decision.propose": "proposed to follow {who} back",
        "decision.approve": "approved {who}",
        "decision.reject": "rejected {who}{reason}",
        "decision.later": "put {who} off{until}",
        "decision.undo": "took back a decision about {who}",
        "decision.overrule": "overruled a decision about {who}{reason}",
        "order.queued": "queued the follow of {who}",
        "order.handed_off": "was handed the link to follow {who}",
        "order.sending": "began to follow {who}",
        "order.sent": "followed {who}; X hasn't confirmed it yet",
        "order.parked": "parked the follow of {who}: it needs help",
        "order.confirmed": "saw that {who} is followed",
        "order.void": "voided the follow of {who}",
        "unfollow.marked": "unfollowed {who} by hand",
        "note.add": "put a note on the card of {who}",
        "note.ask": "asked {whom} about {who}",
        "route.add": "sent {who} to {route}",
        "route.take_back": "no longer sends {who} to {route}",
        "follower.forget": "had a follower forgotten",
        "person.add": "made {person} {roles}",
        "person.role": "made {person} {roles}{voided}",
        "person.withdraw": "withdrew {person}, who was {roles}{voided}",
        "person.hand_over": "handed the work of {person} over to {whom}",
        "person.distrust": "said not to trust what {person} decided since {day}{voided}",
        "person.trust_again": "lifted the distrust of {person}",
        "desk.invite": "made a sign-in link for {person}",
        "desk.sign_in": "signed in to the web desk",
        "desk.sign_out": "signed {person} out of the web desk",
        "account.pause": "paused following",
        "account.resume": "resumed following",
        "model.promote": "promoted the model {model}{why}",
        "model.rollback": "rolled back to the model {model}{why}",
        "model.refit": "fitted the model anew: {model}{why}",
        "model.rebuild": "rebuilt the model: {model}{why}",
        "recalibration": "set the account's own probabilities, by its random decisions",
        "audit.draw": "drew cards for the audit",
        "sample.draw": "drew cards for the random sample",
        "trust.draw": "began the blind test {test}",
        "trust.answer": "answered a card of the blind test",
        "trust.result": "finished the blind test {test}",
        "db.restore": "put a backup in the database's place",
        ROWS: "wrote rows that no other entry names",
    }
)


def sentence(kind: str, values: Mapping[str, str]) -> str:
    """Returns what the actor of an entry did; a kind that isn't in the table is named."""
    template = SENTENCES.get(kind)
    return f"wrote an entry of the kind {kind}" if template is None else " ".join(template.format_map(values).split())
