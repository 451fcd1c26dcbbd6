"""Single rows against the log, before anything is done because of them."""

from collections.abc import Collection

from sqlalchemy import select

from followguard.domain.person import APPROVER, roles_from
from followguard.store.seals import is_proved, unproved
from followguard.store.tables import accounts, decisions, orders, people, roles
from followguard.store.work import Queries

APPROVING = roles_from(APPROVER)


class Proofs(Queries):
    """Single rows against the log; the whole chain is for `followguard prove`."""

    def doubt(self, order_id: int) -> str | None:
        """Says why nobody may be followed by this order; None where the log vouches for all that it rests on.

        That is the order, its approval, the approver and a role of theirs that covers the account, and the account's
        own row. The rows read here can't change until the transaction ends.
        """
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
        """Returns those whose row or evidence the log doesn't vouch for."""
        keys = [str(each) for each in decision_ids]
        found = unproved(self._connection, "decisions", keys) | unproved(self._connection, "decision_evidence", keys)
        return sorted(map(int, found))

    def _forged_role(self, person_id: int, account_id: int) -> bool:
        """Tells whether all roles that let the person approve were written past the log; False where there are none.

        The locks keep a role that is being withdrawn, and a pause, from slipping in between.
        """
        self._connection.execute(select(accounts.c.id).where(accounts.c.id == account_id).with_for_update())
        query = select(roles.c.id, roles.c.account_id).where(
            roles.c.person_id == person_id, roles.c.withdrawn_at.is_(None), roles.c.role.in_(APPROVING)
        )
        standing = self._connection.execute(query.with_for_update()).all()
        covering = [row.id for row in standing if row.account_id in {None, account_id}]
        return bool(covering) and not any(is_proved(self._connection, "roles", each) for each in covering)
