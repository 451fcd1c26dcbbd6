"""Made-up impostors of made-up brands, by a seeded generator that knows nothing of how they are looked for."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from followguard.domain.follower import Profile

HANDLES = ("acme", "northwindbank", "brightpay_app", "getlumio")
OWN_NAMES = ("Acme", "Northwind Bank", "Brightpay", "Lumio", "Nova", "Kestrel Air", "Jane Fairweather", "Quorum Labs")
SEEN = datetime(2026, 8, 22, tzinfo=UTC)
CONFUSABLE = str.maketrans("aeopcxyiABEKMHOPCTX", "аеорсхуіАВЕКМНОРСТХ")
GREEK = str.maketrans("aeiouvAEIONT", "αειουνΑΕΙΟΝΤ")
WIDE = {ord("!") + place: 0xFF01 + place for place in range(94)}
BOLD = {ord("A") + place: 0x1D5D4 + place for place in range(26)} | {
    ord("a") + place: 0x1D5EE + place for place in range(26)
}
DIGITS = str.maketrans("oieastOIEAST", "013457013457"[:6] + "013457"[:6])
ADDED = ("support", "official", "help", "team", "giveaway", "care", "helpdesk", "service", "refunds", "news", "verify",
         "hotline", "complaints", "livechat", "suport", "0fficial", "escalations", "frontdesk")  # fmt: skip
IN_NAMES = ("Support", "Official", "Help", "Team", "Giveaway", "Customer Care", "Help Desk", "Support Team", "Promo",
            "Hotline", "Complaints", "Concierge", "Suport", "0ff1cial", "Billing Team", "Escalations",
            "Clubhouse")  # fmt: skip
CLAIMS = (
    "Official support of {}", "{} customer service. DM us", "{} support, here 24/7", "Official account of {}",
    "{} giveaway is live", "The official {} help desk", "Get your {} refund here: support desk of {}",
    "customer support for @{}", "{} Support Team | write to us",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Impostor:
    """A made-up impostor: what was done, where, and the profile."""

    trick: str
    where: str
    profile: Profile


def _swapped(name: str, chance: random.Random) -> str:
    places = [
        n for n in range(1, len(name) - 2) if name[n].isalpha() and name[n + 1].isalpha() and name[n] != name[n + 1]
    ]
    at = chance.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _doubled(name: str, chance: random.Random) -> str:
    at = chance.choice([n for n in range(1, len(name)) if name[n].isalpha()])
    return name[:at] + name[at] + name[at:]


def _left_out(name: str, chance: random.Random) -> str:
    at = chance.choice([n for n in range(1, len(name)) if name[n].isalpha()])
    return name[:at] + name[at + 1 :]


def _some(table: dict[int, int] | dict[int, str]) -> Callable[[str, random.Random], str]:
    def change(name: str, chance: random.Random) -> str:
        able = [n for n, sign in enumerate(name) if ord(sign) in table]
        chosen = set(chance.sample(able, chance.randint(1, len(able)))) if able else set()
        return "".join(sign.translate(table) if n in chosen else sign for n, sign in enumerate(name))

    return change


def _invisible(name: str, chance: random.Random) -> str:
    at = chance.randint(1, len(name) - 1)
    return name[:at] + chance.choice("\u200b\u200d\u2060\u00ad\ufeff") + name[at:]


def _plain(name: str, chance: random.Random) -> str:
    return chance.choice([name, name.upper(), name.lower(), name.title()])


def _both(name: str, chance: random.Random) -> str:
    """One disguise of letters on top of another, or on top of a slip."""
    first = chance.choice([_some(DIGITS), _swapped, _doubled])
    return chance.choice([_some(CONFUSABLE), _invisible, _some(GREEK)])(first(name, chance), chance)


DISGUISES: dict[str, Callable[[str, random.Random], str]] = {
    "as it is": _plain,
    "Cyrillic letters": _some(CONFUSABLE),
    "Greek letters": _some(GREEK),
    "wide letters": lambda name, _: name.translate(WIDE),
    "bold letters": lambda name, _: name.translate(BOLD),
    "digits for letters": _some(DIGITS),
    "invisible signs": _invisible,
    "spaced letters": lambda name, _: "   ".join(" ".join(word) for word in name.split()),
    "accents": lambda name, _: "".join(sign + "\u0301" if sign in "aeiouAEIOU" else sign for sign in name),
    "rn for m, vv for w": lambda name, _: name.replace("m", "rn").replace("w", "vv"),
    "swapped letters": _swapped,
    "a letter doubled": _doubled,
    "a letter left out": _left_out,
    "two disguises at once": _both,
}
SLIPS = frozenset({"swapped letters", "a letter doubled", "a letter left out", "two disguises at once"})
ASCII_ONLY = ("as it is", "digits for letters", "rn for m, vv for w", "swapped letters", "a letter doubled",
              "a letter left out")  # fmt: skip
"""What X allows in a username."""


def impostors(each: int, seed: int) -> list[Impostor]:
    """Returns so many impostors for each disguise and place."""
    chance = random.Random(seed)
    return [impostor for trick in DISGUISES for _ in range(each) for impostor in _of(trick, chance)]


def _of(trick: str, chance: random.Random) -> Iterator[Impostor]:
    own = chance.choice([name for name in OWN_NAMES if trick not in SLIPS or len(name.replace(" ", "")) > 6])
    name = DISGUISES[trick](own, chance)
    yield _impostor(trick, "name", chance, name=_named(name, chance))
    if trick in ASCII_ONLY:
        base = DISGUISES[trick](chance.choice([own.lower(), own]).replace(" ", chance.choice(["", "_"])), chance)
        yield _impostor(trick, "username", chance, username=_username(base, chance))
    if trick not in SLIPS:
        yield _impostor(trick, "bio", chance, description=chance.choice(CLAIMS).format(name, name))


def _named(name: str, chance: random.Random) -> str:
    word, sign = chance.choice(IN_NAMES), chance.choice(["✔", "✅", "®", "™", "|", "-"])
    return chance.choice(
        [f"{name} {word}", f"{name} {sign} {word}", f"{word} {name}", f"{name}{sign}", f"The real {name}"]
    )


def _username(base: str, chance: random.Random) -> str:
    word, number = chance.choice(ADDED), chance.choice(["", "1", "24", "2026", "_"])
    return chance.choice(
        [
            f"{base}_{word}{number}",
            f"{base}{word}{number}",
            f"{word}_{base}",
            f"the{base}{number}",
            f"_{base}_{number or 7}",
        ]
    )


def _impostor(trick: str, where: str, chance: random.Random, **shown: str) -> Impostor:
    number = chance.randint(10_000, 99_999)
    rest = {"username": f"user{number}x", "name": "Anna", "description": "Here to help you."} | shown
    return Impostor(trick, where, Profile(id=str(number), observed_at=SEEN, **rest))  # type: ignore[arg-type]
