"""The web desk on a port of its own, for a real browser: the application over a real database, its clock in hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Condition, Thread
from typing import Any

import uvicorn

from followguard.access.links import make_link
from followguard.accounts.store import People
from followguard.config.file import load_installation
from followguard.web.app import make_app
from followguard.web.desk import Served, WebDesk
from followguard.web.server import listening
from tests.builders.reviewing import House

ACME = '[accounts.acme]\ntraining_basis = "none"\n'


@dataclass
class RunningDesk:
    """A desk that answers at `address`. `house`: its accounts, people, followers and time."""

    house: House
    address: str
    app: Any
    requests: list[str] = field(default_factory=list)
    """`POST /desk/decide`, one for each that was answered."""
    change: Condition = field(default_factory=Condition)

    def link(self, name: str, **span: float) -> str:
        """Makes a personal link, good for a quarter of an hour or as long as said."""
        with self.house.store.begin() as work:
            person = People(work).by_name(name)
            assert person is not None
            until = self.house.now + (timedelta(**span) if span else timedelta(minutes=15))
            return f"{self.address}/sign-in/{make_link(work, person, self.house.now, until)}"

    def pass_time(self, **span: float) -> None:
        """Moves the clock."""
        self.house.now += timedelta(**span)

    def answered(self, request: str) -> None:
        """Waits until a request such as `POST /desk/leave` has been answered."""
        with self.change:
            assert self.change.wait_for(lambda: request in self.requests, timeout=15), request

    def kinds(self) -> list[str]:
        """What was decided, in the order of the record."""
        return [row[0] for row in self.house.rows("SELECT kind FROM decisions ORDER BY id")]


def a_browser_house(store: Any, folder: Path, config: str = ACME) -> House:
    """A house whose accounts and keys stand in a file, with somebody for every role."""
    (folder / "followguard.toml").write_text(config, encoding="utf-8")
    installation = load_installation(folder / "followguard.toml", {})
    house = House(store, dict(installation.accounts))
    house.people()
    return house


@contextmanager
def running(house: House, folder: Path, port: int = 0, **keys: Any) -> Iterator[RunningDesk]:
    """Serves the house until the block ends. `keys` of `[desk]` that are laid over the file's."""
    installation = load_installation(folder / "followguard.toml", {})
    settings = replace(installation.desk, **keys)
    installation = replace(installation, accounts=house.settings, desk=settings)
    with listening("127.0.0.1", port) as taken:
        served = Served(port=taken.getsockname()[1])
        app = make_app(WebDesk(installation, house.store, lambda: house.now, house.seed, served))
        desk = RunningDesk(house, served.address, app)
        server = uvicorn.Server(_settings(_counting(app, desk)))
        thread = Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
        thread.start()
        try:
            yield desk
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)


def _settings(app: Any) -> uvicorn.Config:
    return uvicorn.Config(app, access_log=False, log_config=None, log_level="warning", lifespan="off", ws="none")


def _counting(app: Any, desk: RunningDesk) -> Any:
    async def counted(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)
        if scope["type"] == "http":
            with desk.change:
                desk.requests.append(f"{scope['method']} {scope['path']}")
                desk.change.notify_all()

    return counted


@dataclass
class Seat:
    """One person's page in a browser of their own."""

    desk: RunningDesk
    page: Any
    hosts: set[str] = field(default_factory=set)
    allowed: frozenset[str] = frozenset()
    faults: list[str] = field(default_factory=list)
    """What the browser said of errors in scripts and of the content policy."""
    may_complain: bool = False

    def open(self, path: str = "/") -> None:
        """Goes to a page of the desk."""
        self.page.goto(self.desk.address + path)

    def sign_in(self, name: str) -> "Seat":
        """Spends a fresh link, which leads to the desk, or to another page of somebody who decides nothing."""
        self.page.goto(self.desk.link(name))
        self.page.get_by_role("button", name=f"Sign in as {name}").click()
        self.page.wait_for_url(lambda url: "/sign-in/" not in url)
        return self

    def sit(self, name: str) -> "Seat":
        """Signs in and waits for the first card, which stands there long enough to be read."""
        self.sign_in(name)
        self.read()
        return self

    def read(self, after: str = "") -> str:
        """Waits until a card, another than `after`, stands on the screen and the server knows; reads it for seconds.

        Returns the card's key, `item:3`. A batch needs no reading.
        """
        found = self.page.wait_for_selector(f'#hand > [data-key]:not([data-key="{after}"]):is([data-seen], .batch)')
        self.desk.pass_time(seconds=3)
        return str(found.get_attribute("data-key"))

    @property
    def key(self) -> str:
        """The key of the card on the screen."""
        return str(self.page.locator("#hand > [data-key]").get_attribute("data-key"))

    @property
    def said(self) -> str:
        """What the page says of the last key."""
        return str(self.page.locator("#said").inner_text())

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def hears(self, words: str) -> None:
        """Waits until the page says it."""
        says = "words => document.querySelector('#said').textContent.includes(words)"
        self.page.wait_for_function(says, arg=words)

    def decide(self, key: str, words: str) -> None:
        """Presses a key that ends with this card, waits for what is said of it, and reads the next card."""
        before = self.key
        self.press(key)
        self.hears(words)
        self.moves_on(before)

    def moves_on(self, before: str) -> None:
        """Waits until the card `before` has left the screen, and reads the next one if there is any."""
        self.page.wait_for_selector(f'#hand > :not([data-key="{before}"])')
        if not self.page.locator("#hand > .end").count():
            self.read(before)
