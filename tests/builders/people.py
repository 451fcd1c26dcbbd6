"""People added, set and withdrawn, each in a transaction of its own."""

from datetime import UTC, datetime, timedelta
from typing import Any

from followguard.accounts.people import require_role
from followguard.accounts.store import Accounts, People
from followguard.following.store import Orders
from followguard.setup.appointments import Appointment, add_person, list_people, set_role, withdraw_person
from followguard.store import tables as t

NOW = datetime(2026, 8, 22, 3, tzinfo=UTC)


def add(store: Any, name: str, role: str, account: str | None = None, by: str | None = None) -> Any:
    """Adds somebody in a transaction of its own."""
    with store.begin() as work:
        return add_person(work, Appointment(name, role, account), by, NOW, f"p-{name}")


def withdraw(store: Any, name: str, account: str | None = None, by: str | None = None) -> Any:
    """Withdraws somebody in a transaction of its own."""
    with store.begin() as work:
        return withdraw_person(work, name, account, by, NOW)


def held(store: Any, name: str) -> tuple[tuple[str, str | None], ...]:
    """The roles that stand."""
    with store.begin() as work:
        return next(each.roles for each in list_people(work) if each.person.name == name)


def require(store: Any, name: str | None, role: str, account: str | None) -> Any:
    """Asks for a role."""
    with store.begin() as work:
        return require_role(work, name, role, account)


def seed_order(store: Any, number: int, handle: str, name: str) -> None:
    """A follower of the account whom the person approved, with a queued order."""
    with store.begin() as work:
        account, person = Accounts(work).ensure(handle, NOW).id, People(work).by_name(name).id
        about = {"account_id": account, "follower_id": str(number)}
        put = work.connection.execute
        if number == 1:
            put(t.passes.insert(), {"id": 1, "account_id": account, "kind": "night", "started_at": NOW, "progress": {}})
        seen = {"ordinal": number, "pass_id": 1, "first_seen_at": NOW, "last_seen_at": NOW, "snapshot_id": number}
        put(t.followers.insert(), about | seen)
        put(t.items.insert(), about | {"id": number, "state": "approved", "updated_at": NOW})
        shown = {"shown_hash": "a" * 64, "shown_because": "listed", "at": NOW}
        put(
            t.decisions.insert(),
            about | shown | {"id": number, "item_id": number, "person_id": person, "kind": "approve"},
        )
        Orders(work).create(account, str(number), number, "a" * 64, "2026-08-22", NOW + timedelta(seconds=number))


def set_to(store: Any, name: str, role: str, account: str | None = None, by: str | None = "Olga") -> Any:
    """Sets a role in a transaction of its own."""
    with store.begin() as work:
        return set_role(work, Appointment(name, role, account), by, NOW)
