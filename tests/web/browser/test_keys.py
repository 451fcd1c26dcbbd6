"""Each key of the desk does one thing about the card on the screen."""

from typing import Any

import pytest


def test_one_key_a_decision(desk: Any, seat: Any) -> None:
    """Approve, spam, impersonation, not relevant: the next card stands there, and the record holds what was said."""
    ada = seat(desk).sit("Ada")
    keys = []
    for key, words in (("a", "Approved"), ("r", "Rejected"), ("i", "Rejected"), ("n", "Rejected")):
        keys.append(ada.key)
        ada.decide(key, words)
    assert len({*keys, ada.key}) == 5
    rows = desk.house.rows("SELECT kind, reason, item_id FROM decisions ORDER BY id")
    assert [f"item:{row[2]}" for row in rows] == keys
    assert [row[:2] for row in rows] == [
        ("approve", None),
        ("reject", "spam"),
        ("reject", "impersonation"),
        ("reject", "not_relevant"),
    ]
    assert "4 decided, 2 left" in ada.page.locator("#progress").inner_text()


@pytest.mark.parametrize(("typed", "reason", "real"), [("c", "competitor", False), ("C", "competitor", True)])
def test_another_reason(quick_desk: Any, seat: Any, typed: str, reason: str, real: bool) -> None:
    """`e` asks which; a capital letter says that the account is real all the same."""
    ada = seat(quick_desk).sit("Ada")
    before = ada.key
    ada.press("e", typed)
    ada.hears("Rejected")
    ada.moves_on(before)
    ((kind, why, is_real),) = quick_desk.house.rows("SELECT kind, reason, real_account FROM decisions")
    assert (kind, why, bool(is_real)) == ("reject", reason, real)
