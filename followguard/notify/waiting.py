"""Waiting for somebody else's server, but never longer than was said."""

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeVar

T = TypeVar("T")


def answers(jobs: Sequence[Callable[[], T]], seconds: float) -> list[T | None]:
    """Runs the jobs side by side; returns what each answered, None for those that didn't within `seconds`.

    What goes on after that ends with the program: the threads keep nobody waiting. A job raises nothing.
    """
    done: SimpleQueue[tuple[int, T]] = SimpleQueue()
    for place, job in enumerate(jobs):
        threading.Thread(target=_run, args=(job, place, done), daemon=True).start()
    found: dict[int, T] = {}
    until = monotonic() + seconds
    while len(found) < len(jobs):
        try:
            place, answer = done.get(timeout=max(0.0, until - monotonic()))
        except Empty:
            break
        found[place] = answer
    return [found.get(place) for place in range(len(jobs))]


def _run(job: Callable[[], T], place: int, done: "SimpleQueue[tuple[int, T]]") -> None:
    done.put((place, job()))
