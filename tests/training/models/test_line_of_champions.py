"""The line of champions: who served before whom."""

from datetime import UTC, datetime

import pytest

from followguard.domain.house_model import ChampionMove, MoveKind, champion_id, line_of_champions

NOW = datetime(2026, 1, 5, tzinfo=UTC)
PROMOTE, ROLLBACK, REFIT = MoveKind.PROMOTE, MoveKind.ROLLBACK, MoveKind.REFIT


@pytest.mark.parametrize(
    ("moves", "line"),
    [
        ([], [None]),
        ([(PROMOTE, 1)], [1, None]),
        ([(PROMOTE, 1), (PROMOTE, 2)], [2, 1, None]),
        ([(PROMOTE, 1), (PROMOTE, 2), (ROLLBACK, 1)], [1, None]),
        ([(PROMOTE, 1), (PROMOTE, 2), (ROLLBACK, None)], [None]),
        ([(PROMOTE, 1), (ROLLBACK, None), (PROMOTE, 2)], [2, None]),
        ([(PROMOTE, 1), (PROMOTE, 2), (PROMOTE, 1)], [1, 2, None]),
        ([(PROMOTE, 1), (REFIT, 2)], [2, 1, None]),
        ([(PROMOTE, 1), (PROMOTE, None)], [None]),
    ],
)
def test_the_line_of_champions(moves: list[tuple[MoveKind, int | None]], line: list[int | None]) -> None:
    """Newest first, the base model last; a rollback takes what it undoes off the line."""
    made = [
        ChampionMove(id=number, group="house", kind=kind, model_id=model, at=NOW, why="")
        for number, (kind, model) in enumerate(moves)
    ]
    assert line_of_champions(made) == line
    assert champion_id(made) == line[0]
