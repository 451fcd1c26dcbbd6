"""People and their roles. Who works where a person looks is shown to them; owners add, change, invite and withdraw."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from followguard.access.invite import invite, sign_out_person
from followguard.domain.installation import plain_handle
from followguard.domain.person import OWNER, ROLES
from followguard.domain.units import since_meant
from followguard.errors import MissingRole
from followguard.setup.appointments import (
    Added,
    Appointment,
    PersonRow,
    add_person,
    list_people,
    set_role,
    withdraw_person,
)
from followguard.setup.hand_over import hand_over
from followguard.store.work import Work
from followguard.web.desk import require_fresh
from followguard.web.pages.colleagues import colleagues
from followguard.web.pages.forms import Fields, form
from followguard.web.pages.scope import Scope, scope_of, seen_by
from followguard.web.rendering import page
from followguard.web.strings import t
from followguard.web.visit import Visit, visit_of

PSEUDONYM_BYTES = 8


def show(request: Request) -> Response:
    """Lists people."""
    return _listed(request)


def add(request: Request, fields: Fields) -> Response:
    """Adds a person, or lets one in again."""

    def done(work: Work, visit: Visit, by: str) -> str:
        pseudonym = work.token_bytes(PSEUDONYM_BYTES).hex()
        return _given(add_person(work, _wish(visit, fields), by, visit.now, pseudonym))

    return _changed(request, done)


def role(request: Request, fields: Fields) -> Response:
    """Sets a person's role, up or down."""
    return _changed(request, lambda work, visit, by: _given(set_role(work, _wish(visit, fields), by, visit.now)))


def withdraw(request: Request, fields: Fields) -> Response:
    """Ends a person's role for an account, or all of them."""

    def done(work: Work, visit: Visit, by: str) -> str:
        gone = withdraw_person(work, fields.get("name", ""), _handle(visit, fields), by, visit.now)
        return t("people.withdrawn", name=gone.person.name) + _voided(gone.voided)

    return _changed(request, done)


def sign_out(request: Request, fields: Fields) -> Response:
    """Ends a person's sessions and takes unused links back."""

    def done(work: Work, visit: Visit, by: str) -> str:
        person, sessions, links = sign_out_person(work, fields.get("name", ""), by, visit.now)
        return t("people.signed_out", name=person.name, sessions=sessions, links=links)

    return _changed(request, done)


def link(request: Request, fields: Fields) -> Response:
    """Makes a personal sign-in link and shows it, this once. Raises `MissingRole`: nobody prolongs their own stay."""
    visit = visit_of(request)
    require_fresh(request)
    with visit.desk.store.begin() as work:
        if not scope_of(work, visit).is_owner:
            raise MissingRole(t("people.not_owner"), t("next.ask_owner"))
        made = invite(work, fields.get("name", ""), visit.visitor.person.name, visit.now)
    base = visit.desk.installation.desk.url or request.state.doorway.origin
    return page(
        request, "invited.html.j2", person=made.person, link=f"{base}/sign-in/{made.token}", until=made.expires_at
    )


def pass_on(request: Request, fields: Fields) -> Response:
    """Passes a person's open work on to a colleague."""

    def done(work: Work, visit: Visit, by: str) -> str:
        passed = hand_over(work, fields.get("name", ""), fields.get("to", ""), by, visit.now)
        names = {"before": passed.before.name, "to": passed.to.name}
        return t("people.passed", number=passed.number, left=len(passed.left), **names)

    return _changed(request, done)


def doubt(request: Request, fields: Fields) -> Response:
    """Takes out what a person decided since a day, or lets it count again."""
    visit = visit_of(request)
    require_fresh(request)
    from followguard.setup.distrust import distrust, trust_again
    from followguard.training.models.serving import training_context

    workshop, by = training_context(visit.desk.installation, visit.desk.store), visit.visitor.person.name
    if "lift" in fields:
        found = trust_again(workshop, fields.get("name", ""), by)
        return _listed(request, t("people.lifted", name=found.person.name))
    since = since_meant(fields.get("since", ""))
    return page(request, "distrusted.html.j2", done=distrust(workshop, fields.get("name", ""), since, by))


def _changed(request: Request, change: Callable[[Work, Visit, str], str]) -> Response:
    """Makes a change in the name of an owner who signed in just now, and lists people with what came of it."""
    visit = visit_of(request)
    require_fresh(request)
    with visit.desk.store.begin() as work:
        said = change(work, visit, visit.visitor.person.name)
    return _listed(request, said)


def _listed(request: Request, said: str = "") -> Response:
    visit = visit_of(request)
    with visit.desk.store.look() as work:
        scope = scope_of(work, visit)
        known = {each.id for each in colleagues(work, scope)}
        people = [_row(scope, each) for each in list_people(work) if each.person.id in known]
    owned = [each.handle for each in scope.seen if each.id is not None and scope.may(OWNER, each.id)]
    return page(
        request,
        "people.html.j2",
        people=[each for each in people if each["roles"] or (scope.is_owner and each["withdrawn"])],
        owned=list(scope.handles) if scope.is_owner else owned,
        everywhere=scope.is_owner,
        roles=ROLES,
        said=said,
    )


def _row(scope: Scope, each: PersonRow) -> dict[str, Any]:
    """Returns a person with the roles that the reader may know of."""
    return {
        "name": each.person.name,
        "withdrawn": each.person.withdrawn_at,
        "since": each.person.added_at,
        "roles": [(role, account) for role, account in each.roles if account is None or account in scope.handles],
    }


def _wish(visit: Visit, fields: Fields) -> Appointment:
    return Appointment(fields.get("name", ""), fields.get("role", ""), _handle(visit, fields))


def _handle(visit: Visit, fields: Fields) -> str | None:
    """Returns the account of the form, None for every one. Raises `UnknownAccount`."""
    handle = plain_handle(fields.get("account", ""))
    return seen_by(visit, handle)[0].handle if handle else None


def _given(added: Added) -> str:
    where = t("people.of", account=added.account) if added.account else t("people.of_all")
    said = t("people.given", name=added.person.name, role=added.role, where=where) + _voided(added.voided)
    return said + (f" {t('people.near', names=', '.join(added.near))}" if added.near else "")


def _voided(number: int) -> str:
    return f" {t('people.voided', number=number)}" if number else ""


ROUTES = [
    Route("/people", show),
    Route("/people/add", form(add), methods=["POST"]),
    Route("/people/role", form(role), methods=["POST"]),
    Route("/people/withdraw", form(withdraw), methods=["POST"]),
    Route("/people/sign-out", form(sign_out), methods=["POST"]),
    Route("/people/hand-over", form(pass_on), methods=["POST"]),
    Route("/people/distrust", form(doubt), methods=["POST"]),
    Route("/people/invite", form(link), methods=["POST"]),
]
