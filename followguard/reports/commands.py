"""`followguard report`."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Config, Json
from followguard.errors import UsageError

if TYPE_CHECKING:
    from followguard.domain.installation import Installation
    from followguard.reports.page import AccountPage


def command(
    account: Annotated[
        str | None,
        typer.Option("--account", metavar="HANDLE", help="Only this account. Default: all.", show_default=False),
    ] = None,
    night: Annotated[
        str | None,
        typer.Option("--night", metavar="YYYY-MM-DD", help="The night of that UTC day. Default: the newest."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Where to write it. Default: reports/ beside the configuration."),
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open it in this machine's browser.")] = False,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Write the HTML report of a night.

    One file that needs nothing from outside: what to do first, the review list with reasons, what was held back, costs.
    """
    from followguard.reports.gather import default_path, night_page, require_night
    from followguard.reports.html import render_report

    day = day_of(night)
    with opened(config) as here:
        installation = _only(here.installation, account)
        require_night(here.store, installation)
        page = night_page(here.store, installation, day, here.now)
    path = _file(to) if to else default_path(installation, page, only=page.accounts[0].handle if account else None)
    render_report(page, path)
    if json:
        accounts = [_row(each) for each in page.accounts]
        output.document({"report": str(path), "day": page.day, "log_head": page.log_head, "accounts": accounts})
    else:
        output.line(f"Report of the night of {page.day}: {path}")
    if show:
        _open(path)


def _row(page: "AccountPage") -> dict[str, Any]:
    return {
        "account": page.handle,
        "status": page.figures.status,
        "real_people_held_back": page.held_share,
        "sample": page.sample,
        "agreement": page.agreement,
        "open_disagreements": page.open_disagreements,
        "pace": page.pace,
        "turned": page.trust and page.trust.figures.turned,
        "anchoring": page.anchoring,
    }


def day_of(text: str | None) -> str | None:
    """Returns the ISO day. Raises UsageError for anything else."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise UsageError(f"{text!r} isn't a day.", "Write it as YEAR-MONTH-DAY, such as 2026-01-31.") from None


def _only(installation: "Installation", handle: str | None) -> "Installation":
    """Returns the installation as if it had that account alone. Raises UnknownAccount."""
    if handle is None:
        return installation
    chosen = installation.account(handle)
    return replace(installation, accounts={chosen.handle: chosen})


def _file(to: Path) -> Path:
    """Raises UsageError for a folder."""
    if to.is_dir():
        raise UsageError(f"{to} is a folder.", f"Name a file in it: --output {to / 'report.html'}")
    return to


def _open(path: Path) -> None:
    import webbrowser

    if not webbrowser.open(path.resolve().as_uri()):
        output.warn(f"No browser could be opened here. Open {path} yourself.")
