"""Word of a night, as `followguard nightly` sends it: targets, people, departments and the heartbeat."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from followguard.cli import output
from followguard.cli.app import as_known
from followguard.cli.opened import Opened
from followguard.errors import LOCKED, FollowguardError, UnknownAccount

if TYPE_CHECKING:
    from followguard.notify.delivery import Delivered
    from followguard.notify.heartbeat import Heartbeat
    from followguard.notify.morning import Post
    from followguard.reports.receipt import Receipt


@contextmanager
def watched(here: Opened, *, rehearsed: bool) -> "Iterator[Heartbeat]":
    """Pings the heartbeat at the start, and when the night ends by an error or a signal; a rehearsal pings nobody."""
    from followguard.notify.heartbeat import Heartbeat

    heart = Heartbeat("" if rehearsed else here.installation.notify.heartbeat, os.environ, output.warn)
    heart.begin()
    try:
        yield heart
    except FollowguardError as error:
        heart.end(error.exit_code)
        raise
    except BaseException:
        heart.fail()
        raise


def say_morning(here: Opened, receipts: "Sequence[Receipt]") -> None:
    """Tells of the night, and puts into its receipts who was told; whatever goes wrong is said and changes nothing."""
    from followguard.notify.morning import tell_morning

    began = [receipt for receipt in receipts if receipt.began]
    done = _told(lambda: tell_morning(_post(here), [receipt.account for receipt in began]))
    rows = [each.as_json() for each in done]
    for receipt in began:
        receipt.notified = rows
    if rows:
        _told(lambda: _keep(here, [receipt.account for receipt in began], rows))


def say_failure(here: Opened, error: FollowguardError) -> None:
    """Tells the night's targets that there was none, but not of a slip at the command line or another run's lock."""
    from followguard.notify.morning import tell_failure

    if error.exit_code != LOCKED and not isinstance(error, UnknownAccount):
        _told(lambda: tell_failure(_post(here), error))


def _told(tell: "Callable[[], list[Delivered]]") -> "list[Delivered]":
    try:
        done = tell()
    except Exception as error:  # noqa: BLE001 - the night is over and saved, and stays as it is
        output.failure(as_known(error))
        return []
    for each in done:
        if not each.ok:
            output.warn(f"Not told: {each.target}: {each.why}")
    return done


def _keep(here: Opened, handles: list[str], rows: list[dict[str, object]]) -> "list[Delivered]":
    from followguard.accounts.ledger_store import Runs
    from followguard.accounts.store import Accounts

    with here.store.begin() as work:
        for row in Accounts(work).all():
            if row.handle in handles:
                Runs(work).add_to_receipt(row.id, "nightly", notified=rows)
    return []


def _post(here: Opened) -> "Post":
    from followguard.notify.morning import Post

    return Post(installation=here.installation, store=here.store, env=os.environ, now=here.now)
