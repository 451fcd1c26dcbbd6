"""The night's report inside the desk: in a frame of its own, in which nothing runs."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from followguard.errors import UsageError
from followguard.reports.gather import FOLDER, night_page
from followguard.reports.html import html_of
from followguard.reports.store import Reporting
from followguard.web.guard.headers import FRAMED, FRAMING
from followguard.web.pages.days_store import Nights
from followguard.web.pages.scope import Scope, scope_of
from followguard.web.pages.search import day_in
from followguard.web.rendering import page
from followguard.web.strings import t
from followguard.web.visit import Visit, visit_of

DAYS = 60


def show(request: Request) -> Response:
    """Shows the report of a night, the newest one where the address names none."""
    visit, day = visit_of(request), _day(request)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        ids = tuple(each.id for each in scope.chosen(visit.account) if each.id is not None)
        days = Nights(work).days(ids, DAYS)
        day = day or Reporting(work).last_day(ids) or ""
    if day and day not in days:
        days = [day, *days]
    document = f"{FRAMED}?account={visit.account}&day={day}" if day else ""
    return page(
        request, "report.html.j2", day=day, days=days, account=visit.account, handles=scope.handles, document=document
    )


def document(request: Request) -> Response:
    """Returns the report itself; `guard.headers` keeps whatever stands in it from running."""
    visit, day = visit_of(request), _day(request)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        scope.chosen(visit.account)
    if not day:
        raise UsageError(t("report.no_day"), t("search.day_like"))
    return HTMLResponse(_kept(visit, scope, day) or _made(visit, scope, day))


def _kept(visit: Visit, scope: Scope, day: str) -> str:
    """Returns the report that the night wrote, for those who see all that stands in it; else nothing."""
    path = visit.desk.installation.folder / FOLDER / f"followguard-{day}.html"
    try:
        return path.read_text(encoding="utf-8") if scope.whole and not visit.account else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _made(visit: Visit, scope: Scope, day: str) -> str:
    """Returns a report of the accounts that the person sees, made now. Raises `UsageError` where no night was."""
    installation = scope.within(visit.desk.installation, visit.account)
    made = night_page(visit.desk.store, installation, day, visit.now)
    return html_of(replace(made, tells_month=scope.whole))


def _day(request: Request) -> str:
    day = day_in(request.query_params.get("day", "").strip()[:40])
    return f"{day:%Y-%m-%d}" if day else ""


ROUTES = [Route(FRAMING, show), Route(FRAMED, document)]
