"""X through tweepy: opens the reader with three of the four calls, and the writer with the fourth."""

from typing import Any

import tweepy

from followguard.domain.credentials import Credentials
from followguard.errors import AddressRefused
from followguard.x.address import READ_CALLS, WRITE_CALLS, AllowList, base_url, is_id
from followguard.x.line import Clock, Line
from followguard.x.reader import XReader
from followguard.x.retry import Patience, RateLimits
from followguard.x.session import GuardedAdapter, Response, hush_talkative_loggers, open_session
from followguard.x.writer import XWriter


class XClient(tweepy.Client):  # type: ignore[misc]
    """tweepy's client, sending through our session and leaving every answer to our own reading.

    It signs for the address that the request really goes to: X checks the signature against its own host, and
    tweepy's is fixed to api.twitter.com. tweepy's own reading of answers is left out, for it fails on odd ones.
    """

    def __init__(self, base: str, credentials: Credentials, adapter: GuardedAdapter) -> None:
        keys = {
            "consumer_key": credentials.consumer_key.reveal(),
            "consumer_secret": credentials.consumer_secret.reveal(),
            "access_token": credentials.access_token.reveal(),
            "access_token_secret": credentials.access_token_secret.reveal(),
        }
        super().__init__(**keys, return_type=Response, wait_on_rate_limit=False)
        self.session = open_session(adapter)
        self._base = base
        self._adapter = adapter
        self._signature = tweepy.OAuth1UserHandler(**keys).apply_auth()

    def request(
        self, method: str, route: str, params: Any = None, json: Any = None, user_auth: bool = False
    ) -> Response:
        """Sends one call, signed, and returns its answer unread. `user_auth` is always meant."""
        del user_auth
        return self.session.request(
            method,
            self._base + route,
            params=params,
            json=json,
            headers={"User-Agent": f"followguard {self.user_agent}"},
            auth=self._signature,
            allow_redirects=False,
            stream=True,
        )

    def _get_authenticating_user_id(self, *, oauth_1: bool = False) -> str | None:
        """Gives our account's id.

        Tweepy would take what stands before the dash of the access token for it.
        """
        del oauth_1
        return self._adapter.own

    def close(self) -> None:
        """Gives the connections back."""
        self.session.close()


def open_reader(
    credentials: Credentials,
    x_api_url: str,
    clock: Clock,
    account_id: str | None = None,
    handle: str = "",
    patience: Patience | None = None,
) -> XReader:
    """Opens a reader for one account of ours; `handle` is for messages.

    Raises ConfigurationError for a wrong address.
    """
    allowed = AllowList(base_url(x_api_url), READ_CALLS)
    reader = XReader(_line(allowed, credentials, clock, handle, patience or Patience()))
    if account_id is not None:
        reader.bind(account_id)
    return reader


def open_writer(
    credentials: Credentials,
    x_api_url: str,
    account_id: str,
    clock: Clock,
    handle: str = "",
    patience: Patience | None = None,
) -> XWriter:
    """Opens a writer for one account of ours. Only follow-back may hold one.

    Raises AddressRefused for an id that isn't one, and ConfigurationError for a wrong address.
    """
    if not is_id(account_id):
        raise AddressRefused(f"{account_id!r} isn't an account id.", "Run followguard nightly first: it learns the id.")
    allowed = AllowList(base_url(x_api_url), WRITE_CALLS)
    line = _line(allowed, credentials, clock, handle, patience or Patience())
    line.adapter.own = account_id
    return XWriter(line)


def _line(allowed: AllowList, credentials: Credentials, clock: Clock, handle: str, patience: Patience) -> Line:
    hush_talkative_loggers()
    adapter = GuardedAdapter(allowed, patience.timeouts, None)
    client = XClient(allowed.base, credentials, adapter)
    return Line(client, adapter, credentials, clock, patience, RateLimits(patience.timer), handle)
