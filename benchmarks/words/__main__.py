"""False alarms and hits of the word kinds, impostors found: `python -m benchmarks.words [--datasets DIR] [--write]`.

The kinds are counted on every row of the public sets that has a text, impostors are made up, and names that belong to
nobody's impostor are the genuine ones of the public sets.
"""

import sys
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from benchmarks.asking import parser, without_sets
from benchmarks.pages import DOCS, command_of, table, write_part
from benchmarks.words.impostors import DISGUISES, HANDLES, OWN_NAMES, Impostor, impostors
from followguard.domain.follower import Profile
from followguard.training.base.public_sets import load_public_sets
from followguard.words.imitation import Imitation
from followguard.words.kinds import kinds
from followguard.words.reading import TextReader

COMMAND = "python -m benchmarks.words"
USUAL = {"seed": 20_261_128, "each": 20}
PAGE = DOCS / "words.md"
ORDINARY = (
    "Nova",
    "Luna",
    "Orange",
    "Monday",
    "Atlas",
    "Max",
    "Iris",
    "Echo",
    "Rose",
    "Delta",
    "Pearl Bank",
    "Jane Smith",
)
"""Names of ours that are words or names of many people too."""
MOST_ALARMS, LEAST_FOUND, MOST_NAMESAKES = 0.01, 0.95, 0.002
NAMES = 5_000


@dataclass(frozen=True, slots=True)
class Found:
    """The counts: rows with a text, hits of each kind among them, impostors by trick, namesakes by name of ours."""

    genuine: int
    spam: int
    alarms: Counter[str]
    hits: Counter[str]
    made: list[Impostor]
    caught: list[bool]
    names: int
    namesakes: Counter[str]
    ordinary: Counter[str]
    microseconds: float


def main(arguments: Sequence[str] = ()) -> int:
    """Prints the tables; returns 1 when a target is lost."""
    options = parser(COMMAND, str(__doc__), "write docs/words.md", USUAL)
    options.add_argument("--seed", type=int, help="of the made-up impostors")
    options.add_argument("--each", type=int, help="impostors for each disguise and place")
    order = options.parse_args(arguments)
    if without_sets(order, COMMAND):
        return 0
    found = measured(order)
    part = page_part(found, command_of(COMMAND, order, USUAL))
    print(part)
    if order.write:
        write_part(PAGE, "figures", part)
    return int(lost(found))


def measured(order: Namespace) -> Found:
    """Reads the public sets and the made-up impostors."""
    rows = [row for row in load_public_sets(order.datasets) if row.profile.username or row.profile.description]
    genuine = [row.profile for row in rows if not row.spam]
    spam = [row.profile for row in rows if row.spam]
    started = time.process_time()
    alarms, hits = _kinds_in(genuine), _kinds_in(spam)
    each = (time.process_time() - started) / len(rows) * 1e6
    ours, made = Imitation(HANDLES, OWN_NAMES), impostors(order.each, order.seed)
    names = genuine[:NAMES]
    return Found(
        genuine=len(genuine),
        spam=len(spam),
        alarms=alarms,
        hits=hits,
        made=made,
        caught=[ours.found_in(one.profile) is not None for one in made],
        names=len(names),
        namesakes=_namesakes(ours, names),
        ordinary=_namesakes(Imitation((), ORDINARY), names),
        microseconds=each,
    )


def _kinds_in(profiles: Sequence[Profile]) -> Counter[str]:
    """Counts profiles by the kinds they are marked with, `any` for at least one."""
    reader = TextReader()
    found: Counter[str] = Counter()
    for profile in profiles:
        codes = {mark.code for mark in reader.read(profile).look}
        found.update(codes | ({"any"} if codes else set()))
    return found


def _namesakes(ours: Imitation, profiles: Sequence[Profile]) -> Counter[str]:
    return Counter(found.own for profile in profiles if (found := ours.found_in(profile)) is not None)


def lost(found: Found) -> bool:
    """Tells whether a target is missed."""
    return (
        any(number > MOST_ALARMS * found.genuine for number in found.alarms.values())
        or sum(found.caught) < LEAST_FOUND * len(found.caught)
        or sum(found.namesakes.values()) > MOST_NAMESAKES * found.names
        or sum(found.ordinary.values()) > MOST_NAMESAKES * found.names
    )


def page_part(found: Found, command: str) -> str:
    """Writes the tables."""
    return "\n\n".join(
        [
            f"Measured on {datetime.now(UTC).date()} by `{command}`.",
            f"{found.genuine:,} genuine and {found.spam:,} spam rows of the public sets with a username or a bio, "
            f"{found.microseconds:.0f} microseconds each:",
            table([_kind(found, name) for name in (*(kind.code for kind in kinds()), "any")]),
            f"Impostors of {len(OWN_NAMES)} made-up names: {sum(found.caught)} of {len(found.caught)} found "
            f"({sum(found.caught) / len(found.caught):.1%}; aim {LEAST_FOUND:.0%}).",
            table([_trick(found, trick) for trick in DISGUISES]),
            _namesake_words(found),
        ]
    )


def _kind(found: Found, code: str) -> dict[str, str]:
    return {
        "kind": code.removeprefix("words_"),
        "genuine marked": f"{found.alarms[code]} ({found.alarms[code] / found.genuine:.2%})",
        "spam marked": f"{found.hits[code]} ({found.hits[code] / found.spam:.2%})",
    }


def _namesake_words(found: Found) -> str:
    number = sum(found.ordinary.values())
    others = ", ".join(f"{name} {times}" for name, times in found.ordinary.most_common()) or "none"
    return (
        f"Of the first {found.names:,} genuine people of the public sets {sum(found.namesakes.values())} were taken "
        f"for impostors of these names, and {number} ({number / found.names:.2%}; aim {MOST_NAMESAKES:.1%}) for those "
        f"of {len(ORDINARY)} names that are ordinary words or people's names ({', '.join(ORDINARY)}): {others}."
    )


def _trick(found: Found, trick: str) -> dict[str, str]:
    row = {"disguise": trick}
    for where in ("name", "username", "bio"):
        caught = [
            hit for one, hit in zip(found.made, found.caught, strict=True) if (one.trick, one.where) == (trick, where)
        ]
        row[where] = f"{sum(caught)} of {len(caught)}" if caught else ""
    return row


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
