"""A real Chromium for the tests of pages: one a session, a context of its own for each person of each test.

It reaches this machine alone, and each test ends with a look at what the pages asked for and what went wrong in them.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.builders.browser_desk import RunningDesk, Seat, a_browser_house, running
from tests.builders.reviewing import House

ARGS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
PATIENCE = 20_000
"""Milliseconds; conditions come long before on an idle machine."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser; skips where Playwright or Chromium is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright isn't installed")
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=ARGS)
        yield browser
        browser.close()


Sit = Callable[..., Seat]


@pytest.fixture
def seat(chromium: Any) -> Iterator[Sit]:
    """Makes a person's browser at a desk: `seat(desk, **options of the context)`.

    At the end no page may have asked for anything but the desk's own host, but for those that the test names in
    `allowed`, and no script may have failed.
    """
    made: list[Seat] = []
    with ExitStack() as stack:

        def make(desk: RunningDesk, **options: Any) -> Seat:
            context = stack.enter_context(chromium.new_context(**options))
            context.set_default_timeout(PATIENCE)
            one = Seat(desk, context.new_page())
            context.on("request", lambda request: one.hosts.add(urlsplit(request.url).netloc))
            context.on("weberror", lambda error: one.faults.append(str(error.error)))
            context.on("console", lambda said: one.faults.append(said.text) if _is_fault(said) else None)
            made.append(one)
            return one

        yield make
    for one in made:
        assert one.hosts - one.allowed <= {urlsplit(one.desk.address).netloc, ""}
        assert one.may_complain or one.faults == []


def _is_fault(said: Any) -> bool:
    """Whether a line of the console tells of a script that failed or broke the policy; a refused request isn't one."""
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture
def bare_house(store: Any, tmp_path: Path) -> House:
    """People and an account without followers, on each kind of database in turn."""
    return a_browser_house(store, tmp_path)


@pytest.fixture
def quick_house(sqlite_store: Any, tmp_path: Path) -> House:
    """The same on SQLite, where the database makes no difference."""
    return a_browser_house(sqlite_store, tmp_path)


def six(house: House) -> House:
    """Six followers with cards, in the order of their names."""
    for place in range(6):
        house.p_spam[str(1001 + place)] = 0.01 + place / 100
    house.read(*(str(1001 + place) for place in range(6)))
    house.night()
    return house


@pytest.fixture
def desk(bare_house: House, tmp_path: Path) -> Iterator[RunningDesk]:
    """A desk with six cards on each kind of database in turn."""
    with running(six(bare_house), tmp_path) as one:
        yield one


@pytest.fixture
def quick_desk(quick_house: House, tmp_path: Path) -> Iterator[RunningDesk]:
    """A desk with six cards on SQLite."""
    with running(six(quick_house), tmp_path) as one:
        yield one


@pytest.fixture
def open_desk(quick_house: House, tmp_path: Path) -> Iterator[Callable[..., RunningDesk]]:
    """Opens a desk over the house as the test has made it, with keys of `[desk]`: `open_desk(keys=...)`."""
    with ExitStack() as stack:
        yield lambda **keys: stack.enter_context(running(quick_house, tmp_path, **keys))
