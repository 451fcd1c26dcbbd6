"""The digest of a row: no two values alike, whatever their types, and what retention clears left out."""

from itertools import combinations

from followguard.store.covered_tables import digest, digests, fits

VALUES = [
    None,
    0,
    1,
    2,
    -1,
    1.0,
    0.0,
    -0.0,
    5,
    b"5",
    "5",
    b"",
    "",
    b"a",
    b"a ",
    b"A",
    b"None",
    "61",
    b"i 1:1",
    2**63 - 1,
]


def test_different_values_have_different_digests() -> None:
    """A number, its text, its bytes, and a space more."""
    made = {repr(value): digest("t", [("a", value)]) for value in VALUES}
    assert all(one != other for one, other in combinations(made.values(), 2))


def test_where_a_value_stands_counts() -> None:
    """The column and the table are part of it, and nothing runs over from one column into the next."""
    assert digest("t", [("a", b"1")]) != digest("t", [("b", b"1")]) != digest("u", [("b", b"1")])
    assert digest("t", [("a", b"1\nb t 1:2")]) != digest("t", [("a", b"1"), ("b", b"2")])


def test_a_column_that_comes_later_changes_nothing() -> None:
    """As long as it is empty: a new schema's column needs no new entry for every old row."""
    assert digest("t", [("a", 1)]) == digest("t", [("a", 1), ("new", None)])


def test_evidence_may_lose_its_text_and_nothing_else() -> None:
    """Cleared fits; changed, or with another score, doesn't."""
    row = {"decision_id": 1, "p_spam": 0.5, "shown": b"{}"}
    said = digests("decision_evidence", row)
    assert fits("decision_evidence", row, said)
    assert fits("decision_evidence", row | {"shown": None}, said)
    assert not fits("decision_evidence", row | {"shown": b"{ }"}, said)
    assert not fits("decision_evidence", row | {"shown": None, "p_spam": 0.6}, said)


def test_a_deleted_row_fits_only_a_deletion() -> None:
    """A deleted row fits a deletion only, and a row that no entry names fits nothing."""
    assert fits("orders", None, None)
    assert not fits("orders", {"id": 1}, None)
    assert not fits("orders", None, ["x"])
    assert not fits("orders", None, [])
    assert not fits("orders", {"id": 1}, [])
