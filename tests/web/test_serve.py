"""`followguard desk serve` as its user meets it: a process, a port, a link, a clean end."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from followguard.errors import UsageError
from followguard.web.server import check_address


@pytest.fixture
def served(installed: Any, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A desk on a free port, in the folder of `installed`; process and address."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "followguard", "desk", "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().split()[-1]
        process.kill()


def test_a_person_signs_in_to_the_real_server(installed: Any, served: Any, tmp_path: Path) -> None:
    """By the link that `invite` prints; `sign-out` ends it; SIGINT ends the server, and it logs no token."""
    process, address = served
    link = installed("desk", "invite", "Ann", "--port", address.rpartition(":")[2]).out.strip()
    token = link.rpartition("/")[2]
    with httpx.Client(base_url=address, headers={"origin": address}) as client:
        assert "Sign in as Ann" in client.get(link).text
        assert "Signed in as Ann" in client.post(link, follow_redirects=True).text
        assert client.post(link).status_code == 410
        session = next(iter(client.cookies.values()))
        assert installed("desk", "sign-out", "Ann", "--json").json == {"person": "Ann", "sessions": 1, "links": 0}
        assert client.get("/you").status_code == 401
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "The desk is closed." in err
    for kept in (out, err, (tmp_path / "followguard.db").read_bytes().decode("latin-1")):
        assert token not in kept
        assert session not in kept
    assert installed("prove").code == 0


def test_a_port_in_use(installed: Any) -> None:
    """One sentence, exit 1, and the command that takes another port."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = installed("desk", "serve", "--port", str(port))
    assert done.code == 1
    assert f"Port {port} of 127.0.0.1 can't be had (address already in use)." in done.err
    assert "followguard desk serve --port" in done.err


@pytest.mark.parametrize(
    ("host", "url", "said"),
    [
        ("0.0.0.0", "", "`url` in [desk]"),
        ("::", "", "`url` in [desk]"),
        ("192.0.2.1", "", "`url` in [desk]"),
        ("", "", "--host is empty"),
        ("127.0.0.1", "http://desk.example.com", "begins with http:"),
        ("0.0.0.0", "https://desk.example.com/followguard", "has a path"),
    ],
)
def test_addresses_that_are_refused(host: str, url: str, said: str) -> None:
    """Beyond this machine only with a url, which is https and has no path."""
    with pytest.raises(UsageError) as refusal:
        check_address(host, url)
    assert said in refusal.value.message
    assert refusal.value.next_step


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", ""),
        ("localhost", ""),
        ("::1", ""),
        ("127.8.8.8", ""),
        ("0.0.0.0", "https://desk.example.com"),
        ("127.0.0.1", "http://localhost:9"),
    ],
)
def test_addresses_that_are_taken(host: str, url: str) -> None:
    """This machine's own; any other with the url of a proxy."""
    check_address(host, url)


def test_hosts_that_are_none(installed: Any, tmp_path: Path) -> None:
    """One sentence, no traceback."""
    with (tmp_path / "followguard.toml").open("a") as file:
        file.write('[desk]\nurl = "https://desk.example.com"\n')
    done = installed("desk", "serve", "--host", "no.such.host.invalid")
    assert done.code == 1
    assert "no.such.host.invalid is no address to listen on" in done.err


def test_who_may_invite_whom(installed: Any) -> None:
    """Oneself, or an owner everybody; nobody who was withdrawn, and nobody unknown."""
    for name in ("Ben", "Cleo"):
        assert installed("person", "add", name, "--role", "viewer", "--by", "Ann").code == 0
    assert installed("desk", "invite", "Ben").code == 0
    assert installed("desk", "invite", "Ben", "--by", "Ben").code == 0
    assert installed("desk", "invite", "Ben", "--by", "Ann", "--json").json["person"] == "Ben"
    assert installed("desk", "invite", "Ben", "--by", "Cleo").code == 2
    assert installed("desk", "sign-out", "Ben", "--by", "Cleo").code == 2
    assert installed("desk", "invite", "Bne").code == 2
    assert installed("person", "withdraw", "Ben", "--by", "Ann").code == 0
    refused = installed("desk", "invite", "Ben")
    assert (refused.code, "was withdrawn" in refused.err) == (2, True)
    assert installed("desk", "sign-out", "Ben", "--json").json["links"] == 3


def test_a_desk_without_a_database(cli: Any, tmp_path: Path) -> None:
    """Says what to do before it listens."""
    (tmp_path / "followguard.toml").write_text('[accounts.acme]\ntraining_basis = "none"\n', encoding="utf-8")
    done = cli("desk", "serve", "--port", "0")
    assert done.code == 2
    assert "followguard init" in done.err
