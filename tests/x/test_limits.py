"""Rate limits: which header counts, what is waited for, and what isn't."""

from datetime import UTC, datetime
from typing import Any

import pytest

from followguard.errors import RateLimited
from followguard.x.gateway import open_reader
from followguard.x.retry import RateBlock, block_of, windows

NOW = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
AT = int(NOW.timestamp())
GOOD = {"data": []}


def limit(prefix: str, remaining: object, reset: object) -> dict[str, str]:
    """Two headers of one limit."""
    return {f"{prefix}-remaining": str(remaining), f"{prefix}-reset": str(reset)}


@pytest.mark.parametrize(
    ("headers", "reset_at"),
    [
        ({}, None),
        (limit("x-rate-limit", 0, AT + 100), AT + 100),
        (limit("x-rate-limit", 5, AT + 100) | limit("x-user-limit-24hour", 0, AT + 9000), AT + 9000),
        (limit("x-rate-limit", 0, AT + 100) | limit("x-app-limit-24hour", 0, AT + 9000), AT + 9000),
        (limit("x-rate-limit", 5, AT + 100) | limit("x-app-limit-24hour", 3, AT + 9000), None),
        (limit("x-rate-limit", 5, AT + 100), None),
        ({"x-rate-limit-reset": str(AT + 100)}, AT + 100),
        (limit("x-rate-limit", 0, "soon"), None),
        (limit("x-rate-limit", 0, (AT + 100) * 1000), None),
        (limit("x-rate-limit", 0, -5), None),
        ({"retry-after": "30"}, AT + 30),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
    ],
)
def test_which_header_says_when_to_come_back(headers: dict[str, str], reset_at: int | None) -> None:
    """The exhausted limit that starts anew last counts, 24-hour ones too; nonsense means that X didn't say."""
    block = block_of(headers, refused=True, now=NOW)
    assert block is not None
    assert block.reset_at == reset_at


def test_a_good_answer_forbids_nothing_while_calls_are_left() -> None:
    """Only an exhausted limit makes the next call wait."""
    assert block_of(limit("x-rate-limit", 3, AT + 100), refused=False, now=NOW) is None
    assert block_of({}, refused=False, now=NOW) is None
    assert block_of(limit("x-rate-limit", 0, AT + 100), refused=False, now=NOW) == RateBlock(AT + 100, 101.0)
    assert windows({"x-rate-limit-limit": "300"}) == {}


def test_a_wrong_clock_here_does_not_lengthen_the_wait() -> None:
    """X's own `date` and our clock: the nearer one counts, and a reset in the past is a second away."""
    slow = limit("x-rate-limit", 0, AT + 3605) | {"date": "Sun, 22 Nov 2026 01:05:00 GMT"}
    assert block_of(slow, refused=True, now=NOW) == RateBlock(AT + 3605, 6.0)
    gone = limit("x-rate-limit", 0, AT - 50) | {"date": "nonsense"}
    assert block_of(gone, refused=True, now=NOW) == RateBlock(AT - 50, 1.0)


def test_a_near_reset_is_waited_for(x: Any, reader: Any, canned: Any, naps: Any) -> None:
    """A limit that starts anew within a minute is waited out, once, and the call goes on."""
    x.gives(canned(429, {}, limit("x-rate-limit", 0, AT + 20)), canned(200, GOOD))
    assert reader.followers("1000", 100, None).requests == 2
    assert naps.taken == [21.0]


def test_a_far_reset_is_not_waited_for(x: Any, reader: Any, canned: Any, naps: Any) -> None:
    """Fifteen minutes or a day: the error says when, and nothing waits."""
    x.gives(canned(429, {}, limit("x-rate-limit", 3, AT + 20) | limit("x-user-limit-24hour", 0, AT + 7200)))
    with pytest.raises(RateLimited, match="2026-11-22 02:05 UTC") as caught:
        reader.followers("1000", 100, None)
    assert (caught.value.reset_at, naps.taken, len(x.seen)) == (AT + 7200, [], 1)


def test_an_unsaid_reset_is_not_guessed(x: Any, reader: Any, canned: Any, naps: Any) -> None:
    """A 429 without a reset is one request, not a loop; and the next call isn't even sent."""
    x.gives(canned(429, {}))
    with pytest.raises(RateLimited) as caught:
        reader.followers("1000", 100, None)
    assert (caught.value.reset_at, naps.taken) == (None, [])
    with pytest.raises(RateLimited, match="nothing was sent"):
        reader.followers("1000", 100, None)
    assert len(x.seen) == 1


def test_waiting_for_limits_has_a_bound(x: Any, reader: Any, canned: Any, naps: Any) -> None:
    """A server that always says `soon` gets a minute of one call, and then an error."""
    x.gives(canned(429, {}, limit("x-rate-limit", 0, AT + 24)))
    with pytest.raises(RateLimited):
        reader.followers("1000", 100, None)
    assert sum(naps.taken) <= 60.0
    assert len(x.seen) == 3


def test_the_last_try_of_a_limit_is_an_error(x: Any, reader: Any, canned: Any) -> None:
    """Four refusals in a row end in an exception."""
    x.gives(canned(429, {}, limit("x-rate-limit", 0, AT)))
    with pytest.raises(RateLimited):
        reader.me()
    assert len(x.seen) == 4


def test_an_exhausted_limit_is_heeded_before_calling(x: Any, reader: Any, canned: Any, naps: Any) -> None:
    """When X said that none is left, a near reset is waited for first, and a far one refuses unsent."""
    x.gives(canned(200, GOOD, limit("x-rate-limit", 0, AT + 30)), canned(200, GOOD, limit("x-rate-limit", 0, AT + 300)))
    reader.followers("1000", 100, None)
    reader.followers("1000", 100, None)
    assert naps.taken == [31.0]
    with pytest.raises(RateLimited, match="nothing was sent") as caught:
        reader.followers("1000", 100, None)
    assert (caught.value.reset_at, len(x.seen)) == (AT + 300, 2)


def test_limits_are_per_call(x: Any, reader: Any, canned: Any) -> None:
    """An exhausted list doesn't keep the look-up from going on."""
    x.gives(canned(429, {}), canned(200, GOOD))
    with pytest.raises(RateLimited):
        reader.followers("1000", 100, None)
    assert reader.look_up(["5"]).requests == 1


def test_the_bound_is_an_argument(x: Any, canned: Any, credentials: Any, naps: Any) -> None:
    """Somebody who has the time may wait for a whole window."""
    from followguard.x.retry import Allowance, Patience

    patient = Patience(
        max_wait_seconds=1000.0, sleep=naps.sleep, timer=naps.timer, account=Allowance(2000.0, naps.timer)
    )
    reader = open_reader(credentials, x.url, lambda: NOW, "1000", patience=patient)
    x.gives(canned(429, {}, limit("x-rate-limit", 0, AT + 900)), canned(200, GOOD))
    assert reader.followers("1000", 100, None).requests == 2
    reader.close()
