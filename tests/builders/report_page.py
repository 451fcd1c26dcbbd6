"""Parts of a report, and a page taken apart as a browser would."""

from dataclasses import replace
from datetime import UTC, datetime

from followguard.domain.card import Card, ItemState
from followguard.domain.follower import Profile
from followguard.domain.policy import AccountSettings, Band, HoldingBack, Policy, Reason
from followguard.domain.run import Run
from followguard.reports.figures import ShownScore, distribution, figures_of
from followguard.reports.page import AccountPage, CardList, DeskCounts, NightPage, OrderFigures, Standing
from followguard.screening.holding_back import Earned
from followguard.testing import made_up_profile

NOW = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
HEAD = "ab" * 32


def card(number: int, profile: Profile | None = None, **changes: object) -> Card:
    """A card of a believable follower."""
    made = Card(
        item=number,
        account="acme",
        account_id=1,
        profile=profile or made_up_profile(str(number)),
        appearance_hash="",
        state=ItemState.WAITING,
        held_back=False,
        audit=False,
        first_seen_at=NOW,
        p_spam=0.2,
        band=Band.UNSURE,
        reasons=(
            Reason("likes", "likes nothing", 1.0),
            Reason("age", "is 7 years old", -0.6),
            Reason("other", "rest", 0),
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def account_page(*cards: Card, handle: str = "acme", **changes: object) -> AccountPage:
    """One account's part, after a night that went well."""
    policy = Policy()
    receipt = {"new": 3, "cost_usd": 0.03, "model": "base-1", "policy_hash": "0123456789ab", "log_head": HEAD}
    run = Run(id=1, account_id=1, kind="nightly", day="2026-01-05", started_at=NOW, finished_at=NOW, status="done",
              receipt=receipt)  # fmt: skip
    made = AccountPage(
        settings=AccountSettings(handle=handle, training_basis="none", policy=policy),
        figures=figures_of([run], ever=True),
        desk=DeskCounts(today=len(cards)),
        list=CardList(cards=cards, total=len(cards)),
        scores=distribution([ShownScore(0.01), ShownScore(0.2), ShownScore(0.99)], policy.cutoffs),
        standing=Standing(HoldingBack.EARNED, Earned(12, 1, 0.3387), 0.05),
        orders=OrderFigures(),
        model="base-1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def night(*accounts: AccountPage, **changes: object) -> NightPage:
    """The page of a night."""
    made = NightPage(
        day="2026-01-05",
        newest="2026-01-05",
        made_at=NOW,
        accounts=accounts,
        month_spent_usd=1.5,
        month_limit_usd=50.0,
        log_head=HEAD,
    )
    return replace(made, **changes)  # type: ignore[arg-type]
