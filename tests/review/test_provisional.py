"""Provisional probabilities are told once in list, dossier, desk, status and report, and in every row of the JSON."""

import re
from typing import Any

import pytest

from tests.builders.desk import typed

TOLD = "probabilities are provisional until 25 new followers drawn at random are decided"


def test_every_row_says_so(desk: Any) -> None:
    """`provisional` is the account's, `sample` the card's; both are in list and dossier."""
    rows = desk("review", "list", "--json").json
    assert {(row["provisional"], row["sample"]) for row in rows} == {(True, False)}
    assert desk("review", "show", "12", "--json").json["provisional"] is True


def test_people_are_told_once_an_account(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six cards of two accounts: two lines in the list, two at the desk, one in a dossier."""
    typed(monkeypatch, *"ssssssq")
    for words in (("review", "list"), ("review", "--by", "Ann")):
        said = desk(*words)
        assert said.err.count(TOLD) == 2, said.err
        assert len(set(re.findall(r"@(\w+): probabilities", said.err))) == 2
    assert desk("review", "show", "12").out.count(TOLD) == 1


def test_status_and_report_say_how_far_it_is(desk: Any) -> None:
    """None of 25 yet: a row of `status`, and how many in the JSON of both."""
    assert "0 of 25 drawn at random decided; scores are provisional" in desk("status").out
    (first, *_) = desk("status", "--json").json["accounts"]
    assert first["sample"] == {"labels": 0, "decided_today": 0, "needed": 25}
    (first, *_) = desk("report", "--json").json["accounts"]
    assert first["sample"]["labels"] == 0
