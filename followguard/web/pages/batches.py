"""Look-alikes that wait to be decided together, and those that were."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.domain.wording import safe_text
from followguard.web.pages.batch_list_store import PAGE, BatchList
from followguard.web.pages.scope import scope_of
from followguard.web.rendering import page
from followguard.web.visit import visit_of

LAST_PAGE = 10_000


def show(request: Request) -> Response:
    """Shows one page of batches."""
    visit, asked = visit_of(request), request.query_params.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    number = min(max(number, 1), LAST_PAGE)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        ids = tuple(each.id for each in scope.chosen(visit.account) if each.id is not None)
        rows = BatchList(work).page(ids, number)
    return page(
        request,
        "batches.html.j2",
        rows=[(row, safe_text(row.alike, 400)) for row in rows[:PAGE]],
        number=number,
        more=len(rows) > PAGE,
        account=visit.account,
        handles=scope.handles,
    )


ROUTES = [Route("/batches", show)]
