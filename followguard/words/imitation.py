"""Who passes themselves off as us: a name, username or bio that is one of our names but for what impostors add.

A name of ours is compared as one word, with disguises undone. From the follower's name and username are taken off,
one after the other, digits and the words of `DRESSING`; what is left must be our name, or be one slip away from it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from followguard.domain.follower import Profile
from followguard.words.text import folded, skeleton, tokens, undisguised, username_tokens

_DRESSING = """
    support supports official officials officiel oficial offical helpdesk help helper team teams giveaway giveaways
    airdrop care service services customer customers client clients desk admin admins administrator moderator mod news
    update updates promo promos promotion promotions bonus claim claims refund refunds recovery verify verified
    verification real true the global international worldwide online app apps official account accounts page channel
    community contact assist assistance assistant agent agents center centre tech technical dept department corp
    company inc limited group holdings token coin event events rewards reward gift gifts winner winners prize security
    alert alerts info hq live now store shop usa hotline helpline complaint complaints billing invoices livechat chat
    chatbot bot concierge feedback vip premium plus relations onboarding sales orders order delivery resolution
    resolutions dispute disputes cases compliance investor investors wallet exchange trade trading invest investment
    investments pay payment payments payout payouts cashback careers career jobs recruitment recruiter recruiting hiring
    ceo founder office private backup second new suport press media partner partners rep representative fraud
    protection survey loyalty vouchers voucher coupon coupons sale outlet deals
"""
_SHORT_DRESSING = "cs co uk us eu de io ag se ltd llc plc gmbh help hq tm dm ir pr my get by of for and at in x our"
_CLAIMS = """
    support official officiel oficial helpdesk giveaway giveaways airdrop refund refunds recovery claims verification
    assistance
"""
_CLAIM_PAIRS = (("customer", "service"), ("customer", "care"), ("customer", "support"), ("client", "service"),
                ("help", "desk"), ("help", "center"), ("help", "centre"), ("support", "team"), ("help", "team"),
                ("backup", "account"), ("second", "account"), ("new", "account"))  # fmt: skip
_DISOWNING = "unofficial parody fan fans fanpage not"
MOST_CORES = 200
"""So many ways of taking words off one text are tried."""
NEAR = 3
"""Words between our name and a claim in a bio."""
_RN = re.compile("rn|vv")
_RN_LIKE = {"rn": "m", "vv": "w"}
_DIGITS = re.compile("[0-9]+")
_ENDS = re.compile("^[0-9]+|[0-9]+$")


def _words(text: str) -> frozenset[str]:
    return frozenset(skeleton(word) for word in text.split())


DRESSING = _words(_DRESSING)
"""Words that impostors add to a name; also looked for within a username."""
SHORT = _words(_SHORT_DRESSING)
"""Words that count as added only where they stand apart: too short to be looked for within a word."""
CLAIMS = _words(_CLAIMS)
BETWEEN = DRESSING | _words("of for by at from")
"""Words that may stand between our name and a claim in a bio."""
PAIRS = frozenset((skeleton(one), skeleton(other)) for one, other in _CLAIM_PAIRS)
DISOWNING = _words(_DISOWNING)


@dataclass(frozen=True, slots=True)
class OwnName:
    """A name of ours: as configured, as one compared word, and that with look-alike pairs undone."""

    written: str
    core: str
    drawn: str

    @property
    def short(self) -> bool:
        """Whether it is a word that many people have in their names by chance."""
        return len(self.core) < 6


@dataclass(frozen=True, slots=True)
class Imitated:
    """A name of ours that somebody uses, and where: `name`, `username` or `bio`."""

    own: str
    where: str


class Imitation:
    """Our names, to compare followers with. `handles` are our accounts' usernames."""

    def __init__(self, handles: Iterable[str], own_names: Iterable[str]) -> None:
        self.handles = frozenset(handle.lower() for handle in handles)
        own = [_own(name) for name in (*own_names, *sorted(self.handles))]
        self.names = tuple({name.core: name for name in reversed(own) if name.core}.values())

    def found_in(self, profile: Profile, texts: Mapping[str, Sequence[str]] | None = None) -> Imitated | None:
        """Returns the first of our names that somebody passes themselves off as; None for our own accounts.

        `texts`: the words of the profile's name, username and bio, where they were read already.
        """
        if (profile.username or "").lower() in self.handles or not self.names:
            return None
        read = texts or {
            "name": tokens(profile.name),
            "username": username_tokens(profile.username),
            "bio": tokens(profile.description),
        }
        return (
            self._named(read["name"], profile.name, "name")
            or self._named(read["username"], profile.username, "username")
            or self._claimed(read["bio"])
        )

    def _named(self, words: Sequence[str], text: str | None, where: str) -> Imitated | None:
        if not words:
            return None
        cores = frozenset(cores_of(words, text, inside=where == "username"))
        drawn = {_drawn(core.word) for core in cores}
        joined = "".join(words)
        for own in self.names:
            if (
                own.drawn in drawn
                or _slipped(own, cores, len(words))
                or (own.core in joined and _hid(own, words, text))
            ):
                return Imitated(own.written, where)
        return None

    def _claimed(self, words: Sequence[str]) -> Imitated | None:
        """Finds one of our names beside a word of support or office in a bio that doesn't disown it."""
        claims = list(_claims(words))
        if not claims or DISOWNING.intersection(words):
            return None
        drawn = [_drawn(word) for word in words]
        for own in self.names:
            for start, end in _spans(own.drawn, drawn):
                if any(_beside(words, at, start, end) for at in claims):
                    return Imitated(own.written, "bio")
        return None


def _own(name: str) -> OwnName:
    core = "".join(tokens(name.replace("_", " ")))
    return OwnName(name, core, _drawn(core))


@dataclass(frozen=True, slots=True)
class Core:
    """What is left of a name once added words are off; `dressed`: some were, other than digits."""

    word: str
    dressed: bool


def cores_of(words: Sequence[str], text: str | None, *, inside: bool) -> Iterator[Core]:
    """Yields what may be left of a name: its words, as one, less what impostors add. `inside`: also within words."""
    for form in _forms(words, text):
        kept = [word for word in form if word]
        bare = _undressed(kept)
        yield Core("".join(kept), dressed=False)
        yield Core("".join(bare), dressed=len(bare) < len(kept))
        if inside or len(kept) == 1:
            yield from _stripped("".join(bare), dressed=len(bare) < len(kept))


def _forms(words: Sequence[str], text: str | None) -> Iterator[list[str]]:
    """Yields the words as they are, without digits at their ends, and without any digit."""
    yield list(words)
    raw = [part for part in re.split(r"[\W_]+", folded(text)) if part]
    yield [skeleton(_ENDS.sub("", word)) for word in raw]
    yield [skeleton(_DIGITS.sub("", word)) for word in raw]


def _undressed(words: Sequence[str]) -> list[str]:
    """Takes added words and numbers off both ends."""
    start, end = 0, len(words)
    while start < end and _added(words[start]):
        start += 1
    while end > start and _added(words[end - 1]):
        end -= 1
    return list(words[start:end]) if start < end else list(words)


@lru_cache(maxsize=100_000)
def _added(word: str) -> bool:
    """Tells whether a word is one that impostors add, a slip in a long one included."""
    if word in DRESSING or word in SHORT or word.isdigit():
        return True
    return 5 < len(word) < 16 and any(one_slip_apart(word, known) for known in _long_dressing(len(word)))


@cache
def _long_dressing(length: int) -> tuple[str, ...]:
    """Returns the added words of seven letters and more that one slip may make a word of this length of."""
    return tuple(word for word in DRESSING if len(word) > 6 and abs(len(word) - length) < 2)


def _stripped(word: str, *, dressed: bool) -> Iterator[Core]:
    """Yields what is left of one long word when added words are cut from its ends, in every order."""
    seen, rest = {word}, [word]
    while rest and len(seen) < MOST_CORES:
        here = rest.pop()
        yield Core(here, dressed=dressed or here != word)
        for shorter in _cut(here):
            if len(shorter) > 1 and shorter not in seen:
                seen.add(shorter)
                rest.append(shorter)


def _cut(word: str) -> Iterator[str]:
    yield _ENDS.sub("", word)
    for length in _lengths():
        if word[:length] in DRESSING:
            yield word[length:]
        if word[-length:] in DRESSING:
            yield word[:-length]


@cache
def _lengths() -> tuple[int, ...]:
    return tuple(sorted({len(word) for word in DRESSING}))


def _slipped(own: OwnName, cores: Iterable[Core], words: int) -> bool:
    """Tells whether what is left is one slip from our name; from a short one only where something was added to it."""
    size = len(own.core)
    if size < 4 or (size == 4 and words < 2):
        return False
    near = (core.word for core in cores if abs(len(core.word) - size) < 2 and (core.dressed or not own.short))
    return any(one_slip_apart(word, own.core) for word in near)


def _hid(own: OwnName, words: Sequence[str], text: str | None) -> bool:
    """Tells whether our name stands there among other words, in letters of another script or with digits in it.

    Nobody honest writes it so. Accents and letters in another style are no disguise.
    """
    if len(own.core) < 4 or not any(_spans(own.core, words)):
        return False
    return own.core not in undisguised(text)


def _drawn(word: str) -> str:
    """Returns the word with pairs of letters that look like one as that one."""
    return _RN.sub(lambda found: _RN_LIKE[found[0]], word)


def _claims(words: Sequence[str]) -> Iterator[int]:
    for at, word in enumerate(words):
        if word in CLAIMS or tuple(words[at : at + 2]) in PAIRS:
            yield at


def _beside(words: Sequence[str], claim: int, start: int, end: int) -> bool:
    """Tells whether a claim stands beside our name with nothing between but words of that kind: not `engineer at`."""
    between = words[claim + 1 : start] if claim < start else words[end + 1 : claim]
    return len(between) <= NEAR and all(word in BETWEEN for word in between)


def _spans(core: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yields where our name begins and ends in a text, however its letters are divided into words."""
    for at, word in enumerate(words):
        end, so_far = at, word
        while len(so_far) < len(core) and core.startswith(so_far) and end + 1 < len(words):
            end += 1
            so_far += words[end]
        if so_far == core:
            yield at, end


def one_slip_apart(one: str, other: str) -> bool:
    """Tells whether one slip makes one word of the other; False for equal words. Linear in their length."""
    short, long = sorted((one, other), key=len)
    if one == other or len(long) - len(short) > 1:
        return False
    at = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]
