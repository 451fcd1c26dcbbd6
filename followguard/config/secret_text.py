"""What can be a key or token of X, and what surely isn't one."""

import re
from pathlib import Path

from followguard.domain.wording import QUOTES, unquoted
from followguard.errors import ConfigurationError

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
