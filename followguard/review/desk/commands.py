"""`followguard review`: the desk, one key a decision."""

import signal
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, By, Config, TheseAccounts

if TYPE_CHECKING:
    from followguard.review.desk.closing import Rest
    from followguard.review.desk.screen import DeskScreen
    from followguard.review.desk.session import Desk


def command(
    plain: Annotated[
        bool, typer.Option("--plain", help="Line by line: works in any terminal and with a screen reader.")
    ] = False,
    account: TheseAccounts = None,
    by: By = None,
    config: Config = CONFIG,
) -> int | None:
    """Decide about new followers, one key a decision.

    Goes through what is due today, account by account, a screen for each card. Every decision is saved at once; u
    takes back the last one, again and again. Only keys count that are pressed once the card stands there. Answers can
    be piped in, one a line, but no approvals.
    """
    from followguard.cli.keys import at_terminal, single_keys

    with opened(config) as here:
        desk = _desk(here, account, by)
        person = desk.sit_down()
        session = _screen(here, desk, plain=plain)
        try:
            with _leaving(desk), single_keys():
                session.run()
        except HungUp:
            raise
        except KeyboardInterrupt:
            say_decided(person.name, desk)
            raise
        rest = desk.rest()
        remote = [each.account for each in rest if _reads_nobody(here, each)]
    say_end(person.name, desk, rest)
    ready = _ready(rest, remote)
    code = _offer(ready, by, config, asked=at_terminal() and not session.at_end) if ready else None
    return code or _refused(session)


def _refused(session: "DeskScreen") -> int | None:
    """Says how many approvals came through a pipe: partly done where something else was decided, else wrong usage."""
    from followguard.errors import PARTLY, USAGE

    if not session.piped_approvals:
        return None
    output.warn(f"{output.counted(session.piped_approvals, 'approval')} through a pipe not taken; the cards wait.")
    return PARTLY if session.desk.decided else USAGE


def _screen(here: Opened, desk: "Desk", *, plain: bool) -> "DeskScreen":
    from followguard.review.desk.keys import DeskKeys
    from followguard.review.desk.screen import DeskScreen

    colours = {handle: each.colour for handle, each in here.installation.accounts.items()}
    return DeskScreen(desk, here.clock, DeskKeys(here.installation.desk.keys), colours, plain=plain)


class HungUp(KeyboardInterrupt):
    """The terminal was closed: nobody reads any more."""


def _desk(here: Opened, handles: list[str] | None, by: str | None) -> "Desk":
    from followguard.cli.opened import seed_of
    from followguard.review.desk.session import Desk

    return Desk(
        store=here.store,
        accounts={each.handle: each for each in here.installation.chosen(handles)},
        by=by,
        clock=here.clock,
        seed=seed_of(here.installation, here.store),
        folder=here.installation.folder,
    )


@contextmanager
def _leaving(desk: "Desk") -> Iterator[None]:
    """Gives the cards back, whatever ends the session, also a closed terminal."""

    def hung_up(*_: Any) -> None:
        raise HungUp

    before = _on_hang_up(hung_up)
    try:
        yield
    finally:
        desk.leave()
        _on_hang_up(before)


def _on_hang_up(reaction: "Callable[..., Any] | int | None") -> Any:
    """Sets what a closed terminal does, where the system has such a signal; returns what it did before."""
    hang_up = getattr(signal, "SIGHUP", None)
    return signal.signal(hang_up, reaction) if hang_up is not None and reaction is not None else None


def _reads_nobody(here: Opened, rest: "Rest") -> bool:
    """Tells whether follow-back, started here, could only show links of followers who were read within 24 hours."""
    from followguard.cli.opened import missing_secrets

    return rest.by_hand and bool(missing_secrets(here.installation, rest.account))


def _ready(rest: "Sequence[Rest]", remote: list[str]) -> list[str]:
    """Returns the accounts with orders that can go now; says why others can't."""
    from followguard.following.words import paused_words, stale_words

    ready = []
    for each in rest:
        stale = each.ready - each.fresh if each.account in remote else 0
        if each.paused_at and each.ready + each.queued_later:
            output.step(paused_words(each.account, each.paused_at, each.ready + each.queued_later))
        elif stale:
            output.line(stale_words(each.account, each.fresh, stale))
        if each.ready > stale and not each.paused_at:
            ready.append(each.account)
    return ready


def _offer(ready: list[str], by: str | None, config: str, *, asked: bool) -> int | None:
    """Offers the hand-off: on yes the same as `followguard follow-back`."""
    from followguard.following import commands as follow_back

    output.step("Follow back what is ready: followguard follow-back")
    if not asked or not _says_yes("Do it now? y / n"):
        return None
    return follow_back.command(account=ready, dry_run=False, by=by, config=config, json=False)


def _says_yes(question: str) -> bool:
    """Asks until it is y or n; the end of the input is no."""
    from followguard.cli.keys import key

    answers = {"y": True, "n": False}
    try:
        while (pressed := key(question)[0].lower()) not in answers:
            pass
    except EOFError:
        return False
    return answers[pressed]


def say_decided(name: str, desk: "Desk") -> None:
    """Prints what was decided, in one line."""
    output.line("")
    done = Counter(each.decision.value for each in desk.decided)
    made = ", ".join(f"{number} {kind}" for kind, number in sorted(done.items())) or "nothing"
    output.line(f"{name} decided: {made}.")


def say_end(name: str, desk: "Desk", rest: "Sequence[Rest]") -> None:
    """Prints what was decided, what still waits and when it comes, and how many orders are ready."""
    say_decided(name, desk)
    for each in rest:
        next_day = f" (the next on {each.next_day})" if each.next_day else ""
        waits = f"{each.due} still due today, {each.later} on later days{next_day}, {each.held_back} held back"
        queued = f", {each.queued_later} on later days" if each.queued_later else ""
        output.line(f"@{each.account}: {waits}; {output.counted(each.ready, 'order')} ready to follow{queued}.")
        for said in (each.slow, each.untested):
            if said:
                output.step(f"@{each.account}: {said}")
