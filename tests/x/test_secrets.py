"""Secrets: signed with, and never shown."""

import base64
import dataclasses
import hashlib
import hmac
import logging
import pickle
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest

from followguard.domain.credentials import Credentials, Secret
from followguard.errors import FollowguardError
from followguard.x.gateway import open_reader

ME_BODY = {"data": {"id": "1000", "username": "acme"}}


def test_a_secret_shows_three_stars() -> None:
    """A secret shows three stars however it is printed; only `reveal` gives it."""
    secret = Secret("hush-hush")
    shown = [str(secret), repr(secret), f"{secret}", f"{secret!r}", f"{[secret]}", f"{secret!s:>9}".strip()]
    assert set(shown) == {"***", "[***]"}
    assert secret.reveal() == "hush-hush"
    assert secret == Secret("hush-hush") != Secret("other")
    assert secret != "hush-hush"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(ValueError, match="empty"):
        Secret("")


def test_credentials_show_nothing_either(credentials: Credentials) -> None:
    """Credentials show nothing by repr, as a dict, or in a text that quotes one of them."""
    shown = f"{credentials} {dataclasses.asdict(credentials)}"
    assert not any(secret in shown for secret in plain(credentials))
    assert credentials.redact(f"<{credentials.access_token.reveal()}>") == "<***>"


def plain(credentials: Credentials) -> list[str]:
    """The four texts that must appear nowhere."""
    return [getattr(credentials, one.name).reveal() for one in dataclasses.fields(credentials)]


def percent(text: str) -> str:
    """RFC 3986."""
    return quote(text, safe="~")


def signature(method: str, url: str, oauth: dict[str, str], credentials: Credentials) -> str:
    """RFC 5849, 3.4: what X computes for the address at which it was called."""
    parts = urlsplit(url)
    signed = {name: text for name, text in oauth.items() if name != "oauth_signature"}
    pairs = sorted((percent(n), percent(v)) for n, v in [*parse_qsl(parts.query), *signed.items()])
    normal = "&".join(f"{name}={text}" for name, text in pairs)
    base = f"{method}&{percent(f'{parts.scheme}://{parts.netloc}{parts.path}')}&{percent(normal)}"
    key = f"{percent(credentials.consumer_secret.reveal())}&{percent(credentials.access_token_secret.reveal())}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), hashlib.sha1).digest()).decode()


@pytest.mark.parametrize("call", ["me", "followers", "look_up", "follow"])
def test_the_signature_is_for_the_address_that_is_called(
    x: Any, reader: Any, writer: Any, canned: Any, credentials: Credentials, call: str
) -> None:
    """X checks it against its own host: signing for tweepy's fixed host would be a 401 elsewhere."""
    x.gives(canned(body={"data": {"following": True}} if call == "follow" else ME_BODY))
    if call == "me":
        reader.me()
    elif call == "follow":
        writer.follow("1000", "5")
    else:
        x.gives(canned(body={"data": []}))
        reader.followers("1000", 10, "a b+c/=~") if call == "followers" else reader.look_up(["5", "6"])
    seen = x.seen[0]
    pairs = (part.split("=", 1) for part in seen.headers["Authorization"].removeprefix("OAuth ").split(", "))
    oauth = {name: unquote(text.strip('"')) for name, text in pairs}
    assert oauth["oauth_token"] == credentials.access_token.reveal()
    assert oauth["oauth_signature"] == signature(seen.method, x.url + seen.path, oauth, credentials)


def test_the_signature_for_x_itself_names_x_own_host(credentials: Credentials, now: Any) -> None:
    """With the default address the signed request goes to api.x.com; it is caught before it leaves."""
    reader = open_reader(credentials, "https://api.x.com", lambda: now, "1000")
    caught: list[Any] = []

    def keep(request: Any, **_: Any) -> Any:
        caught.append(request)
        raise ConnectionAbortedError("kept here")

    reader._line.client.session.adapters[""].send = keep
    with pytest.raises(ConnectionAbortedError):
        reader._line.client.get_me(user_fields=["name"])
    seen = caught[0]
    header = seen.headers["Authorization"]
    text = header.decode() if isinstance(header, bytes) else header
    pairs = (part.split("=", 1) for part in text.removeprefix("OAuth ").split(", "))
    oauth = {name: unquote(value.strip('"')) for name, value in pairs}
    assert seen.url.startswith("https://api.x.com/2/users/me?")
    assert oauth["oauth_signature"] == signature("GET", seen.url, oauth, credentials)


def test_no_log_at_any_level_holds_a_secret(
    x: Any, reader: Any, writer: Any, canned: Any, credentials: Credentials, caplog: pytest.LogCaptureFixture
) -> None:
    """With everything at DEBUG, good and bad answers and lost connections print no key and no token."""
    logging.getLogger("oauthlib").setLevel(logging.DEBUG)
    with caplog.at_level(logging.DEBUG):
        for answer in (canned(body=ME_BODY), canned(401, {}), canned(body=ME_BODY, trick="reset")):
            x.gives(answer)
            for ask in (reader.me, lambda: writer.follow("1000", "5")):
                with pytest.raises(FollowguardError) if answer.status == 401 or answer.trick else ignore():
                    ask()
    assert "urllib3" in caplog.text
    assert not any(secret in caplog.text for secret in plain(credentials))
    assert "oauth_signature" not in caplog.text


def ignore() -> Any:
    """Lets an answer be an error or not: the log is what is looked at."""
    import contextlib

    return contextlib.suppress(FollowguardError)


def test_a_body_that_repeats_a_secret_is_not_repeated(
    x: Any, reader: Any, canned: Any, credentials: Credentials
) -> None:
    """A token that the server quotes in its error is not repeated."""
    x.gives(canned(403, {"detail": f"bad token {credentials.access_token.reveal()}"}))
    with pytest.raises(FollowguardError, match=r"\*\*\*") as caught:
        reader.me()
    assert credentials.access_token.reveal() not in str(caught.value)


def test_domain_and_address_cost_no_heavy_import() -> None:
    """Checking an address or holding a secret imports no tweepy, requests or tenacity."""
    code = (
        "import sys, followguard.x.address, followguard.domain.credentials, followguard.x.refusals;"
        "assert not {'tweepy', 'requests', 'tenacity', 'urllib3'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
