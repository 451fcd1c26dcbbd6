"""The web desk as a browser meets it: the real application over a real database, Ann owner and Ben reviewer."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from followguard.access.links import make_link
from followguard.domain.installation import DeskSettings, Installation
from followguard.store.store import Store
from followguard.web.app import make_app
from followguard.web.desk import Served, WebDesk
from tests.builders.configuration import ACME, load
from tests.builders.people import NOW, add

HERE = "http://127.0.0.1:8017"
OWN = {"origin": HERE, "sec-fetch-site": "same-origin"}
"""What a browser says of a change from a page of the desk."""


@dataclass
class Browser:
    """One person's browser at the desk. `csrf` is read from the pages it gets."""

    client: TestClient

    def get(self, path: str, **headers: str) -> Any:
        """Asks for a page."""
        return self.client.get(path, headers=headers, follow_redirects=False)

    def post(self, path: str, data: dict[str, str] | None = None, **headers: str) -> Any:
        """Sends a form as a page of the desk does, with this session's token unless `data` holds another."""
        said = OWN | {name.replace("_", "-"): value for name, value in headers.items()}
        given = {"token": self.csrf} | (data or {})
        return self.client.post(path, data=given, headers=said, follow_redirects=False)

    @property
    def csrf(self) -> str:
        """The token of its pages, empty where nobody is signed in."""
        return self.client.get("/you").text.partition('name="csrf" content="')[2].partition('"')[0]

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser keeps."""
        return dict(self.client.cookies)


@dataclass
class Web:
    """A desk whose clock is in the test's hands."""

    installation: Installation
    store: Store
    served: Served = field(default_factory=Served)
    now: datetime = NOW
    people: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Makes the application."""
        self.app = make_app(WebDesk(self.installation, self.store, lambda: self.now, 1, self.served))

    def configured(self, **keys: Any) -> "Web":
        """The same desk under other keys of `[desk]`."""
        desk = DeskSettings(**keys)
        return Web(replace(self.installation, desk=desk), self.store, self.served, self.now, self.people)

    def browser(self, base: str = HERE) -> Browser:
        """A browser that nobody has signed in with; faults of the program come as pages, not as exceptions."""
        return Browser(TestClient(self.app, base_url=base, raise_server_exceptions=False))

    def link(self, name: str, **span: float) -> str:
        """The path of a personal link, good for a quarter of an hour or as long as said."""
        with self.store.begin() as work:
            until = self.now + (timedelta(**span) if span else timedelta(minutes=15))
            return f"/sign-in/{make_link(work, self.people[name], self.now, until)}"

    def signed_in(self, name: str, base: str = HERE) -> Browser:
        """A browser in which the person spent a link."""
        one = self.browser(base)
        assert one.post(self.link(name), origin=base).status_code == 303
        return one

    def pass_time(self, **span: float) -> None:
        """Moves the clock."""
        self.now += timedelta(**span)


def opened(store: Any, folder: Path, **keys: Any) -> Web:
    """A desk over the store, with its people."""
    web = Web(load(folder, ACME), store)
    web.people["Ann"] = add(store, "Ann", "owner").person
    web.people["Ben"] = add(store, "Ben", "reviewer", by="Ann").person
    return web.configured(**keys) if keys else web


@pytest.fixture
def web(store: Any, tmp_path: Path) -> Web:
    """A desk on each kind of database in turn."""
    return opened(store, tmp_path)


@pytest.fixture
def quick_web(sqlite_store: Any, tmp_path: Path) -> Web:
    """A desk on SQLite."""
    return opened(sqlite_store, tmp_path)
