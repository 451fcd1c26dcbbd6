"""A text as words that can be compared: cut to a width, with what was done to hide them undone.

Invisible signs go, letters that look alike become one, digits and signs among letters become the letters they stand
for, spaced letters are joined. Every step is linear in the text, which is cut first.
"""

import re
import unicodedata
from functools import cache

from followguard.domain.phrase import UNSHAPED

WIDTH = 2000
"""Characters of one field that are read; X gives at most some hundreds."""
_SMALL = "ᴀaʙbᴅdᴇeғfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuʏyмmтtнhкkвbεeτtκkηnμuβbωwαaνvοoρpιiχxυu€e£l¢c"
"""Pairs that Unicode's table of confusables leaves out: small capitals, and small letters shaped like a capital."""
_BOXED = (0x1F150, 0x1F170)
"""Where the white letters on black begin, round and square, which no compatibility form undoes."""
_LEET = str.maketrans("0134578@$!|l", "oieastbasiii")
"""Digits and signs for the letters they stand for; `l` and `i` are one, since `1` is either."""
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,64}\.")
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:[ .*_\-~|/][^\W\d_]){2,}(?!\w)")
_GAP = re.compile(r"[ .*_\-~|/]")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?![^\W_])|[^\W_]+(?:[@$!|][^\W_]+)*")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")
"""Scripts that write words without a space between them: each letter is a word here."""
_CAMEL = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=[A-Za-z]{3})(?=[0-9]{2})|(?<=[0-9]{2})(?=[A-Za-z]{3})"
    r"|(?<=[A-Za-z])(?=[0-9]{2,8}$)"
)
"""Where a hump or a number divides a username."""


@cache
def look_alikes() -> dict[int, str]:
    """Maps the code of a character to the ASCII letter or digit that it looks like; to nothing where it has no shape.

    From Unicode's table of confusables, as the library confusable_homoglyphs has it.
    """
    from confusable_homoglyphs.confusables import confusables_data

    plain = {chr(code) for code in range(128) if chr(code).isalnum()}
    found = {
        ord(letter): like[0]
        for letter, others in confusables_data.items()
        if len(letter) == 1 and not letter.isascii() and (like := [each["c"] for each in others if each["c"] in plain])
    }
    found |= {ord(one): other for one, other in zip(_SMALL[::2], _SMALL[1::2], strict=True)}
    found |= {start + place: chr(ord("a") + place) for start in _BOXED for place in range(26)}
    return found | {ord(sign): "" for sign in UNSHAPED} | {ord(sign): " " for sign in "™℠®©"}


def folded(text: str | None) -> str:
    """Returns the text's first `WIDTH` characters in small letters of one script, as far as they look alike."""
    text = (text or "")[:WIDTH]
    return text.lower() if text.isascii() else _plain(text).casefold().translate(look_alikes())


def _plain(text: str) -> str:
    """Returns the text without accents and what is invisible, each look-alike as the ASCII letter; case stays."""
    text = text.translate(look_alikes())
    apart = unicodedata.normalize("NFKD", text)[:WIDTH]
    return "".join(sign for sign in apart if unicodedata.category(sign) not in _DROPPED).translate(look_alikes())


_DROPPED = frozenset({"Mn", "Me", "Cf", "Cs", "Co", "Cn"})
"""Categories of Unicode without a shape of their own: accents, joiners, what isn't assigned."""


def tokens(text: str | None) -> list[str]:
    """Returns the words of a text as they are compared, in order."""
    found = _SPACED.sub(_joined, _MAIL.sub(" ", folded(text)))
    return [skeleton(word) for token in _TOKEN.findall(found) for word in _apart(token)]


def username_tokens(username: str | None) -> list[str]:
    """Returns the words of a username: parts between underscores, humps and numbers."""
    text = (username or "")[:WIDTH]
    return tokens(_CAMEL.sub(" ", text if text.isascii() else _plain(text)).replace("_", " "))


def skeleton(word: str) -> str:
    """Returns a folded word with digits and signs among its letters undone; a number stays."""
    return word.translate(_LEET) if any(sign.isalpha() for sign in word) else word


def undisguised(text: str | None) -> str:
    """Returns the letters of a text in one word, in the script that they are written in: without accents and style."""
    apart = unicodedata.normalize("NFKD", (text or "")[:WIDTH])[:WIDTH].lower()
    return "".join(sign for sign in apart if sign.isalnum()).replace("l", "i")


def squashed(text: str | None) -> str:
    """Returns all letters and digits of a text in one word."""
    return "".join(tokens(text))


def _joined(found: re.Match[str]) -> str:
    return _GAP.sub("", found[0])


def _apart(token: str) -> list[str]:
    return [token] if token.isascii() else [part for part in _UNSPACED.sub(_alone, token).split(" ") if part]


def _alone(found: re.Match[str]) -> str:
    return f" {found[0]} "
