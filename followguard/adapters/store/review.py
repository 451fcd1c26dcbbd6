"""Cards and decisions: the queue's part, the reader's part and the hands' part in one."""

from sqlalchemy import Connection

from followguard.adapters.store.cards import CardTables
from followguard.adapters.store.covered import Covered
from followguard.adapters.store.decisions import DecisionTables
from followguard.adapters.store.queue_rows import QueueTables


class ReviewTables(QueueTables, CardTables, DecisionTables):
    """`followguard.domain.stores.review.Review` over SQLAlchemy Core."""

    def __init__(self, connection: Connection, covered: Covered) -> None:
        QueueTables.__init__(self, connection)
        DecisionTables.__init__(self, connection, covered)
