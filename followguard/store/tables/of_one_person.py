"""Rows that belong to one person: what an erasure deletes and a disclosure shows."""

from typing import Any

from sqlalchemy import Column, Table, select

from followguard.store.tables import metadata

SALT = "tombstone_salt"


NOT_OF_ONE_PERSON = frozenset({"paid_profiles", "forgetting"})
"""Tables with a follower's id that are treated in a way of their own."""


def owned_rows(follower_id: str) -> list[tuple[Table, Column[Any], Any]]:
    """Lists what to delete, in this order: table, column, and which values of it (None: those that equal the id).

    Every table with a follower's id, and every other one that points at a row of those: a table that comes later is
    covered without a word here.
    """
    owned = {
        table.name
        for table in metadata.sorted_tables
        if "follower_id" in table.c and table.name not in NOT_OF_ONE_PERSON
    }
    found: list[tuple[Table, Column[Any], Any]] = []
    for table in reversed(metadata.sorted_tables):
        if table.name in owned:
            found.append((table, table.c.follower_id, None))
            continue
        for key in table.foreign_keys:
            target = key.column.table
            if target.name in owned:
                rows = select(key.column).where(target.c.follower_id == follower_id)
                found.append((table, key.parent, rows))
                break
    return found
