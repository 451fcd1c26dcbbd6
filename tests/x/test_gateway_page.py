"""The reference of the gateway says what the code does."""

from followguard.x.address import FIELDS
from followguard.x.errors import markdown_rows
from tests.builders.places import DOCS

DOC = DOCS / "x-gateway.md"


def test_the_table_of_errors_is_the_one_in_the_code() -> None:
    """Every row, in the order in which it is read."""
    assert "\n".join(markdown_rows()) in DOC.read_text("utf-8")


def test_the_fields_are_named() -> None:
    """The page names every field that is read of a person."""
    text = DOC.read_text("utf-8")
    assert all(f"`{field}`" in text for field in FIELDS)
