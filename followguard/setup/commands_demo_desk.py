"""`followguard demo --serve`: the web desk on what a demo left."""

import socket
from pathlib import Path

from followguard.cli import output
from followguard.errors import UsageError

DESK_PORT = 8017


def is_demo(folder: Path) -> bool:
    """Tells whether a demo has left its configuration and database there."""
    return (folder / "followguard.toml").is_file() and (folder / "followguard.db").is_file()


def serve_demo(folder: Path, person: str) -> int:
    """Prints a sign-in link, good once, and serves the desk until Ctrl-C. Raises `UsageError` where no demo is."""
    from followguard.cli.app import main

    if not is_demo(folder):
        raise UsageError(
            f"{folder} holds no demo.", "Leave out --keep for a new one, or name the folder of an old one."
        )
    config = str((folder / "followguard.toml").resolve())
    port = str(_free_port())
    output.line("Your sign-in link, good once:")
    code = main(["desk", "invite", person, "--port", port, "--config", config])
    return code or main(["desk", "serve", "--port", port, "--config", config])


def _free_port() -> int:
    """Returns the desk's usual port, or one that is free where something else has that."""
    for wanted in (DESK_PORT, 0):
        with socket.socket() as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            port: int = tried.getsockname()[1]
            return port
    raise UsageError("This machine has no free port.", "Close something, and try again.")
