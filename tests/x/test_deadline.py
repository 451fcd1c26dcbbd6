"""Nothing that X sends, and no slowness of it, holds an exchange or an account longer than the deadline says."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from followguard.domain.credentials import Credentials, Secret
from followguard.errors import AnswerLost, PlatformDown, RateLimited, TimeUsedUp
from followguard.sandbox import AccountPlan, Sandbox, SandboxPlan, serve
from followguard.sandbox.plan import START
from followguard.sandbox.stand_in import DRIPS
from followguard.x.gateway import open_reader, open_writer
from followguard.x.retry import Allowance, Patience
from followguard.x.session import Timeouts

PLAN = SandboxPlan(accounts=(AccountPlan(handle="acme", followers=30, already_following=0),))
SECONDS = 0.6
"""The deadline of an exchange. Between two bytes 20 s may pass, so that no other timeout can end it."""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One for all tests here; each sets its faults anew."""
    with serve(PLAN) as running:
        yield running


def short(**more: Any) -> Patience:
    """Patience of one try, with the deadline."""
    return Patience(**{"tries": 1, "timeouts": Timeouts(connect=20, read=20, whole=SECONDS)} | more)


def keys(sandbox: Sandbox) -> Credentials:
    """The secrets of acme."""
    return Credentials(**{name.lower(): Secret(text) for name, text in sandbox.credentials["acme"].items()})


def reader_of(sandbox: Sandbox, patience: Patience) -> Any:
    """A reader of acme."""
    own = sandbox.account_ids["acme"]
    return open_reader(keys(sandbox), sandbox.url, lambda: START, own, patience=patience)


@pytest.mark.parametrize(
    ("call", "drip"),
    [*(("me", drip) for drip in sorted(DRIPS)), ("followers", "drip_body"), ("lookup", "drip_headers")],
)
def test_a_read_ends_at_the_deadline(sandbox: Sandbox, call: str, drip: str) -> None:
    """However the server dribbles; and the next read goes well over the session that was hung up."""
    sandbox.set_faults([{"on": call, "fault": drip, "seconds": 30, "after": 1}])
    reader = reader_of(sandbox, short())
    ask = {
        "me": reader.me,
        "followers": lambda: reader.followers(reader.account_id, 10, None),
        "lookup": lambda: reader.look_up(["5", "6"]),
    }[call]
    ask()  # so that the connection that is hung up is one that was kept
    with pytest.raises(PlatformDown, match="came too slowly"):
        ask()
    ask()
    reader.close()


@pytest.mark.parametrize("drip", sorted(DRIPS))
def test_a_follow_that_meets_the_deadline_is_lost_and_not_repeated(sandbox: Sandbox, drip: str) -> None:
    """X may have done it: one call, and an error that says how it is settled."""
    sandbox.set_faults([{"on": "follow", "fault": drip, "seconds": 30}])
    target = sandbox.state()["accounts"]["acme"]["followers"][0]["id"]  # type: ignore[index]
    writer = open_writer(keys(sandbox), sandbox.url, sandbox.account_ids["acme"], lambda: START, patience=short())
    with pytest.raises(AnswerLost, match="came too slowly"):
        writer.follow(sandbox.account_ids["acme"], target)
    assert writer.calls == 1


def test_an_answer_in_time_is_left_alone(sandbox: Sandbox) -> None:
    """A server that is slow, and still within the deadline."""
    sandbox.set_faults([{"on": "me", "fault": "slow", "seconds": 0.1}])
    assert reader_of(sandbox, short(timeouts=Timeouts(whole=20))).me().username == "acme"


def test_a_name_that_is_never_found_out_holds_nothing(
    credentials: Any, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name server doesn't answer: nothing was sent, so a follow isn't lost; a late address is of no use."""
    release, used = threading.Event(), threading.Event()

    def stuck(*_: Any, **__: Any) -> Any:
        release.wait(20)
        used.set()
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", stuck)
    writer = open_writer(credentials, "https://api.x.com", "1000", lambda: now, patience=short())
    with pytest.raises(PlatformDown, match="wasn't made in time") as caught:
        writer.follow("1000", "5")
    assert type(caught.value) is PlatformDown
    release.set()
    assert used.wait(20)


def test_a_handshake_that_never_ends_is_cut(credentials: Any, now: Any) -> None:
    """A server that takes the connection and says nothing of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}"
        reader = open_reader(credentials, address, lambda: now, "1000", patience=short())
        with pytest.raises(PlatformDown):
            reader.me()


def test_a_connection_that_comes_too_late_is_closed_unused() -> None:
    """Nobody would ever read from it, and nothing may be sent over it."""
    from followguard.x.session import Watch

    ours, theirs = socket.socketpair()
    release = threading.Event()

    def late() -> socket.socket:
        release.wait(20)
        return ours

    watch = Watch()
    with watch.over(0.05), pytest.raises(TimeoutError):
        watch.connected_in_time(late)
    release.set()
    theirs.settimeout(20)
    assert theirs.recv(1) == b""
    theirs.close()


def test_the_watch_lets_an_exchange_alone_once_it_is_over() -> None:
    """An alarm that comes just too late doesn't ring in the next exchange."""
    from followguard.x.session import Watch

    ours, theirs = socket.socketpair()
    watch = Watch()
    with watch.over(20):
        number = watch._number
    with watch.over(20):
        watch.hold(ours)
        watch._ring(number)
        assert not watch.rang
        ours.sendall(b"x")
    assert theirs.recv(1) == b"x"
    ours.close()
    theirs.close()


def test_an_account_that_used_its_time_asks_no_more(x: Any, credentials: Any, now: Any, canned: Any, naps: Any) -> None:
    """Answers, failures and waits all count; what comes after is refused before anything is sent."""
    account = Allowance(3.0, naps.timer)
    patience = Patience(sleep=naps.sleep, timer=naps.timer, chance=lambda: 0.0, account=account)
    reader = open_reader(credentials, x.url, lambda: now, "1000", "acme", patience)
    writer = open_writer(credentials, x.url, "1000", lambda: now, "acme", patience)
    x.gives(canned(503))
    with pytest.raises(PlatformDown):
        reader.me()
    assert (naps.taken, len(x.seen), account.left) == ([0.5, 1.0], 3, 1.5)  # a third wait, of 2 s, no longer fits
    naps.now += 100  # our own pace costs nothing
    assert account.left == 1.5
    with account.spent():
        naps.now += 1.5
    for late in (reader.me, lambda: writer.follow("1000", "5")):
        with pytest.raises(TimeUsedUp, match=r"3 s .*account @acme; nothing was sent") as caught:
            late()
        assert (caught.value.exit_code, len(x.seen)) == (75, 3)


def test_no_rate_limit_is_waited_for_beyond_the_accounts_time(
    x: Any, credentials: Any, now: Any, canned: Any, naps: Any
) -> None:
    """No limit is waited for beyond that time, whether a refusal tells of it or an answer did before."""
    patience = Patience(sleep=naps.sleep, timer=naps.timer, account=Allowance(20.0, naps.timer))
    reader = open_reader(credentials, x.url, lambda: now, "1000", "acme", patience)
    soon = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(now.timestamp()) + 30)}
    x.gives(canned(429, {}, soon))
    for _ in range(2):
        with pytest.raises(RateLimited):
            reader.me()
    assert (naps.taken, len(x.seen)) == ([], 1)
