"""Parts that all tables share: names of keys and checks, the type of an id."""

from collections.abc import Iterable

from sqlalchemy import BigInteger, Integer, MetaData

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

ID = BigInteger().with_variant(Integer, "sqlite")


def one_of(column: str, values: Iterable[str]) -> str:
    """Returns a check's condition: the column holds one of these values."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"
