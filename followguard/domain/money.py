"""Money in whole micro-dollars, and what a budget still pays for."""

from dataclasses import dataclass


def micro(usd: float) -> int:
    """USD to micro-dollars, rounded to the nearest."""
    return round(usd * 1_000_000)


def usd(amount: int) -> float:
    """Micro-dollars to USD."""
    return amount / 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may still be spent tonight on this account and this month on all of them, in micro-dollars."""

    night_left: int
    month_left: int

    @property
    def left(self) -> int:
        """The smaller of the two, never below 0."""
        return max(0, min(self.night_left, self.month_left))

    def affords(self, price: int) -> int:
        """How many profiles at `price` micro-dollars each can still be asked for, all of them billed."""
        return self.left // price if price > 0 else 1_000_000_000

    @property
    def tighter(self) -> str:
        """The name of the configuration key that binds."""
        return "max_usd_per_night" if self.night_left <= self.month_left else "max_usd_per_month"
