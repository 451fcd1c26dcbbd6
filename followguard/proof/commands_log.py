"""`followguard log`."""

from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened
from followguard.cli.options import CONFIG, Config, Json, Limit

if TYPE_CHECKING:
    from followguard.proof.log_line import LogFilter
    from followguard.store.work import Work

LIMIT = 100
ByWhom = Annotated[
    str | None, typer.Option("--by", metavar="PERSON", help="Only what this person did; followguard: the program.")
]
OneAccount = Annotated[str | None, typer.Option("--account", metavar="HANDLE", help="Only this account.")]
AboutWhom = Annotated[
    str | None, typer.Option("--follower", metavar="FOLLOWER", help="Only about this one: an id, a @username, item:N.")
]
Since = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only from this day on: 2027-01-31 (UTC).")]


def command(
    by: ByWhom = None,
    account: OneAccount = None,
    follower: AboutWhom = None,
    since: Since = None,
    limit: Limit = LIMIT,
    everything: Annotated[
        bool, typer.Option("--all", help="Also entries that say nothing but which rows were written.")
    ] = False,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Tell who decided, approved, overruled, withdrew and promoted what and when.

    The newest last, in words. Whoever was forgotten stands there as "a forgotten follower". This reads the log and
    proves nothing: `followguard prove` checks that nobody changed it.
    """
    from followguard.proof.people_log import read_log, stream_log

    with opened(config) as here, here.store.begin() as work:
        wanted = _filter(here, work, (by, account, follower, since), limit, everything)
        if json:
            output.document([each.as_row() for each in read_log(work, wanted)])
            return
        number = 0
        for number, each in enumerate(stream_log(work, wanted), 1):  # noqa: B007  counted for what comes after
            output.line(each.text)
    if not number:
        output.step("The log has no such entry.")
    elif number == limit:
        output.note(f"The newest {limit}; --limit 0 shows all.")
    output.advice("Has anybody changed it? followguard prove")


def _filter(
    here: Opened, work: "Work", said: tuple[str | None, str | None, str | None, str | None], limit: int, rows: bool
) -> "LogFilter":
    """Returns the filter that the options ask for. Raises `UsageError`, `UnknownPerson`, `UnknownFollower`."""
    from followguard.domain.units import since_meant
    from followguard.proof.log_line import LogFilter
    from followguard.proof.people_log import actor_named, follower_named

    by, account, follower, since = said
    return LogFilter(
        actor=None if by is None else actor_named(work, by),
        account=None if account is None else here.installation.account(account).handle,
        follower_id=None if follower is None else follower_named(work, follower),
        since=None if since is None else since_meant(since),
        limit=limit,
        rows=rows,
    )
