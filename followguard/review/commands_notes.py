"""`followguard review note | route`."""

from typing import Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, By, Config, Follower, Json, OneAccount
from followguard.review.commands import hand_of


def note_command(
    follower: Follower,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="At most 2,000 letters, in quotes.")],
    ask: Annotated[
        str | None,
        typer.Option("--ask", metavar="PERSON", help="A question: the card comes first on this colleague's desk."),
    ] = None,
    account: OneAccount = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Put a note on a follower's card, or ask a colleague about it.

    Everybody who sees the card sees the note. A question ends with a note of the colleague's, or with a decision. Notes
    go with the follower when they are forgotten, and are part of what `disclose` prints.
    """
    from followguard.followers.find_store import find_item
    from followguard.review.decide import known_person
    from followguard.review.notes import add_note
    from followguard.review.notes import ask as ask_colleague
    from followguard.review.words import note_words

    with opened(config) as here:
        hand = hand_of(here, by, account)
        with here.store.begin() as work:
            known_person(work, hand)
            item = find_item(work, follower, hand.account, hand.accounts)
            made = add_note(work, hand, item, text) if ask is None else ask_colleague(work, hand, item, ask, text)
    if json:
        output.document({"item": made.item, "follower_id": made.follower_id} | made.as_row())
    else:
        output.line(f"item:{made.item} (follower {made.follower_id}): {note_words(made)}")


def route_command(
    follower: Follower,
    route: Annotated[str, typer.Argument(metavar="ROUTE", help="The name of a route of the account's configuration.")],
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="Why: a note on the card.")] = None,
    take_back: Annotated[bool, typer.Option("--take-back", help="Take back what a person chose.")] = False,
    account: OneAccount = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Send a follower a department's way, whatever their bio says.

    The route must stand in the configuration. Nothing is looked up anywhere: a route is what a bio or a person says.
    """
    from followguard.errors import UsageError
    from followguard.followers.find_store import find_item
    from followguard.review.decide import known_person
    from followguard.review.route_by_hand import route as send
    from followguard.review.route_by_hand import unroute
    from followguard.review.words import routed_words

    if take_back and note is not None:
        raise UsageError("Taking back takes no note.", "Leave one: followguard review note FOLLOWER TEXT")
    with opened(config) as here:
        hand = hand_of(here, by, account)
        with here.store.begin() as work:
            known_person(work, hand)
            item = find_item(work, follower, hand.account, hand.accounts)
            done = unroute(work, hand, item, route) if take_back else send(work, hand, item, route, note)
    if json:
        output.document(done.as_row())
    else:
        output.line(routed_words(done, take_back))
