"""Search over everybody who was ever seen; what is looked for stands in the address, so that a list can be shared."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.domain.policy import AccountSettings
from followguard.domain.wording import safe_text
from followguard.errors import UsageError
from followguard.review.routes import routes_matching
from followguard.screening.plan import closing_words
from followguard.web.pages.scope import Scope, scope_of
from followguard.web.pages.search_store import STATES, Everybody, FoundRow, RouteWords, Search
from followguard.web.rendering import page
from followguard.web.strings import t
from followguard.web.visit import visit_of

LONGEST = 100
MOST_WORDS = 5
LAST_PAGE = 20_000
FILTERS = ("q", "state", "person", "route", "account", "since", "until", "words", "batch")


def show(request: Request) -> Response:
    """Shows one page of those who fit."""
    visit, asked = visit_of(request), asked_in(request.query_params)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        wanted = search_of(scope, asked, request.query_params.get("page", ""))
        found = Everybody(work).find(wanted)
        people = Everybody(work).people(scope.ids)
    rows = [_row(row, visit.desk.installation.accounts[row.account]) for row in found.rows]
    return page(
        request,
        "search.html.j2",
        asked=asked,
        rows=rows,
        people=people,
        handles=scope.handles,
        routes=sorted({route.name for each in scope.seen for route in each.settings.routes}),
        states=[(state, t(f"state.{state}")) for state in STATES],
        number=wanted.page,
        back=address(asked, wanted.page - 1) if wanted.page > 1 else "",
        onward=address(asked, wanted.page + 1) if found.more else "",
    )


def asked_in(given: Mapping[str, str], filters: Sequence[str] = FILTERS) -> dict[str, str]:
    """Returns the filters of the address, each as short as it may be and without what no database holds."""
    return {name: given.get(name, "").replace("\x00", "").strip()[:LONGEST] for name in filters}


def address(asked: Mapping[str, str], number: int) -> str:
    """Returns the address of a page of the same search."""
    said = {name: value for name, value in asked.items() if value}
    return "/search?" + urlencode(said | ({"page": str(number)} if number > 1 else {}))


def search_of(scope: Scope, asked: Mapping[str, str], number: str = "") -> Search:
    """Reads the filters. Raises `UsageError` for one that can't be, `UnknownAccount`."""
    accounts = scope.chosen(asked["account"])
    if asked["state"] and asked["state"] not in STATES:
        raise UsageError(t("search.no_state"), t("search.again"))
    until = day_in(asked["until"])
    return Search(
        account_ids=tuple(each.id for each in accounts if each.id is not None),
        text=asked["q"],
        state=asked["state"],
        person_id=_whole(asked["person"]),
        route=_route([each.settings for each in accounts], asked["route"]),
        since=day_in(asked["since"]),
        until=until + timedelta(days=1) if until else None,
        words=asked["words"].split()[:MOST_WORDS],
        batch=_whole(asked["batch"]),
        page=min(max(_whole(number) or 1, 1), LAST_PAGE),
    )


def day_in(text: str) -> datetime | None:
    """Returns the beginning of an ISO day in UTC, None for nothing. Raises `UsageError` for anything else."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 1990 <= day.year <= 2200:
        raise UsageError(t("search.no_day", day=safe_text(text, 40)), t("search.day_like"))
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _route(accounts: list[AccountSettings], name: str) -> RouteWords | None:
    if not name:
        return None
    words = {word.strip() for each in accounts for route in each.routes if route.name == name for word in route.bio}
    return RouteWords(name=name, words=tuple(sorted(filter(None, words))))


def _row(row: FoundRow, settings: AccountSettings) -> dict[str, Any]:
    """Returns what the list shows of one follower."""
    return {
        "path": f"/follower/{row.item}" if row.item is not None else f"/follower/{row.account}/{row.follower_id}",
        "name": safe_text(row.name, 60) or t("follower.no_name"),
        "username": safe_text(row.username, 40),
        "follower_id": row.follower_id,
        "account": row.account,
        "bio": safe_text(row.bio, 160),
        "first_seen_at": row.first_seen_at,
        "left_at": row.left_at,
        "state": _state_words(row),
        "by": row.by,
        "routes": routes_matching(row.bio, settings.routes),
    }


def _state_words(row: FoundRow) -> str:
    if row.state is None:
        return t("state.no_card")
    if row.held_back:
        return t("state.held_back")
    return t(f"state.{row.state}") + (f": {closing_words(row.closed_why)}" if row.closed_why else "")


ROUTES = [Route("/search", show)]
