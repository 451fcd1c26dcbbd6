"""Database URLs made of their parts: a path or a password may hold what has a meaning of its own in a URL."""

import re
from pathlib import Path

from sqlalchemy import URL

from followguard.errors import ConfigurationError

_SERVER = re.compile(r"(\[[0-9A-Fa-f:.%]+\]|[A-Za-z0-9._~%-]*)(:[0-9]+)?")
_RAW = str.maketrans({"@": "%40"})


def sqlite_url(scheme: str, path: Path, query: str) -> str:
    """Makes the URL of a file, whatever its folders are called; `query` as it was written.

    Raises ConfigurationError for the one name that no URL can hold: bytes that aren't UTF-8.
    """
    try:
        url = URL.create(scheme, database=str(path)).render_as_string(hide_password=False)
    except UnicodeEncodeError:
        raise ConfigurationError(
            "The database would lie in a folder whose name isn't UTF-8.", "Rename the folder, or use another one."
        ) from None
    return f"{url}?{query}" if query else url


def postgres_url(rest: str) -> str:
    """Makes the URL of a server, from what stands behind `://`; it goes through psycopg 3, the one driver installed.

    The last `@` of the address ends the password, since no host has one. Raises ConfigurationError, which repeats
    nothing of it, where a raw sign leaves open what is password and what is host: a driver would print it as a host.
    """
    end = next((place for place, sign in enumerate(rest) if sign in "/?"), len(rest))
    address, more = rest[:end], rest[end:]
    login, at, server = address.rpartition("@")
    if "@" in more or not _SERVER.fullmatch(server) or not rest.isprintable():
        raise ConfigurationError(
            "database_url can't be read: it isn't clear where the password ends and the host begins.",
            "Encode what is special in user name and password: @ as %40, / as %2F, ? as %3F, % as %25, : as %3A.",
        )
    name, colon, password = login.partition(":")
    return f"postgresql+psycopg://{name.translate(_RAW)}{colon}{password.translate(_RAW)}{at}{server}{more}"
