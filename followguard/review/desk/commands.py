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
from followguard.store.unbroken import end_soon

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
    say_decided(person.name, desk)
    ready = say_ready(rest, remote)
    for each in rest:
        say_rest(each, each.account in remote)
    asked = at_terminal() and not session.at_end
    code = _hand_off(ready, by, config) if ready and asked else None
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
        end_soon(HungUp)

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


def _stale(rest: "Rest", remote: bool) -> int:
    """Counts ready orders whose links can't be shown here: not read within 24 hours, and nobody can look again."""
    return rest.ready - rest.fresh if remote else 0


def say_ready(rest: "Sequence[Rest]", remote: list[str]) -> list[str]:
    """Says first what can be followed now, and by which command; returns the accounts."""
    from followguard.following.words import stale_words

    ready = []
    for each in rest:
        stale = _stale(each, each.account in remote)
        if each.paused_at or each.ready <= stale:
            continue
        ready.append(each.account)
        can = output.counted(each.ready, "link can be shown", "links can be shown")
        can = can if each.by_hand else output.counted(each.ready, "follow can be made", "follows can be made")
        output.line(stale_words(each.account, each.fresh, stale) if stale else f"@{each.account}: {can} now.")
    if ready:
        output.step("Follow back what is ready: followguard follow-back")
    return ready


def _hand_off(ready: list[str], by: str | None, config: str) -> int | None:
    """Offers the hand-off: on yes the same as `followguard follow-back`."""
    from followguard.following import commands as follow_back

    if not _says_yes("Do it now? y / n"):
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


def say_rest(rest: "Rest", remote: bool) -> None:
    """Says in one line what waits and when it comes; below it only what keeps orders from going."""
    from followguard.following.words import paused_words, stale_words

    next_day = f" (the next on {rest.next_day})" if rest.next_day else ""
    waits = [f"{rest.due} still due today", f"{rest.later} on later days{next_day}", f"{rest.held_back} held back"]
    if rest.queued_later:
        waits.append(f"{output.counted(rest.queued_later, 'follow order')} for later days")
    output.line(f"@{rest.account}: {', '.join(waits)}.")
    stale = _stale(rest, remote)
    if rest.paused_at and rest.ready + rest.queued_later:
        output.step(paused_words(rest.account, rest.paused_at, rest.ready + rest.queued_later))
    elif stale and stale == rest.ready:
        output.line(stale_words(rest.account, rest.fresh, stale))
    for said in (rest.slow, rest.untested):
        if said:
            output.step(f"@{rest.account}: {said}")
