"""Account with approvals to carry out."""

from tests.builders.following import dying, house, killed, quick_house
from tests.builders.office import office

__all__ = ["dying", "house", "killed", "office", "quick_house"]
