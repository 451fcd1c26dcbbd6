"""What an approval by this person would be, so that no desk offers what would be refused."""

from collections.abc import Sequence

from followguard.accounts.people import holds
from followguard.accounts.store import People
from followguard.domain.card import Card
from followguard.domain.decision import Decision
from followguard.domain.labels import Kind
from followguard.domain.person import Person
from followguard.domain.policy import Policy
from followguard.review.decide import ROLES, seconded
from followguard.store.work import Work


def approval_offered(
    work: Work, person: Person, card: Card, history: Sequence[Decision], policy: Policy
) -> Kind | None:
    """Returns whether the person's approval would be one, a proposal (two-person approval), or refused (None)."""
    kind = Kind.APPROVE
    if policy.two_person_approval:
        kind = Kind.APPROVE if seconded(work, person, card, history) else Kind.PROPOSE
    return kind if holds(work, person.id, ROLES[kind], card.account_id) else None


def approvers_of(work: Work, account_id: int) -> list[str]:
    """Returns the names of those who may approve for the account."""
    return holders_of(work, account_id, ROLES[Kind.APPROVE])


def holders_of(work: Work, account_id: int, role: str) -> list[str]:
    """Returns the names of those who hold the role or a higher one for the account."""
    standing = [person for person in People(work).all() if person.withdrawn_at is None]
    return sorted(each.name for each in standing if holds(work, each.id, role, account_id))
