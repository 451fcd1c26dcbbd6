"""The four secrets of an account, read from the environment or from files when a command is about to call X."""

import re
from collections.abc import Mapping
from pathlib import Path

from followguard.config.file import variable_prefix
from followguard.domain.credentials import Credentials, Secret
from followguard.domain.wording import QUOTES, unquoted
from followguard.errors import ConfigurationError, MissingCredentials

_NOT_IN_SECRETS = re.compile(r"""[^!-~]|["'`<>{}$\\]""")
"""X's keys and tokens are letters, digits and a few signs. Blanks, quotes and what stands in templates never occur."""
_PLACEHOLDERS = re.compile(
    r"\.+|\*+|x{3,}|-+|(your|my|the)[-_ .].*|.*[-_ .]here|change[-_ ]?(me|it)|replace[-_ ]?(me|it)|place[-_ ]?holder"
    r"|to[-_ ]?do|tbd|fix[-_ ]?me|none|null|nil|undefined|secret|(consumer|api)[-_ ]?(key|secret)"
    r"|access[-_ ]?token([-_ ]?secret)?",
    re.IGNORECASE,
)


def secret_text(name: str, text: str) -> str:
    """Gives the secret itself, empty where there is none.

    Raises ConfigurationError, which never repeats it, for what can't be a key or token of X.
    """
    bare = unquoted(text)
    if not bare:
        return ""
    wrong = _NOT_IN_SECRETS.search(bare)
    if bare.upper().startswith(f"{name}="):
        what = f"begins with {name}= itself"
    elif bare.upper() == name or (bare.startswith("<") and bare.endswith(">")) or _PLACEHOLDERS.fullmatch(bare):
        what = "holds a placeholder"
    elif wrong is not None:
        what = f"holds {_named(wrong[0])}, which no key or token of X does"
    else:
        return bare
    raise ConfigurationError(
        f"{name} {what}.", "Set it to the text that X's developer console shows, with nothing round it."
    )


def read_text(path: Path) -> str:
    """Reads a file's text, empty where there is none; as UTF-8, or as UTF-16 where its mark says so.

    Raises OSError, UnicodeDecodeError.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ""
    wide = len(content) > 2 and content[:2] in (b"\xff\xfe", b"\xfe\xff")
    return content.decode("utf-16" if wide else "utf-8")


def _named(sign: str) -> str:
    if sign in QUOTES or sign in "`\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb":
        return "a quotation mark"
    if sign.isspace():
        return "a blank or a line end"
    return f"the sign {sign}" if sign.isascii() and sign.isprintable() else "a sign that isn't ASCII"


SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


def variable_names(handle: str) -> dict[str, str]:
    """Maps each secret to the variable, or the file, that holds it."""
    return {secret: variable_prefix(handle) + secret.upper() for secret in SECRETS}


def missing_secrets(handle: str, env: Mapping[str, str], folder: Path | None) -> list[str]:
    """Names the secrets that aren't there. Raises ConfigurationError for what can't be one."""
    return [name for name in variable_names(handle).values() if not _text(name, env, folder)]


def read_credentials(handle: str, env: Mapping[str, str], folder: Path | None) -> Credentials:
    """Returns the secrets of one account. Raises MissingCredentials that names what is missing."""
    missing = missing_secrets(handle, env, folder)
    if missing:
        where = f"files of those names in {folder}" if folder else "as files in FOLLOWGUARD_CREDENTIALS_DIR"
        raise MissingCredentials(
            f"@{handle}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set.",
            f"Set them in the environment, or {where}; X's developer console shows them under Keys and tokens.",
        )
    names = variable_names(handle)
    return Credentials(**{secret: Secret(_text(name, env, folder)) for secret, name in names.items()})


def _text(name: str, env: Mapping[str, str], folder: Path | None) -> str:
    """Reads a secret; the environment wins. Quotes, blanks, a mark and line ends round it are no part of it."""
    said = secret_text(name, env.get(name, ""))
    if said or folder is None:
        return said
    try:
        return secret_text(name, read_text(folder / name))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it isn't text"
        raise ConfigurationError(f"The secret in {folder / name} can't be read: {why}.", "Correct the file.") from None
