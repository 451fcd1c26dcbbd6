"""`followguard trust` and `followguard trust test`."""

import sys
from contextlib import nullcontext, redirect_stdout
from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, Account, By, Config, Json, TheseAccounts

if TYPE_CHECKING:
    from followguard.trust.sitting import BlindSitting

Plain = Annotated[bool, typer.Option("--plain", help="Line by line: works in any terminal and with a screen reader.")]


def command(account: TheseAccounts = None, config: Config = CONFIG, json: Json = False) -> None:
    """Tell how often machine and people were wrong in the last 28 days.

    How often the machine said spam and a person said real, and the reverse; how often people turned their own
    decisions; how many real people are held back, with the exact bound; per model and per word list of the company,
    each beside the base rate. And what blind tests came to.
    """
    from followguard.trust.told import trust_of
    from followguard.trust.words import trust_lines

    with opened(config) as here, here.store.begin() as work:
        told = [trust_of(work, each, here.now) for each in here.installation.chosen(account)]
    if json:
        output.document({"accounts": [each.as_json() for each in told]})
        return
    for each in told:
        for text in trust_lines(each):
            output.step(text)


def take_command(
    plain: Plain = False,  # noqa: ARG001 - there is no other test yet
    account: Account = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Judge 30 cards without the machine's word; holding back waits for it.

    Cards from both sides of the hold-back cutoff, in mixed order, without band, score and reasons. An approver answers
    spam, real or can't tell, at a terminal, one key a card. No decision and no follow order comes of it. What was begun
    goes on within seven days. Passed when no card above the cutoff was called real. With --json the cards stand on
    stderr, and how the test stands is the document.
    """
    from followguard.cli.keys import card_is_seen, single_keys
    from followguard.trust.screen import BlindScreen

    with opened(config) as here:
        sitting = _sitting(here, account, by)
        with redirect_stdout(sys.stderr) if json else nullcontext():
            if not card_is_seen():
                sitting.check_role()
                raise _no_terminal(sitting.settings.handle)
            test = sitting.sit_down()
            _say_hello(sitting, len(test.cards))
            with single_keys():
                BlindScreen(sitting, len(test.cards)).run()
            _say_end(sitting)
        if json:
            output.document(_as_json(sitting))


def _sitting(here: Opened, account: str | None, by: str | None) -> "BlindSitting":
    from followguard.cli.opened import seed_of
    from followguard.trust.sitting import BlindSitting

    return BlindSitting(
        store=here.store,
        settings=here.installation.account(account),
        by=by,
        clock=here.clock,
        seed=seed_of(here.installation, here.store),
    )


def _no_terminal(handle: str) -> Exception:
    from followguard.errors import UsageError

    what = "A blind test takes answers only where the card stands on a screen, and none through a pipe."
    return UsageError(what, f"Run it at a terminal: followguard trust test --account {handle}")


def _say_hello(sitting: "BlindSitting", cards: int) -> None:
    if sitting.resumed:
        output.line(f"The test that you began goes on: {len(sitting.left())} of {cards} cards are left.")
    else:
        output.line(f"{cards} cards of @{sitting.settings.handle}, from both sides of the hold-back cutoff, mixed.")
    output.line("Judge each by what X shows. Nothing here approves, rejects or follows anybody.")


def _as_json(sitting: "BlindSitting") -> dict[str, Any]:
    """Returns the test as in `trust --json`, with how many cards are left; `finished_at` is null while some are."""
    from followguard.trust.sitting import result_of

    test, passed = sitting.result()
    told = {"account": sitting.settings.handle, "person": test.person, "finished_at": test.finished_at}
    return told | result_of(test, passed=passed) | {"left": sum(card.answer is None for card in test.cards)}


def _say_end(sitting: "BlindSitting") -> None:
    from followguard.trust.words import result_lines

    test, passed = sitting.result()
    if test.finished_at is None:
        left = sum(card.answer is None for card in test.cards)
        step = f"followguard trust test --account {sitting.settings.handle}"
        output.step(f"{left} of {len(test.cards)} cards are left. To go on within seven days: {step}")
        return
    output.line("")
    for text in result_lines(test, passed=passed):
        output.step(text)
