"""A retraining in a process of its own, with a time limit: whatever becomes of it, the night goes on."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from followguard.errors import FAILED, PartlyDone

SECONDS = 120.0
BY_HAND = "The champion goes on serving. See what it says by hand: followguard retrain --account {handle}"


def retrain_apart(config_path: Path, handle: str, seconds: float = SECONDS) -> dict[str, Any]:
    """Returns the JSON of `followguard retrain`: promoted, kept or refused. Raises `PartlyDone` for anything else."""
    command = [sys.executable, "-m", "followguard", "retrain", "--account", handle, "--config", str(config_path)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with words of our own
            [*command, "--json"], stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _failed(handle, f"took longer than {seconds:g} s and was stopped") from error
    except OSError as error:
        raise _failed(handle, f"couldn't be started ({error.strerror or error})") from error
    found = _document(handle, done.stdout) if done.returncode in (0, FAILED) and done.stdout.strip() else {}
    if "outcome" in found:
        return found
    said = done.stderr.decode(errors="replace").strip().splitlines()
    raise _failed(handle, f"failed: {said[-1].removeprefix('followguard: ') if said else f'exit {done.returncode}'}")


def _document(handle: str, stdout: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(stdout)
    except ValueError as error:
        raise _failed(handle, "answered with something that is no JSON") from error
    return found


def _failed(handle: str, what: str) -> PartlyDone:
    return PartlyDone(f"@{handle}: retraining {what.rstrip('.')}.", BY_HAND.format(handle=handle))
