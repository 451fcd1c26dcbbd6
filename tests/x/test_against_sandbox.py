"""The gateway against the project's own stand-in for X, which checks signatures and bills for real."""

from collections.abc import Iterator
from typing import Any

import pytest

from followguard.domain.credentials import Credentials, Secret
from followguard.errors import (
    AccessRefused,
    AnswerLost,
    CreditsUsedUp,
    NotFound,
    PlatformDown,
    RateLimited,
    RequestRefused,
    TargetRefused,
    TokenExpired,
    UnknownRefusal,
    WrongCredentials,
    XError,
)
from followguard.sandbox.plan import START, AccountPlan, SandboxPlan
from followguard.sandbox.server import Sandbox, serve
from followguard.x.gateway import open_reader, open_writer
from followguard.x.reader import XReader
from followguard.x.writer import XWriter

SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One account with 250 made-up followers."""
    with serve(SandboxPlan(accounts=(AccountPlan(handle="acme", followers=250),))) as running:
        yield running


def keys(sandbox: Sandbox) -> Credentials:
    """The account's own credentials."""
    return Credentials(**{name: Secret(sandbox.credentials["acme"][name.upper()]) for name in SECRETS})


@pytest.fixture
def reader(sandbox: Sandbox, patience: Any) -> Iterator[XReader]:
    """A reader that has still to learn whose it is."""
    opened = open_reader(keys(sandbox), sandbox.url, lambda: START, patience=patience)
    yield opened
    opened.close()


@pytest.fixture
def writer(sandbox: Sandbox, patience: Any) -> XWriter:
    """A writer for the account."""
    own = sandbox.account_ids["acme"]
    return open_writer(keys(sandbox), sandbox.url, own, lambda: START, patience=patience)


def test_the_whole_list_is_read_with_signatures_checked(sandbox: Sandbox, reader: XReader) -> None:
    """The account and three pages are read, and nobody is missing, there twice or nameless."""
    me = reader.me()
    assert (me.id, me.username, me.followers_count) == (sandbox.account_ids["acme"], "acme", 250)
    seen, token = [], None
    while True:
        page = reader.followers(me.id, 100, token)
        assert page.rejected == ()
        seen += page.profiles
        token = page.next_token
        if token is None:
            break
    assert len({profile.id for profile in seen}) == len(seen) == 250
    assert all(profile.connection and "followed_by" in profile.connection for profile in seen)
    assert all(profile.username and profile.created_at and profile.tweet_count is not None for profile in seen)


def test_a_follow_shows_in_the_next_look_up(sandbox: Sandbox, reader: XReader, writer: XWriter) -> None:
    """A followed person is looked up as followed; a suspended one is gone with the reason."""
    own = reader.me().id
    strangers = [one for one in reader.followers(own, 100, None).profiles if "following" not in (one.connection or ())]
    friend, gone = [one for one in strangers if not one.protected][:2]
    assert writer.follow(own, friend.id).following
    sandbox.intervene("suspend", gone.id, "acme")
    found = reader.look_up([friend.id, gone.id])
    assert "following" in (found.profiles[0].connection or ())
    assert found.gone == {gone.id: "suspended"}


def test_wrong_credentials_are_told(sandbox: Sandbox, patience: Any) -> None:
    """One wrong secret, and X refuses the signature."""
    wrong = {name: Secret(sandbox.credentials["acme"][name.upper()]) for name in SECRETS}
    wrong["access_token_secret"] = Secret("another-secret")
    reader = open_reader(Credentials(**wrong), sandbox.url, lambda: START, handle="acme", patience=patience)
    with pytest.raises(WrongCredentials, match="@acme"):
        reader.me()
    reader.close()


REFUSED: list[tuple[str, type[XError], type[XError]]] = [
    ("http_400", RequestRefused, RequestRefused),
    ("http_401", WrongCredentials, WrongCredentials),
    ("http_404", NotFound, NotFound),
    ("http_500", PlatformDown, AnswerLost),
    ("http_502", PlatformDown, AnswerLost),
    ("http_503", PlatformDown, AnswerLost),
    ("http_504", PlatformDown, AnswerLost),
    ("credits_depleted", CreditsUsedUp, CreditsUsedUp),
    ("spending_cap", CreditsUsedUp, CreditsUsedUp),
    ("feature_not_permitted", AccessRefused, AccessRefused),
    ("client_not_enrolled", AccessRefused, AccessRefused),
    ("access_level", AccessRefused, AccessRefused),
    ("unknown_403", UnknownRefusal, UnknownRefusal),
    ("code_88", RateLimited, RateLimited),
    ("html_200", PlatformDown, AnswerLost),
    ("error_body_list", PlatformDown, AnswerLost),
    ("error_body_null", PlatformDown, AnswerLost),
    ("errors_null", PlatformDown, AnswerLost),
    ("rate_limited", RateLimited, RateLimited),
    ("rate_limited_no_reset", RateLimited, RateLimited),
    ("rate_limited_24h", RateLimited, RateLimited),
    ("slow", PlatformDown, AnswerLost),
    ("cut_json", PlatformDown, AnswerLost),
    ("connection_reset", PlatformDown, AnswerLost),
    ("lost_answer", PlatformDown, AnswerLost),
]


@pytest.mark.parametrize(("fault", "on_read", "on_follow"), REFUSED)
def test_each_fault_is_one_error(
    sandbox: Sandbox, reader: XReader, writer: XWriter, fault: str, on_read: type[XError], on_follow: type[XError]
) -> None:
    """Whatever befalls a call is one error of the tree, for a read and for a follow."""
    own = reader.me().id
    follower = reader.followers(own, 1, None).profiles[0].id
    sandbox.set_faults([{"on": "any", "fault": fault, "times": 0, "seconds": 0.6}])
    with pytest.raises(on_read) as read:
        reader.followers(own, 10, None)
    with pytest.raises(on_follow) as follow:
        writer.follow(own, follower)
    assert (type(read.value), type(follow.value)) == (on_read, on_follow)
    assert writer.calls == 1


@pytest.mark.parametrize("fault", ["blocked_by_target", "already_requested"])
def test_a_refusal_for_one_follower(sandbox: Sandbox, reader: XReader, writer: XWriter, fault: str) -> None:
    """The batch may go on."""
    own = reader.me().id
    follower = reader.followers(own, 1, None).profiles[0].id
    sandbox.set_faults([{"on": "follow", "fault": fault}])
    with pytest.raises(TargetRefused):
        writer.follow(own, follower)


@pytest.mark.parametrize("fault", ["http_500", "http_502", "cut_json", "connection_reset", "lost_answer", "slow"])
def test_three_failures_are_survived(sandbox: Sandbox, reader: XReader, fault: str) -> None:
    """The fourth try gives the page."""
    own = reader.me().id
    sandbox.set_faults([{"on": "followers", "fault": fault, "times": 3, "seconds": 0.6}])
    page = reader.followers(own, 10, None)
    assert (page.returned, page.requests) == (10, 4)


def test_an_expired_token_is_told(sandbox: Sandbox, reader: XReader) -> None:
    """An expired token is told, so that the list is begun again."""
    own = reader.me().id
    token = reader.followers(own, 10, None).next_token
    sandbox.set_faults([{"on": "followers", "fault": "token_expired"}])
    with pytest.raises(TokenExpired):
        reader.followers(own, 10, token)
    with pytest.raises(TokenExpired):
        reader.followers(own, 10, "made-up-token")


@pytest.mark.parametrize("fault", ["odd_rows", "nonsense_rows", "null_counts", "post_count", "no_metrics"])
def test_odd_rows_cost_only_themselves(sandbox: Sandbox, reader: XReader, fault: str) -> None:
    """Every row comes back, as a profile or with its error."""
    own = reader.me().id
    sandbox.set_faults([{"on": "followers", "fault": fault}])
    page = reader.followers(own, 40, None)
    assert page.returned == len(page.profiles) + len(page.rejected)
    assert len(page.profiles) >= 30
    assert bool(page.rejected) == (fault == "nonsense_rows")
