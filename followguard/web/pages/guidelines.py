"""The company's do's and don'ts, account by account, with the version that decisions are kept with."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.domain.guidelines import Guidelines
from followguard.domain.wording import safe_lines
from followguard.review.guidelines import read_guidelines
from followguard.web.pages.scope import scope_of
from followguard.web.rendering import page
from followguard.web.visit import Visit, visit_of


def show(request: Request) -> Response:
    """Shows what is in force for each account that the person sees."""
    visit = visit_of(request)
    found = in_force(visit)
    rows = [(handle, each, safe_lines(each.text) if each else "") for handle, each in found.items()]
    return page(request, "guidelines.html.j2", accounts=rows)


def in_force(visit: Visit) -> dict[str, Guidelines | None]:
    """Returns the guidelines by handle; None where the configuration names no file."""
    with visit.desk.store.begin() as work:
        seen = scope_of(work, visit).chosen(visit.account)
        folder = visit.desk.installation.folder
        return {each.handle: read_guidelines(work, each.settings, folder, visit.now) for each in seen}


ROUTES = [Route("/guidelines", show)]
