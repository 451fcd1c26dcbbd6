"""The table of faults, and when they befall."""

import pytest

from followguard.errors import ConfigurationError
from followguard.sandbox.answers import REFUSALS
from followguard.sandbox.faults import FAULTS, FaultBox, Occasion, Stage, markdown_rows, parse
from followguard.sandbox.rows import ODDITIES
from tests.builders.places import DOCS

PAGE = DOCS / "sandbox.md"


def call(name: str = "followers", **more: object) -> Occasion:
    return Occasion(**({"call": name, "account": "acme", "target": None, "with_token": False} | more))  # type: ignore[arg-type]


def test_every_fault_is_carried_out_by_one_table() -> None:
    """Refusals and odd rows of the table of faults are exactly those that exist."""
    assert {kind.name for kind in FAULTS.values() if kind.stage is Stage.REFUSE} == set(REFUSALS)
    assert {kind.name for kind in FAULTS.values() if kind.stage is Stage.ROWS} == set(ODDITIES)


def test_the_docs_list_every_fault() -> None:
    """The table in docs/sandbox.md is the one in the code, row by row."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    assert [row for row in markdown_rows() if row not in lines] == []
    assert sum(line.startswith("| `") and line.split("`")[1] in FAULTS for line in lines) == len(FAULTS)


def test_after_and_times() -> None:
    """The first two calls are spared, the next two hit, and then it is over."""
    box = FaultBox([{"on": "followers", "fault": "http_500", "after": 2, "times": 2}])
    assert [len(box.due(call())) for _ in range(6)] == [0, 0, 1, 1, 0, 0]
    assert box.state() == [{"on": "followers", "fault": "http_500", "seen": 6, "hit": 2}]


def test_for_ever() -> None:
    """`times` 0 never ends."""
    box = FaultBox([{"on": "any", "fault": "http_503", "times": 0}])
    assert all(box.due(call(name)) for name in ("me", "follow", "lookup") * 5)


def test_only_what_it_concerns_counts() -> None:
    """Other calls, accounts, targets, and calls without a token where one is needed, are neither hit nor counted."""
    box = FaultBox(
        [
            {"on": "follow", "fault": "blocked_by_target", "target": "12", "account": "Acme"},
            {"on": "followers", "fault": "token_expired"},
        ]
    )
    spared = [call("follow", target="13"), call("follow", target="12", account="labs"), call("lookup"), call()]
    assert [box.due(one) for one in spared] == [[]] * 4
    assert [fault.fault for fault in box.due(call("follow", target="12"))] == ["blocked_by_target"]
    assert [fault.fault for fault in box.due(call(with_token=True))] == ["token_expired"]


def test_faults_may_come_together() -> None:
    """Two faults that are due for one call both befall it."""
    box = FaultBox([{"on": "followers", "fault": "short_page"}, {"on": "followers", "fault": "odd_rows"}])
    assert [fault.fault for fault in box.due(call())] == ["short_page", "odd_rows"]


@pytest.mark.parametrize(
    "wrong",
    [
        "http_500",
        {"fault": "http_500"},
        {"on": "followers", "fault": "http_501"},
        {"on": "followers", "fault": ["http_500"]},
        {"on": "followers", "fault": "http_500", "often": 2},
        {"on": "followers", "fault": "without_effect"},
        {"on": "likes", "fault": "http_500"},
        {"on": "me", "fault": "http_500", "times": -1},
        {"on": "me", "fault": "http_500", "after": 1.5},
        {"on": "me", "fault": "http_500", "times": True},
        {"on": "me", "fault": "slow", "seconds": "long"},
        {"on": "me", "fault": "slow", "account": 7},
        {"on": "followers", "fault": "list_ends", "number": -1},
        {"on": "me", "fault": "count_says", "number": "many"},
    ],
)
def test_a_wrong_fault_refuses_to_start(wrong: object) -> None:
    """An unknown name, key or call, or a wrong type, is an error with a next step."""
    with pytest.raises(ConfigurationError) as caught:
        parse(wrong)
    assert caught.value.next_step
