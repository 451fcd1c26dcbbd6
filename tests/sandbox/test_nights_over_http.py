"""Limits, bills, nights and interventions of a running sandbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from followguard.domain.follower import Profile
from followguard.sandbox import Attack, Sandbox

FIELDS = (
    "connection_status,created_at,description,entities,location,name,profile_image_url,protected,public_metrics,url"
)


def test_the_limit_is_kept_and_passes(sandbox_with: Any, as_account: Any, clock: Any) -> None:
    """75 calls of me, then 429 until the quarter of an hour is over; the headers count down."""
    with sandbox_with(clock) as running:
        caller = as_account(running)
        answers = [caller.get("/2/users/me") for _ in range(76)]
        assert [answer.status_code for answer in answers] == [200] * 75 + [429]
        assert [answers[at].headers["x-rate-limit-remaining"] for at in (0, 74, 75)] == ["74", "0", "0"]
        clock.seconds = 901.0
        assert caller.get("/2/users/me").status_code == 200


def test_the_bill_of_a_night(sandbox: Sandbox, caller: Any) -> None:
    """Reading a profile twice in a day is paid once, on the next day again; look-ups are counted apart."""
    first = [row["id"] for row in caller.followers(max_results=10).json()["data"]]
    caller.followers(max_results=10)
    caller.get("/2/users", ids=",".join(first[:4]))
    sandbox.next_night()
    caller.get("/2/users", ids=",".join(first[:4]))
    bills = sandbox.ledger()["accounts"]["acme"]["nights"]  # type: ignore[index]
    assert [(one["night"], one["list_reads"], one["lookups"], one["billed"], one["usd"]) for one in bills] == [
        (0, 20, 4, 10, 0.1),
        (1, 0, 4, 4, 0.04),
    ]
    assert bills[0]["requests"] == 3


def test_owned_reads(sandbox_with: Any, as_account: Any) -> None:
    """An account that owns its app pays a tenth for its own followers, and the full price for look-ups."""
    with sandbox_with(owns_developer_app=True) as running:
        caller = as_account(running)
        ids = [row["id"] for row in caller.followers(max_results=10).json()["data"]]
        running.next_night()
        caller.get("/2/users", ids=",".join(ids))
        assert [bill["usd"] for bill in running.ledger()["nights"]] == [0.01, 0.1]  # type: ignore[attr-defined]


def test_a_night_by_http(sandbox_with: Any, as_account: Any, ids_of: Any) -> None:
    """POST /_sandbox/night brings followers to the top of the list and says how many; the day moves on by one."""
    with sandbox_with(mean_new=8, attacks=(Attack(2, 40),)) as running:
        caller, posts = as_account(running), [{}, {"now": "2026-11-20T00:05:00Z"}]
        before = ids_of(running)
        nights = [requests.post(f"{running.url}/_sandbox/night", json=post, timeout=5).json() for post in posts]
        assert [(one["night"], one["now"]) for one in nights] == [
            (1, "2026-11-03T00:05:00Z"),
            (2, "2026-11-20T00:05:00Z"),
        ]
        new = sum(one["accounts"]["acme"]["new"] for one in nights)
        assert new > 40
        read = [row["id"] for row in caller.whole_list()]
        assert (len(read), read[new:]) == (300 + new, before)


def test_a_page_token_outlives_a_night(caller: Any, sandbox: Sandbox, ids_of: Any) -> None:
    """A read that began before a night goes on after it where it stopped."""
    ids = ids_of(sandbox)
    token = caller.followers(max_results=50).json()["meta"]["next_token"]
    sandbox.next_night()
    page = caller.followers(max_results=50, pagination_token=token).json()
    assert [row["id"] for row in page["data"]] == ids[50:100]


def test_interventions(sandbox: Sandbox, caller: Any, ids_of: Any) -> None:
    """A follower leaves, comes back as the newest, changes, and is followed by hand: all of it shows to X's calls."""
    ids = ids_of(sandbox)
    post = lambda **body: requests.post(f"{sandbox.url}/_sandbox/follower", json={"account": "acme"} | body, timeout=5)  # noqa: E731
    post(do="leave", id=ids[9])
    assert ids[9] not in ids_of(sandbox)
    post(do="return", id=ids[9])
    assert ids_of(sandbox)[0] == ids[9]
    post(do="change", id=ids[1], change={"name": "Someone else", "protected": True})
    post(do="unfollowed_by_hand", id=ids[1])
    post(do="followed_by_hand", id=ids[1])
    row = caller.get("/2/users", ids=ids[1], user_fields="connection_status,protected").json()["data"][0]
    assert (row["name"], row["protected"], row["connection_status"]) == (
        "Someone else",
        True,
        ["followed_by", "following"],
    )


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("faults", b'[{"on": "me", "fault": "gremlins"}]'),
        ("faults", b"{}"),
        ("faults", b"[1"),
        ("night", b"[]"),
        ("night", b'{"now": "yesterday"}'),
        ("night", b'{"now": "2020-01-01T00:00:00Z"}'),
        ("clock", b"{}"),
        ("follower", b'{"do": "explode", "id": "1", "account": "acme"}'),
        ("follower", b'{"do": "leave", "id": "1", "account": "acme"}'),
        ("follower", b'{"do": "leave", "id": "9000000000000000000", "account": "nobody"}'),
        ("follower", b'{"do": "change", "id": "9000000000000000000", "account": "acme", "change": {"id": "2"}}'),
    ],
)
def test_the_control_refuses_nonsense(sandbox: Sandbox, what: str, body: bytes) -> None:
    """A 400 that says what is wrong, and nothing is changed."""
    before = sandbox.state()
    answer = requests.post(f"{sandbox.url}/_sandbox/{what}", data=body, timeout=5)
    assert (answer.status_code, set(answer.json()["error"])) == (400, {"code", "message"})
    assert sandbox.state() == before


def test_the_control_listens_to_its_own_name_only(sandbox: Sandbox) -> None:
    """A page in a browser that points another name at loopback moves nothing; unknown paths are 404."""
    foreign = requests.post(f"{sandbox.url}/_sandbox/night", headers={"Host": "evil.example"}, timeout=5)
    assert foreign.status_code == 403
    assert requests.get(f"{sandbox.url}/_sandbox/night", timeout=5).status_code == 404
    assert requests.post(f"{sandbox.url}/_sandbox/dawn", timeout=5).status_code == 404
    assert sandbox.state()["night"] == 0


def test_a_connection_is_kept_alive(sandbox: Sandbox, caller: Any) -> None:
    """A hundred calls go over one connection, and quickly."""
    caller.get("/2/users/me")
    (pool,) = caller.session.get_adapter(sandbox.url).poolmanager.pools._container.values()  # type: ignore[attr-defined]
    for _ in range(99):
        caller.get("/2/users", ids="12")
    assert (pool.num_connections, pool.num_requests) == (1, 100)


def test_profiles_arrive_over_http(sandbox_with: Any, as_account: Any) -> None:
    """Rows of a profile file arrive in equal nights with their own ids and ages."""
    at = datetime(2020, 8, 19, tzinfo=UTC)
    rows = tuple(
        Profile(id=str(500 + n), username=f"row{n}", observed_at=at, created_at=at - timedelta(days=n))
        for n in range(10)
    )
    with sandbox_with(profiles=rows, nights=2, followers=None) as running:
        caller = as_account(running)
        assert caller.whole_list() == []
        running.next_night()
        assert [row["username"] for row in caller.whole_list()] == ["row4", "row3", "row2", "row1", "row0"]
        now = running.next_night()["now"]
        newest = caller.whole_list(user_fields="created_at,public_metrics,description")[0]
        assert newest == {"id": "509", "username": "row9", "created_at": newest["created_at"]}
        age = datetime.fromisoformat(str(now)) - datetime.fromisoformat(newest["created_at"])
        assert age == timedelta(days=9)
