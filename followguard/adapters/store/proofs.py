"""`domain.stores.proofs.Proofs` over SQLAlchemy Core."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from followguard.adapters.store.seals import is_proved, unproved
from followguard.adapters.store.tables import accounts, decisions, orders, people, roles
from followguard.domain.roles import APPROVER, roles_from

APPROVING = roles_from(APPROVER)


class ProofTables:
    """Reads the rows that an order rests on, and the newest entry about each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def doubt(self, order_id: int) -> str | None:
        query = (
            select(orders.c.account_id, orders.c.decision_id, decisions.c.person_id, people.c.name)
            .select_from(orders.join(decisions, decisions.c.id == orders.c.decision_id))
            .join(people, people.c.id == decisions.c.person_id)
            .where(orders.c.id == order_id)
        )
        row = self._connection.execute(query).one()
        rests_on = (
            ("orders", order_id, f"order {order_id}"),
            ("decisions", row.decision_id, f"decision {row.decision_id}, by {row.name}"),
            ("people", row.person_id, f"the row of {row.name}, who approved it"),
            ("accounts", row.account_id, "the row of our own account"),
        )
        for table, key, words in rests_on:
            if not is_proved(self._connection, table, key):
                return f"The log doesn't vouch for {words}: the database was changed by something else"
        if self._forged_role(row.person_id, row.account_id):
            return f"The log doesn't vouch for the role that lets {row.name} approve"
        return None

    def unproved_decisions(self, decision_ids: Collection[int]) -> list[int]:
        keys = [str(each) for each in decision_ids]
        found = unproved(self._connection, "decisions", keys) | unproved(self._connection, "decision_evidence", keys)
        return sorted(map(int, found))

    def _forged_role(self, person_id: int, account_id: int) -> bool:
        """Whether all roles that let the person approve were written past the log; somebody without any is withdrawn.

        The locks keep a role that is being withdrawn, and a pause, from slipping in between.
        """
        self._connection.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())
        query = select(roles.c.id, roles.c.account_id).where(
            roles.c.person_id == person_id, roles.c.withdrawn_at.is_(None), roles.c.role.in_(APPROVING)
        )
        standing = self._connection.execute(query.with_for_update()).all()
        covering = [row.id for row in standing if row.account_id in {None, account_id}]
        return bool(covering) and not any(is_proved(self._connection, "roles", each) for each in covering)
