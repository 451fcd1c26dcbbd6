"""`python -m followguard.sandbox` as a program."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from followguard.errors import ConfigurationError
from followguard.sandbox import SandboxPlan, serve
from followguard.sandbox.__main__ import main
from followguard.sandbox.faults import FAULTS


@contextmanager
def program(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = [sys.executable, "-m", "followguard.sandbox", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_program_says_one_line_and_ends_on_a_signal(number: int) -> None:
    """One line of JSON with all that followguard needs; exit 0 on SIGTERM and SIGINT; nothing else printed."""
    with program("--account", "acme", "--account", "acme_labs", "--followers", "12", "--seed", "3") as (process, said):
        assert [one["handle"] for one in said["accounts"]] == ["acme", "acme_labs"]
        keys = said["credentials"]["acme_labs"]
        assert set(keys) == {
            f"FOLLOWGUARD_ACME_LABS_{name}"
            for name in ("CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")
        }
        me = requests.get(f"{said['url']}/2/users/me", auth=OAuth1(*keys.values()), timeout=5).json()["data"]
        assert me["id"] == said["accounts"][1]["id"]
        process.send_signal(number)
        assert (*process.communicate(timeout=10), process.returncode) == ("", "", 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--faults", "missing.json"],
        ["--attack", "soon"],
        ["--start", "tomorrow"],
        ["--account", "a b"],
        ["--account", "acme", "--account", "@ACME"],
        ["--port", "99999999"],
        ["--followers", "-1"],
    ],
)
def test_wrong_arguments_are_one_line_and_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing on standard output, one line with the next step on standard error."""
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_an_unknown_fault_in_a_file_refuses_to_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The error names the fault and those that exist."""
    path = tmp_path / "faults.json"
    path.write_text('[{"on": "me", "fault": "gremlins"}]', encoding="utf-8")
    assert main(["--faults", str(path)]) == 2
    err = capsys.readouterr().err
    assert "gremlins" in err
    assert all(name in err for name in FAULTS)


def test_a_port_in_use_is_one_line_and_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the port and the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
        with pytest.raises(ConfigurationError, match=f"{port} is in use"), serve(SandboxPlan(), port=port):
            pass
    assert f"Port {port} is in use" in capsys.readouterr().err


def test_a_port_that_is_none_is_told_in_whole_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    """What the system says of it has a full stop of its own."""
    assert main(["--port", "99999"]) == 2
    said = capsys.readouterr().err
    assert "Port 99999 can't be used: " in said
    assert ".." not in said


def test_profiles_come_from_a_file(tmp_path: Path) -> None:
    """Good rows of a profile file arrive in the nights asked for; a bad one is said on standard error."""
    path = tmp_path / "profiles.csv"
    path.write_text("id,username\n101,anna\nnobody,bad\n102,bob\n103,cy\n", encoding="utf-8")
    with program("--profiles", str(path), "--nights", "3") as (process, said):
        nights = [requests.post(f"{said['url']}/_sandbox/night", timeout=5).json() for _ in range(4)]
        assert [night["accounts"]["acme"]["new"] for night in nights] == [1, 1, 1, 0]
        process.terminate()
        err = process.communicate(timeout=10)[1]
    assert "left out of" in err
    assert "line 3" in err


def test_a_file_without_a_profile_refuses_to_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of nonsense is one line and exit 2."""
    path = tmp_path / "profiles.csv"
    path.write_text("id,username\nnobody,bad\n", encoding="utf-8")
    assert main(["--profiles", str(path)]) == 2
    assert "holds no profile" in capsys.readouterr().err
