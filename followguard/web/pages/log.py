"""The log for people, of the accounts that a person sees, the newest first; filters stand in the address."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.accounts.accounts import NOBODY
from followguard.domain.wording import safe_text
from followguard.errors import AmbiguousFollower, UnknownFollower, UnknownPerson
from followguard.followers.find_store import FollowerSearch, parse_follower
from followguard.proof.log_line import LogFilter, LogLine
from followguard.proof.people_log import read_log
from followguard.store.work import Work
from followguard.web.pages.colleagues import colleagues
from followguard.web.pages.scope import Scope, scope_of
from followguard.web.pages.search import asked_in, day_in
from followguard.web.rendering import page
from followguard.web.strings import t
from followguard.web.visit import visit_of

PAGE = 100
FILTERS = ("by", "account", "follower", "since")


def show(request: Request) -> Response:
    """Shows one page of entries."""
    visit, asked = visit_of(request), asked_in(request.query_params, FILTERS)
    before = request.query_params.get("before", "")
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        names = {each.name: each.pseudonym for each in colleagues(work, scope)} | {NOBODY: NOBODY}
        wanted = LogFilter(
            actor=_actor(names, asked["by"]),
            accounts=_accounts(scope, asked["account"]),
            follower_id=_follower(work, scope, asked["follower"]) if asked["follower"] else None,
            since=day_in(asked["since"]),
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
            limit=PAGE,
        )
        lines = read_log(work, wanted)
    seen = [_seen(each, names) for each in reversed(lines)]
    return page(
        request,
        "log.html.j2",
        asked=asked,
        lines=seen,
        names=sorted(names, key=str.casefold),
        handles=scope.handles,
        newest=_address(asked) if before else "",
        onward=_address(asked, before=str(lines[0].seq)) if len(lines) == PAGE else "",
    )


def _address(asked: dict[str, str], **more: str) -> str:
    return "/log?" + urlencode({name: value for name, value in (asked | more).items() if value})


def _actor(names: dict[str, str], name: str) -> str | None:
    if name and name not in names:
        raise UnknownPerson(t("log.nobody"), t("log.choose"))
    return names[name] if name else None


def _accounts(scope: Scope, handle: str) -> frozenset[str] | None:
    """Returns the accounts whose entries are shown; those of no account only to people who see every account."""
    if not handle and scope.whole:
        return None
    return frozenset(each.handle for each in scope.chosen(handle))


def _follower(work: Work, scope: Scope, text: str) -> str:
    """Returns the id of whom the text names among the accounts that the person sees."""
    found = FollowerSearch(work).find(parse_follower(text), None)
    ids = sorted({each.follower_id for each in found if each.account_id in scope.ids}, key=int)
    if not ids:
        raise UnknownFollower(t("follower.unknown"), t("follower.search"))
    if len(ids) > 1:
        raise AmbiguousFollower(t("log.several", name=safe_text(text, 40)), t("log.give_id", ids=", ".join(ids[:10])))
    return ids[0]


def _seen(line: LogLine, names: dict[str, str]) -> dict[str, object]:
    """Returns what the page shows of an entry; a person of other accounts alone stays unnamed."""
    return {
        "at": line.at,
        "account": line.account,
        "by": line.by if line.by in names else t("log.somebody"),
        "words": safe_text(line.words, 500),
        "path": f"/follower/{line.item}" if line.item is not None and line.follower_id else "",
    }


ROUTES = [Route("/log", show)]
