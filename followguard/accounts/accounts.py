"""Our accounts: how each is doing, and the brake that stops following while reading goes on."""

from dataclasses import dataclass
from datetime import datetime

from followguard.accounts.budget import Clock
from followguard.accounts.ledger_store import Runs
from followguard.accounts.people import require_role
from followguard.accounts.store import Accounts
from followguard.domain.account import Account
from followguard.domain.installation import Installation
from followguard.domain.person import APPROVER
from followguard.domain.policy import AccountSettings, Executor
from followguard.domain.run import Call
from followguard.errors import WrongCredentials
from followguard.store.log import Log
from followguard.store.store import Store
from followguard.store.work import Work
from followguard.x.contract import FollowerReader, Me

NOBODY = "followguard"
"""The actor in the log when nobody was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """One configured account. `x_id` is None before its first night; `executor` is the one in force."""

    account: str
    x_id: str | None
    executor: Executor
    paused_at: datetime | None
    followers: int | None
    model_group: str
    training_basis: str


def list_accounts(work: Work, installation: Installation) -> list[AccountState]:
    """Returns every configured account, in the order of the configuration."""
    rows = {account.handle: account for account in Accounts(work).all()}
    states = []
    for settings in installation.accounts.values():
        row = rows.get(settings.handle)
        states.append(
            AccountState(
                account=settings.handle,
                x_id=row.x_id if row else None,
                executor=executor_in_force(settings, row),
                paused_at=row.paused_at if row else None,
                followers=row.followers_count if row else None,
                model_group=settings.model_group,
                training_basis=settings.training_basis,
            )
        )
    return states


def executor_in_force(settings: AccountSettings, row: Account | None) -> Executor:
    """Returns the configured one, unless X's plan refused following by API and the account was switched to hand-off."""
    switched = row is not None and row.handoff_since is not None and settings.executor is Executor.API
    return Executor.HANDOFF if switched else settings.executor


def pause(work: Work, handle: str, by: str | None, now: datetime) -> bool:
    """Stops following for an account; False when it was paused already. Raises UnknownPerson, MissingRole.

    The brake needs no name, so that it can be pulled at once; a name that is given must be an approver's.
    """
    actor = require_role(work, by, APPROVER, handle).pseudonym if by else NOBODY
    return _set_paused(work, handle, actor, now, to=now)


def resume(work: Work, handle: str, by: str | None, now: datetime) -> bool:
    """Lets it follow again, by API if that was switched off by X; False when nothing kept it. Takes an approver.

    Raises UnknownPerson, MissingRole.
    """
    actor = require_role(work, by, APPROVER, handle).pseudonym
    return _set_paused(work, handle, actor, now, to=None)


def _set_paused(work: Work, handle: str, actor: str, now: datetime, *, to: datetime | None) -> bool:
    account = Accounts(work).ensure(handle, now)
    kept = account.paused_at is not None or (to is None and account.handoff_since is not None)
    if kept == (to is not None):
        return False
    Accounts(work).set_paused(account.id, to)
    if to is None:
        Accounts(work).set_handoff_since(account.id, None)
    Log(work).append(now, "account.resume" if to is None else "account.pause", handle, actor, {})
    return True


def identify(store: Store, reader: FollowerReader, account: Account, clock: Clock) -> Me:
    """Asks X whose credentials these are and stores the account's id on the first night.

    Raises `WrongCredentials` when they belong to another account than the one configured.
    """
    me = reader.me()
    handle = account.handle
    if me.username.lower() != handle.lower() or account.x_id not in {None, me.id}:
        expected = f", but @{handle} has been id {account.x_id} since its first night" if account.x_id else ""
        raise WrongCredentials(
            f"The credentials of @{handle} belong to @{me.username} (id {me.id}){expected}.",
            f"Put the four secrets of @{handle} in their place, then run: followguard doctor --online",
        )
    with store.begin() as work:
        Runs(work).charge(account.id, Call(name="me", requests=1), 0, clock())
        if account.x_id is None:
            Accounts(work).set_x_id(account.id, me.id)
    return me
