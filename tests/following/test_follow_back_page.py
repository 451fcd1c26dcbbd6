"""docs/follow-back.md says what the tables of the code say."""

import re

from followguard.domain.order import OrderState
from followguard.following.marking import MEANINGS, TRY_AGAIN, MarkedAs, MarkRule
from tests.builders.places import DOCS

PAGE = (DOCS / "follow-back.md").read_text(encoding="utf-8")


def states(text: str) -> frozenset[OrderState]:
    """The states that a cell of the page names."""
    return frozenset(OrderState(word.strip().replace(" ", "_")) for word in text.split(","))


def test_every_state_has_its_row() -> None:
    """Seven states, seven rows."""
    assert set(re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \|$", PAGE, re.MULTILINE)) >= {s.value for s in OrderState}


def test_the_marks_are_as_the_code_takes_them() -> None:
    """The page names the states from which each mark is possible."""
    rows = re.findall(r"^\| `([\w-]+)` \| ([\w ,]+) \| .*(?:`sent`|void|queued)", PAGE, re.MULTILINE)
    told = {(MarkedAs(mark), states(cell)) for mark, cell in rows if mark in set(MarkedAs)}
    meanings: list[tuple[MarkedAs, MarkRule]] = [*MEANINGS.items(), (MarkedAs.SKIP, TRY_AGAIN)]
    assert told == {(mark, meaning.states) for mark, meaning in meanings}
