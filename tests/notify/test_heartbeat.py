"""The heartbeat: a watcher hears /start, the exit code or /fail, and a watcher that fails harms nothing."""

import time

import pytest

from followguard.notify.heartbeat import Heartbeat, ping, with_signal
from tests.builders.listening import Listener


@pytest.mark.parametrize(
    ("address", "signal", "url"),
    [
        ("https://hc-ping.com/uuid", "start", "https://hc-ping.com/uuid/start"),
        ("https://hc-ping.com/uuid/", "0", "https://hc-ping.com/uuid/0"),
        (" https://hc-ping.com/key/slug?create=1 ", "75", "https://hc-ping.com/key/slug/75?create=1"),
        ("ftp://hc-ping.com/uuid", "fail", ""),
        ("http://[::1", "fail", ""),
        ("nothing", "fail", ""),
    ],
)
def test_the_signal_stands_behind_the_path(address: str, signal: str, url: str) -> None:
    """As healthchecks.io reads it: https://healthchecks.io/docs/http_api/."""
    assert with_signal(address, signal) == url


def test_a_night_is_heard_from_start_to_end(listener: Listener) -> None:
    """The address may stand in a variable."""
    said: list[str] = []
    heart = Heartbeat("WATCH", {"WATCH": f"http://{listener.address}/uuid"}, said.append)
    heart.begin()
    heart.end(3)
    heart.fail()
    assert listener.paths == ["/uuid/start", "/uuid/3", "/uuid/fail"]
    assert (said, heart.as_json()) == ([], {"ok": True, "why": None})


def test_no_heartbeat_says_nothing() -> None:
    """None is configured."""
    heart = Heartbeat("", {}, pytest.fail)
    heart.begin()
    assert heart.as_json() is None


def test_a_missing_variable_is_named_once(listener: Listener) -> None:
    """Said at the start, not again at the end."""
    said: list[str] = []
    heart = Heartbeat("WATCH", {}, said.append)
    heart.begin()
    heart.end(0)
    assert len(said) == 1
    assert "WATCH isn't set (notify.heartbeat)." in said[0]
    assert listener.paths == []


@pytest.mark.parametrize(("path", "why"), [("404", "it answered 404"), ("hang", "no answer within 0.5 seconds")])
def test_a_failing_watcher_is_told_without_its_address(listener: Listener, path: str, why: str) -> None:
    """The path of the address is a secret."""
    began = time.monotonic()
    assert ping(f"http://{listener.address}/{path}/s3cr3t", "start", seconds=0.5) in (why, "it couldn't be reached")
    assert time.monotonic() - began < 3
    assert ping("http://127.0.0.1:9/s3cr3t", "start") == "it couldn't be reached"
