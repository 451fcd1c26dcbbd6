"""The people whom somebody may know of: those who hold or held a role where they do."""

from followguard.accounts.store import People
from followguard.domain.person import Person
from followguard.store.work import Work
from followguard.web.pages.colleagues_store import Decided
from followguard.web.pages.scope import Scope


def colleagues(work: Work, scope: Scope) -> list[Person]:
    """Returns everybody for somebody who sees every account; else those with a role or decisions where they look."""
    people = People(work).all()
    if scope.whole:
        return people
    active = Decided(work).among(scope.ids)
    return [each for each in people if each.id in active or _works_here(work, scope, each)]


def _works_here(work: Work, scope: Scope, person: Person) -> bool:
    return any(grant.account_id is None or grant.account_id in scope.ids for grant in People(work).grants(person.id))
