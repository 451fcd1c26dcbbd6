"""The night as a process of its own: it ends when it is over, and a watcher hears how, also after a signal."""

import os
import signal
import subprocess
import sys
import time

import pytest

from followguard.notify.delivery import SECONDS
from tests.builders.company import Company
from tests.builders.listening import Listener
from tests.notify.conftest import More


def process(company: Company, *args: str) -> subprocess.Popen[str]:
    """Runs followguard in the company's folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "followguard", *args],
        cwd=company.folder,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_target_that_drips_keeps_no_process_alive(company: Company, told: More, listener: Listener) -> None:
    """apprise would wait for its own threads; the program ends a moment after the time limit."""
    told(listener.target("drip"), listener.target("team"))
    began = time.monotonic()
    trial = process(company, "notify", "test")
    out, err = trial.communicate(timeout=SECONDS + 30)
    assert time.monotonic() - began < SECONDS + 15
    assert trial.returncode == 3
    assert "FAILED  json (1st of notify.targets): no answer within 20 seconds" in out
    assert err == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_watcher_hears_of_a_night_that_was_stopped(
    company: Company, told: More, listener: Listener, number: signal.Signals
) -> None:
    """By a signal: /start, then /fail."""
    told(keys=f'heartbeat = "http://{listener.address}/uuid"')
    company.sandbox.set_faults([{"on": "followers", "fault": "never_answers", "times": 9}])
    night = process(company, "nightly")
    until = time.monotonic() + 30
    while not listener.paths and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(2)
    night.send_signal(number)
    night.communicate(timeout=60)
    assert night.returncode != 0
    assert listener.paths == ["/uuid/start", "/uuid/fail"]
