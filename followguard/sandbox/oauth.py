"""Who is calling: OAuth 1.0a signatures (RFC 5849, HMAC-SHA1) checked for real, and app-only bearer tokens."""

import base64
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha1
from urllib.parse import quote, unquote

from followguard.sandbox.accounts import SandboxAccount

X_ADDRESSES = ("https://api.x.com", "https://api.twitter.com")
"""A client whose session sends X's address to loopback has signed X's address: either is taken."""


@dataclass(frozen=True, slots=True)
class Caller:
    """An account that calls. `as_account` is false for an app-only token, which knows no `connection_status`."""

    account: SandboxAccount
    as_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The parts that a signature covers: the method, the host, the path and the decoded query."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]


def visitor(header: str | None, signed: Signed, accounts: Iterable[SandboxAccount]) -> Caller | None:
    """Finds the account that an `Authorization` header proves; None for nobody."""
    scheme, _, rest = (header or "").partition(" ")
    if scheme.lower() == "bearer":
        owners = (account for account in accounts if hmac.compare_digest(account.bearer, rest.strip()))
        return next((Caller(account, as_account=False) for account in owners), None)
    if scheme.lower() != "oauth":
        return None
    claimed = parameters(rest)
    owner = next((account for account in accounts if _is_of(account, claimed)), None)
    return Caller(owner, as_account=True) if owner and _signature_holds(owner, claimed, signed) else None


def parameters(text: str) -> dict[str, str]:
    """Reads the `key="value"` pairs of an OAuth header, decoded."""
    pairs = (part.strip().partition("=") for part in text.split(","))
    return {unquote(key): unquote(value.strip('"')) for key, _, value in pairs}


def _is_of(account: SandboxAccount, claimed: Mapping[str, str]) -> bool:
    wanted = (account.secrets["CONSUMER_KEY"], account.secrets["ACCESS_TOKEN"])
    return (claimed.get("oauth_consumer_key"), claimed.get("oauth_token")) == wanted


def _signature_holds(account: SandboxAccount, claimed: Mapping[str, str], signed: Signed) -> bool:
    if claimed.get("oauth_signature_method") != "HMAC-SHA1":
        return False
    covered = [
        *signed.query,
        *((key, value) for key, value in claimed.items() if key not in {"realm", "oauth_signature"}),
    ]
    addresses = (f"http://{signed.host}", *X_ADDRESSES)
    good = (signature(account, signed.method, address + signed.path, covered) for address in addresses)
    return any(hmac.compare_digest(one, claimed.get("oauth_signature", "")) for one in good)


def signature(account: SandboxAccount, method: str, url: str, covered: Iterable[tuple[str, str]]) -> str:
    """Computes the HMAC-SHA1 signature of a call, in base64: RFC 5849 section 3.4."""
    encoded = sorted((_encode(key), _encode(value)) for key, value in covered)
    normal = "&".join(f"{key}={value}" for key, value in encoded)
    base = "&".join((method.upper(), _encode(url), _encode(normal)))
    key = f"{_encode(account.secrets['CONSUMER_SECRET'])}&{_encode(account.secrets['ACCESS_TOKEN_SECRET'])}"
    return base64.b64encode(hmac.new(key.encode(), base.encode(), sha1).digest()).decode()


def _encode(text: str) -> str:
    return quote(text, safe="~")
