"""A sandbox to call, and a caller: an account of ours that signs as requests-oauthlib does."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from followguard.sandbox import QUIET, AccountPlan, Sandbox, SandboxPlan, serve


class Caller:
    """Calls the sandbox as one account, over one connection that is kept alive."""

    def __init__(self, sandbox: Sandbox, handle: str = "acme", **other: str) -> None:
        keys = sandbox.credentials[handle] | other
        self.url, self.id = sandbox.url, sandbox.account_ids[handle]
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.auth = OAuth1(*(keys[name] for name in keys))

    def get(self, path: str, **query: object) -> requests.Response:
        parameters = {name.replace("user_fields", "user.fields"): value for name, value in query.items()}
        return self.session.get(self.url + path, params=parameters, timeout=10)  # type: ignore[arg-type]

    def followers(self, **query: object) -> requests.Response:
        return self.get(f"/2/users/{self.id}/followers", **query)

    def follow(self, target: object) -> requests.Response:
        body = {"target_user_id": target}
        return self.session.post(f"{self.url}/2/users/{self.id}/following", json=body, timeout=10)

    def whole_list(self, size: int = 1000, **query: object) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        page = self.followers(max_results=size, **query).json()
        while True:
            rows += page.get("data", [])
            if "next_token" not in page["meta"]:
                return rows
            token = page["meta"]["next_token"]
            page = self.followers(max_results=size, pagination_token=token, **query).json()


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@contextmanager
def quiet_sandbox(clock: Clock | None = None, **plan: Any) -> Iterator[Sandbox]:
    account = AccountPlan(**({"handle": "acme", "followers": 300, "churn": QUIET} | plan))
    with serve(SandboxPlan(accounts=(account,), seed=7), elapsed=clock or Clock()) as running:
        yield running


@pytest.fixture
def sandbox_with() -> Callable[..., AbstractContextManager[Sandbox]]:
    """Starts a sandbox of one account, which loses nobody unless asked: keywords of `AccountPlan`, and a `clock`."""
    return quiet_sandbox


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One account, acme, with 300 followers; its clock stands still."""
    with quiet_sandbox() as running:
        yield running


@pytest.fixture
def as_account() -> type[Caller]:
    """`as_account(sandbox, handle)` calls as one account; further keywords replace its secrets."""
    return Caller


@pytest.fixture
def caller(sandbox: Sandbox) -> Caller:
    """Acme, calling `sandbox`."""
    return Caller(sandbox)


@pytest.fixture
def clock() -> Clock:
    """Seconds that pass only when a test says so."""
    return Clock()


@pytest.fixture
def ids_of() -> Callable[..., list[str]]:
    """The ids of an account's followers, newest first, as the sandbox itself knows them."""

    def ids(sandbox: Sandbox, handle: str = "acme") -> list[str]:
        return [row["id"] for row in sandbox.state()["accounts"][handle]["followers"]]  # type: ignore[index]

    return ids
