"""`followguard demo --serve`: the web desk on what a demo left, by a link that is good once."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx

from tests.builders.command_line import Cli


def test_the_desk_opens_on_what_the_demo_left(tmp_path: Path) -> None:
    """One command plays the demo and serves; the printed link signs Dana in, and Ctrl-C ends it in good order."""
    folder = tmp_path / "left"
    command = [sys.executable, "-m", "followguard", "demo", "--followers", "10", "--nights", "1", "--keep", str(folder)]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*command, "--serve"], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                lines.append(line)
                if "The desk is open at" in line:
                    break
            link = next(found for each in lines if (found := re.search(r"http://127\.0\.0\.1:\d+/sign-in/\S+", each)))
            address = link.group().partition("/sign-in/")[0]
            with httpx.Client(headers={"origin": address}) as client:
                page = client.post(link.group(), follow_redirects=True).text
                assert "Signed in as Dana" in page
                assert client.get(f"{address}/desk/hand").json()["hand"]
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    with closing(sqlite3.connect(folder / "followguard.db")) as base:
        held = base.execute("SELECT count(*) FROM items WHERE claimed_by IS NOT NULL").fetchone()
    assert held == (0,), "cards in hand are given back when the desk closes"
    assert any(f"demo --serve --keep {folder}" in each for each in lines)


def test_serve_and_json_contradict_each_other(cli: Cli) -> None:
    """A usage error, before anything is made."""
    done = cli("demo", "--serve", "--json")
    assert done.code == 2
    assert "--serve goes on until Ctrl-C" in done.err
