"""What a replay of past nights reads."""

from typing import Protocol

from followguard.domain.whatif_past import PastCard, PastNight


class Past(Protocol):
    """Nothing here changes anything."""

    def cards(self, account_id: int) -> list[PastCard]:
        """Every card of the account with its scores, looks, decisions and returns; by item."""
        ...

    def nights(self, account_id: int) -> list[PastNight]:
        """Every nightly run that planned the desk and left a receipt, from old to new."""
        ...
