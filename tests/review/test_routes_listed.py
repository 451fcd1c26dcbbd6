"""Routes in lists: the name beside each card, a filter, and the same in JSON, sheet and table."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from followguard.domain.policy import Route
from followguard.testing import made_up_profile
from tests.builders.reviewing import SPAM


def test_a_list_says_whom_to_tell(lite_house) -> None:
    """By the bio, and nothing in an account without routes; the filter minds no case."""
    house = lite_house
    house.settings["acme"] = replace(house.settings["acme"], routes=(Route("Press", ("journalist",)),))
    house.settings["beta"] = replace(house.settings["beta"], routes=())
    house.read(replace(made_up_profile("11", house.now), description="A journalist of maps"), "12")
    house.read(replace(made_up_profile("21", house.now), description="A journalist too"), account="beta")
    house.night()
    house.night("beta")
    assert {card.follower_id: card.routes for card in house.cards()} == {"11": ("Press",), "12": (), "21": ()}
    assert house.ids(route="press") == ["11"]
    house.decide("11", SPAM)
    assert house.ids(route="press") == []
    assert house.ids(route="press", everything=True) == ["11"]


def test_the_commands_show_and_filter_routes(desk: Any, tmp_path: Path) -> None:
    """`--route`, the column of the table, the key of the JSON, the column of the sheet; by hand too."""
    rows = desk("review", "list", "--json").json
    assert {row["account"]: row["routes"] for row in rows} == {"acme": ["press"], "beta": []}
    only = desk("review", "list", "--route", "PRESS", "--json").json
    assert {row["account"] for row in only} == {"acme"}
    assert len(only) < len(rows)
    table = desk("review", "list").out.splitlines()
    assert "tell" in table[0].split()
    assert sum("press" in row for row in table) == len(only)
    assert desk("review", "export", str(tmp_path / "out.csv")).code == 0
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8-sig") as file:
        assert {row["routes"] for row in csv.DictReader(file)} == {"press", ""}


@pytest.mark.parametrize("name", ["pres", "x\x1b[31m"])
def test_an_unknown_route_is_said(desk: Any, name: str) -> None:
    """With those that there are."""
    done = desk("review", "list", "--route", name)
    assert done.code == 2
    assert "There is press." in done.err
    assert "\x1b" not in done.err
