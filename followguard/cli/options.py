"""The options that commands share, each written once."""

from typing import Annotated

import typer

from followguard.domain.wording import unquoted

Config = Annotated[
    str,
    typer.Option(
        "--config",
        envvar="FOLLOWGUARD_CONFIG",
        metavar="PATH",
        help="The configuration file. Default: ./followguard.toml.",
        show_default=False,
        show_envvar=True,
        callback=unquoted,
    ),
]
CONFIG = "followguard.toml"

Account = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="HANDLE",
        help="One of our accounts. May be left out where only one is configured.",
        show_default=False,
    ),
]
TheseAccounts = Annotated[
    list[str] | None,
    typer.Option(
        "--account",
        metavar="HANDLE",
        help="Only this account; may be given several times. Default: all.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
By = Annotated[
    str | None,
    typer.Option(
        "--by",
        envvar="FOLLOWGUARD_PERSON",
        metavar="PERSON",
        help="Who decides: a person that `followguard person list` shows.",
        show_default=False,
        show_envvar=True,
        callback=unquoted,
    ),
]
Follower = Annotated[str, typer.Argument(metavar="FOLLOWER", help="An id, a @username, or item:N.")]
OneAccount = Annotated[
    str | None,
    typer.Option("--account", metavar="HANDLE", help="Where the follower follows several of our accounts: which."),
]
ListAccounts = Annotated[
    list[str] | None,
    typer.Option("--account", metavar="HANDLE", help="Only this account; may be given several times."),
]
Limit = Annotated[int, typer.Option("--limit", min=0, metavar="N", help="At most so many; 0 for all.")]
