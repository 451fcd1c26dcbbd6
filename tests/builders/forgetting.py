"""Person with a history in two accounts, who is to be forgotten."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts
from followguard.domain.labels import RejectReason
from followguard.domain.order import Attempt, AttemptOutcome, OrderState, Step
from followguard.domain.run import Call
from followguard.followers.tombstone_store import Pending
from followguard.following.store import Orders
from followguard.privacy.forget import Eraser, Forgotten, forget
from followguard.review.decide import decide
from followguard.review.overrule import Turn, overrule
from followguard.review.undo import undo
from followguard.store.tables import metadata
from followguard.testing import made_up_profile
from followguard.training.models.serving import TrainingContext
from tests.builders.reviewing import APPROVE

ID = "7234567890123"
BIO = "Unmistakable words of one person, företag 9c1f"


def eraser(house: Any, **changes: Any) -> Eraser:
    """Without a house model there is nothing to refit, and no group has files: shelf and exports are never touched."""
    workshop = TrainingContext(
        installation=SimpleNamespace(accounts={}),  # type: ignore[arg-type]
        store=house.store,
        shelf=None,  # type: ignore[arg-type]
        exports=None,  # type: ignore[arg-type]
        load_scorer=None,  # type: ignore[arg-type]
        clock=lambda: house.now,
        seed=1,
        secret=2,
    )
    parts = {"store": house.store, "upkeep": house.store.upkeep, "workshop": workshop, "keep": 3}
    return Eraser(**parts | {"remove_reports": lambda _: []} | changes)


def erase(house: Any, follower: str = ID, by: str | None = "Ola", **options: Any) -> Forgotten:
    return forget(eraser(house), follower, by, **options)


def well_known(house: Any) -> None:
    """Somebody with a history in both accounts, beside two others: changed, decided, undone, followed, overruled."""
    someone = replace(made_up_profile(ID, house.now), username="Erase_Me", description=BIO)
    for account in ("acme", "beta"):
        house.read(someone, "101", account=account)
        house.night(account)
    house.see_again(replace(someone, name="Somebody else", observed_at=house.now), "beta")
    hand = house.hand("Ada", "beta")
    decide(hand, ID, APPROVE)
    undo(hand, ID)
    decide(hand, ID, APPROVE)
    with house.store.begin() as work:
        order = Orders(work).open(Accounts(work).ensure("beta", house.now).id)[0]
        for to in (OrderState.HANDED_OFF, OrderState.SENT, OrderState.CONFIRMED):
            attempt = Attempt(executor="person", outcome=AttemptOutcome.HANDED_OFF, detail=f"about {ID}")
            Orders(work).move(order, Step(to=to, now=house.now, why=f"follower {ID}", attempt=attempt))
            order = Orders(work).get(order.id)
    overrule(hand, ID, Turn(reason=RejectReason.SPAM))
    decide(house.hand("Ada", "acme"), "101", APPROVE)
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
        Runs(work).charge(account.id, Call(name="followers", requests=1, ids=(ID, "101")), 10, house.now)
        run = Runs(work).start(account.id, "nightly", house.now)
        said = {"started_at": "2026-01-05T00:00:00Z", "not_ours": ["Erase_Me", "other"]}
        said["errors"] = [{"message": f"follower {ID}: bad; also @erase_me, but not @erase_me_too"}]
        Runs(work).finish(run, "done", said, house.now)


def everything(house: Any) -> str:
    """Gives every value of every table, as text."""
    with house.store.begin() as work:
        rows = [work.connection.execute(select(table)).all() for table in metadata.sorted_tables]
    return repr(rows)


def count(house: Any, name: str) -> int:
    (row,) = house.rows(f"SELECT count(*) FROM {name}")
    return int(row[0])


def in_one(house: Any, deed: Callable[[Any, Pending], object]) -> None:
    """Something in one transaction, with the intent to erase."""
    pending = Pending(follower_id=ID, usernames=(), accounts=("acme", "beta"), groups=(), started_at=house.now)
    with house.store.begin() as work:
        deed(work, pending)
