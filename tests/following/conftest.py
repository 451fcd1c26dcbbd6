"""Account with approvals to carry out."""

from tests.builders.following import dying, house, killed, quick_house

__all__ = ["dying", "house", "killed", "quick_house"]
