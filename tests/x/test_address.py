"""Addresses to which the X session may go."""

from typing import Any

import pytest

from followguard.errors import AddressRefused, ConfigurationError
from followguard.x.address import DEFAULT_URL, base_url, is_loopback
from followguard.x.gateway import open_reader, open_writer

ME_BODY = {"data": {"id": "1000", "username": "acme", "name": "Acme"}}


@pytest.mark.parametrize(
    "url",
    [
        "https://api.x.com",
        "https://api.twitter.com/",
        "https://api.x.com:443",
        "http://127.0.0.1:8080",
        "http://127.9.8.7",
        "http://localhost:1/",
        "http://[::1]:8080",
        "https://LOCALHOST",
    ],
)
def test_x_itself_and_this_machine_are_allowed(url: str) -> None:
    """X's two hosts over https, and loopback, are addresses to call."""
    assert base_url(url).rpartition("//")[2] in url.lower()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.x.com",
        "http://api.x.com",
        "https://api.x.com:8443",
        "https://api.x.com.evil.example",
        "https://evil.example",
        "https://x.com",
        "https://api.x.com@evil.example",
        "https://me:secret-word@127.0.0.1",
        "http://128.0.0.1",
        "http://0.0.0.0",
        "http://10.0.0.1:80",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://[::2]",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:port",
        "http://127.0.0.1/elsewhere",
        "http://127.0.0.1?x=1",
        "http://127.0.0.1#x",
        "http://127.0.0.1\\@evil.example",
        "http://127.0.0.1 .evil.example",
        "http://127.0.0.1\n",
        "http://[::1",
    ],
)
def test_any_other_address_is_a_configuration_error(url: str) -> None:
    """Nothing but X and loopback, and nothing behind the host; a password in it isn't repeated."""
    with pytest.raises(ConfigurationError) as caught:
        base_url(url)
    assert "x_api_url" in str(caught.value)
    assert DEFAULT_URL in caught.value.next_step
    assert "secret-word" not in str(caught.value)


def test_only_this_machine_is_loopback() -> None:
    """X's own address isn't loopback, so the test clock isn't honoured there."""
    assert is_loopback("http://localhost:80")
    assert is_loopback("http://127.3.2.1")
    assert not is_loopback(DEFAULT_URL)
    assert not is_loopback("http://192.168.0.1")


def test_both_openers_refuse_a_foreign_address(credentials: Any, now: Any) -> None:
    """No session is ever made for a foreign host."""
    with pytest.raises(ConfigurationError):
        open_reader(credentials, "https://evil.example", lambda: now)
    with pytest.raises(ConfigurationError):
        open_writer(credentials, "https://evil.example", "1", lambda: now)


READS = [
    ("GET", "{x}/2/users/1000/following"),
    ("GET", "{x}/2/users/2000/followers"),
    ("GET", "{x}/2/users/1000/followers/"),
    ("GET", "{x}/2/users/1000/followers?expansions=pinned_tweet_id"),
    ("GET", "{x}/2/users/1000/followers?max_results=1001"),
    ("GET", "{x}/2/users/1000/followers?max_results=0"),
    ("GET", "{x}/2/users/1000/followers?max_results=1&max_results=2"),
    ("GET", "{x}/2/users/1000/../2000/followers"),
    ("GET", "{x}/2/users/1000%2f..%2f2000/followers"),
    ("GET", "{x}/2/users/by?usernames=a"),
    ("GET", "{x}/2/users/by/username/a"),
    ("GET", "{x}/2/users?usernames=a"),
    ("GET", "{x}/2/users"),
    ("GET", "{x}/2/users?ids="),
    ("GET", "{x}/2/users?ids=1,a"),
    ("GET", "{x}/2/users?ids=1,٣"),
    ("GET", "{x}/2/users?ids=" + ",".join(str(n) for n in range(101))),
    ("GET", "{x}/2/users/2000"),
    ("GET", "{x}/2/tweets/search/recent?query=a"),
    ("GET", "{x}/2/users/me?expansions=a"),
    ("GET", "{x}//2/users/me"),
    ("GET", "{x}/1.1/followers/ids.json"),
    ("GET", "{x}/"),
    ("HEAD", "{x}/2/users/me"),
    ("POST", "{x}/2/users/me"),
    ("POST", "{x}/2/users/1000/following"),
    ("DELETE", "{x}/2/users/1000/following/5"),
    ("PUT", "{x}/2/users/1000/followers"),
    ("GET", "https://api.x.com/2/users/me"),
    ("GET", "https://api.twitter.com/2/users/me"),
    ("GET", "https://evil.example/2/users/me"),
    ("GET", "http://127.0.0.1:1/2/users/me"),
    ("GET", "http://localhost/2/users/me"),
    ("GET", "ftp://127.0.0.1/2/users/me"),
]


@pytest.mark.parametrize(("method", "url"), READS)
def test_a_reader_refuses_everything_but_its_three_calls(
    x: Any, reader: Any, canned: Any, method: str, url: str
) -> None:
    """Every other method, path, query or host is refused, and nothing leaves the machine."""
    x.gives(canned(body=ME_BODY))
    with pytest.raises(AddressRefused, match="Nothing was sent"):
        reader._line.client.session.request(method, url.replace("{x}", x.url))
    assert x.seen == []
    assert reader.calls == 0


WRITES = [
    ("GET", "/2/users/me", None),
    ("GET", "/2/users?ids=5", None),
    ("GET", "/2/users/1000/followers", None),
    ("POST", "/2/users/2000/following", {"target_user_id": "5"}),
    ("POST", "/2/users/1000/following?x=1", {"target_user_id": "5"}),
    ("POST", "/2/users/1000/following", {"target_user_id": "five"}),
    ("POST", "/2/users/1000/following", {"target_user_id": 5}),
    ("POST", "/2/users/1000/following", {"target_user_id": "1000"}),
    ("POST", "/2/users/1000/following", {"target_user_id": "5", "more": 1}),
    ("POST", "/2/users/1000/following", ["5"]),
    ("POST", "/2/users/1000/following", None),
    ("POST", "/2/users/1000/blocking", {"target_user_id": "5"}),
    ("POST", "/2/tweets", {"text": "hello"}),
    ("DELETE", "/2/users/1000/following/5", None),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_a_writer_refuses_everything_but_the_follow(
    x: Any, writer: Any, canned: Any, method: str, path: str, body: Any
) -> None:
    """A writer can't read, can't follow for another account, and can't do anything else."""
    x.gives(canned())
    with pytest.raises(AddressRefused, match="Nothing was sent"):
        writer._line.client.session.request(method, x.url + path, json=body)
    assert x.seen == []


def test_a_body_that_is_no_json_is_refused(x: Any, writer: Any, reader: Any, canned: Any) -> None:
    """No session sends a body that followguard doesn't write."""
    x.gives(canned())
    with pytest.raises(AddressRefused):
        writer._line.client.session.post(f"{x.url}/2/users/1000/following", data=b"\xff{")
    with pytest.raises(AddressRefused):
        reader._line.client.session.get(f"{x.url}/2/users/me", data=b"more")
    assert x.seen == []


@pytest.mark.parametrize("follower", ["five", "", "5/../6", "٣", "5,6", "1000"])
def test_a_follow_names_one_other_account_by_digits(x: Any, writer: Any, canned: Any, follower: str) -> None:
    """A follower's id is made of digits and isn't our own."""
    x.gives(canned())
    with pytest.raises(AddressRefused):
        writer.follow("1000", follower)
    with pytest.raises(AddressRefused):
        writer.follow("2000", "5")
    assert x.seen == []


def test_the_port_refuses_what_the_session_refuses(x: Any, reader: Any, canned: Any) -> None:
    """Another account's followers, a page of 1,001, 101 ids or a username never leave the machine."""
    x.gives(canned(body={"data": []}))
    for ask in (
        lambda: reader.followers("2000", 100, None),
        lambda: reader.followers("1000", 1001, None),
        lambda: reader.followers("1000", 0, None),
        lambda: reader.look_up([str(number) for number in range(1, 102)]),
        lambda: reader.look_up(["someone"]),
    ):
        with pytest.raises(AddressRefused):
            ask()
    assert x.seen == []


def test_an_unbound_reader_may_only_ask_who_it_is(
    x: Any, canned: Any, credentials: Any, now: Any, patience: Any
) -> None:
    """Before the account's id is known, no path with an id is allowed; `me` makes it known."""
    fresh = open_reader(credentials, x.url, lambda: now, patience=patience)
    x.gives(canned(body=ME_BODY))
    with pytest.raises(AddressRefused):
        fresh.followers("1000", 100, None)
    assert x.seen == []
    assert fresh.me().id == "1000"
    assert fresh.account_id == "1000"
    x.gives(canned(body={"data": [], "meta": {}}))
    assert fresh.followers("1000", 100, None).returned == 0
    fresh.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(x: Any, reader: Any, canned: Any, status: int) -> None:
    """A redirect, even to our own allowed address, is an error and carries nothing on."""
    from followguard.errors import RequestRefused

    x.gives(canned(status, {}, {"location": f"{x.url}/2/users/me"}))
    with pytest.raises(RequestRefused, match="another address"):
        reader.me()
    assert len(x.seen) == 1


def test_a_redirect_off_host_is_not_followed_by_the_bare_session_either(x: Any, reader: Any, canned: Any) -> None:
    """The session used directly follows no redirect at all."""
    x.gives(canned(302, {}, {"location": "https://evil.example/2/users/me"}))
    assert reader._line.client.session.get(f"{x.url}/2/users/me").status_code == 302
    assert len(x.seen) == 1


def test_environment_proxies_are_not_used(x: Any, reader: Any, canned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy from the environment, or from the caller, would carry the signature elsewhere."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    x.gives(canned(body=ME_BODY))
    assert reader.me().username == "acme"
    direct = reader._line.client.session.get(f"{x.url}/2/users/me", proxies={"http": "http://127.0.0.1:1"})
    assert direct.status_code == 200


def test_cookies_are_not_kept(x: Any, reader: Any, canned: Any) -> None:
    """Cookies that X sets aren't sent back: a call says nothing but what it must."""
    x.gives(canned(body=ME_BODY, headers={"set-cookie": "guest_id=1; Path=/"}))
    reader.me()
    reader.me()
    assert "Cookie" not in x.seen[1].headers
