"""A scripted person at the terminal desk, on a pseudo-terminal."""

import os
import pty
import select
import struct
import subprocess
import time
from contextlib import suppress

from benchmarks.desk.figures import Keys
from benchmarks.desk.places import Place, cpu_of

QUIET = 0.03
"""Seconds without a byte after which the screen stands."""
LONGEST = 20.0
LOOK = 0.3
"""Seconds that a person looks before approving; they don't count."""
APPROVES = 7
"""Every seventh key approves: more would be stopped as too fast for anybody who looks."""
SIZE = struct.pack("HHHH", 40, 120, 0, 0)


class Terminal:
    """A program on a terminal of 120 by 40."""

    def __init__(self, place: Place, *words: str) -> None:
        self.master, slave = pty.openpty()
        with suppress(ImportError):
            import fcntl
            import termios

            fcntl.ioctl(slave, termios.TIOCSWINSZ, SIZE)
        self.process = subprocess.Popen(
            place.command(*words), cwd=place.folder, env=place.own, stdin=slave, stdout=slave, stderr=slave
        )
        os.close(slave)

    def settled(self) -> tuple[str, float]:
        """Waits until a prompt stands there; returns what was printed, and when its last byte came."""
        said, last, end = b"", time.perf_counter(), time.monotonic() + LONGEST
        while time.monotonic() < end:
            if select.select([self.master], [], [], QUIET)[0]:
                said += os.read(self.master, 65_536)
                last = time.perf_counter()
            elif b"quit" in said:
                return said.decode(errors="replace"), last
        raise TimeoutError(said.decode(errors="replace")[-500:])

    def press(self, key: str) -> tuple[str, float]:
        """Presses a key; returns what came of it, and the milliseconds until it stood there."""
        pressed = time.perf_counter()
        os.write(self.master, key.encode())
        said, last = self.settled()
        return said, 1e3 * (last - pressed)

    def close(self) -> None:
        """Quits."""
        os.write(self.master, b"q")
        time.sleep(0.2)
        self.process.terminate()
        self.process.wait()
        os.close(self.master)


def sit(place: Place, cards: int, *words: str) -> tuple[Keys, float]:
    """Decides so many cards; returns the keys, and the milliseconds from the start to the first card."""
    began = time.perf_counter()
    terminal = Terminal(place, "review", "--by", "Ann", *words)
    try:
        said, last = terminal.settled()
        opened, waits, cpu = 1e3 * (last - began), [], 0.0
        while len(waits) < cards:
            if "one by one" in said:
                said, _ = terminal.press("o")
                continue
            approves = len(waits) % APPROVES == 0 and "a approve" in said
            time.sleep(LOOK if approves else 0.0)
            before = cpu_of(terminal.process.pid)
            said, wait = terminal.press("a" if approves else "r")
            cpu += cpu_of(terminal.process.pid) - before
            waits.append(wait)
    finally:
        terminal.close()
    return Keys(tuple(waits), 1e3 * cpu), opened
