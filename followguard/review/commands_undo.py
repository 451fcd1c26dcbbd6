"""`followguard review undo`: one decision, or a whole session."""

from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, By, Config, Json, OneAccount
from followguard.review.commands import hand_of

if TYPE_CHECKING:
    from followguard.review.decide import Hand


def undo_command(
    follower: Annotated[
        str | None, typer.Argument(metavar="[FOLLOWER]", help="About whom; without one, the last decision by --by.")
    ] = None,
    account: OneAccount = None,
    session: Annotated[
        bool, typer.Option("--session", help="All that --by decided last, back to a pause of half an hour.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --session: don't ask.")] = False,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> int:
    """Take a decision back, or a whole session.

    Again and again, each time the one before; possible until the follower was handed off or followed. With --session
    all that the person decided without a pause of half an hour; at a terminal it asks first.
    """
    from followguard.errors import UsageError
    from followguard.review.undo import undo
    from followguard.review.words import print_outcomes

    if follower is not None and session:
        raise UsageError("A session is of a person, not about a follower.", "Leave out --session, or the follower.")
    with opened(config) as here:
        hand = hand_of(here, by, account)
        if session:
            return _undo_session(hand, json, ask=not yes)
        decided = undo(hand, follower)
    return print_outcomes([decided], json)


def _undo_session(hand: "Hand", json: bool, *, ask: bool) -> int:
    """Says what goes, asks where somebody sits there, and takes it back."""
    from followguard.review.undo_session import last_session, undo_session
    from followguard.review.words import print_outcomes

    found = last_session(hand)
    output.note(f"{found.words}.")
    if ask and output.is_terminal() and not output.confirm("Take all of it back?"):
        output.note("Nothing was taken back.")
        return print_outcomes([], json)
    return print_outcomes(undo_session(hand, found), json)
