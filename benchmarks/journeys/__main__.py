"""How many files of the program a journey enters: `python -m benchmarks.journeys [--files]`.

Each journey is one command in a process of its own, on an installation that has read two nights of the sandbox. A file
is entered when one of its functions is called; what happens while a module is being imported doesn't count.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from benchmarks.installation import Installation, installed
from benchmarks.pages import table

CEILINGS = {"review approve": 36, "follow-back": 52, "retrain": 56, "model promote": 81}
"""Files that a journey may enter, as measured: a change may lower a figure. The others are shown for comparison."""
TRACING = Path(__file__).with_name("tracing.py")
BY = ("--by", "Dana")
A_DECISION = timedelta(seconds=12)
"""Time between two decisions: a person who approves faster for long is stopped."""
LEARNS: dict[str, str | int] = {"training_basis": "own-decisions", "max_cards_per_day": 150}
EACH = 20
"""Followers approved and rejected before the retraining."""
PROFILES = "id,username,followers,following,tweets,likes,listed,created\n1,ann,90,120,2000,3100,4,2015-02-03\n"


def main(arguments: Sequence[str] = ()) -> int:
    """Prints the table; returns 1 when a ceiling is passed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.journeys", description=str(__doc__).partition(":")[0])
    parser.add_argument("--files", action="store_true", help="also print the files, by folder")
    order = parser.parse_args(arguments)
    with installed("--mean-new", "50", **LEARNS) as house:
        found = dict(journeys(house))
    print(table([row(name, files) for name, files in found.items()]))
    for name, files in found.items() if order.files else ():
        print(f"\n{name}")
        for place, names in folders(files).items():
            print(f"  {place}/  {' '.join(names)}")
    return int(any(len(found[name]) > ceiling for name, ceiling in CEILINGS.items()))


def row(name: str, files: Sequence[str]) -> dict[str, str]:
    """Counts the files and folders of a journey."""
    counts = {"files": str(len(files)), "folders": str(len(folders(files)))}
    return {"journey": name, **counts, "ceiling": str(CEILINGS.get(name, "-"))}


def folders(files: Sequence[str]) -> dict[str, list[str]]:
    """Sorts files by their folder."""
    found: dict[str, list[str]] = {}
    for path in map(PurePosixPath, files):
        found.setdefault(str(path.parent), []).append(path.name)
    return found


def journeys(house: Installation) -> Iterator[tuple[str, list[str]]]:
    """Goes through three nights and the mornings after; yields each command with the files that it entered."""
    house.next_night()
    house.run("person", "add", BY[1], "--role", "owner")
    house.run("nightly")
    house.next_night()
    house.run("nightly")
    cards = house.run("review", "list", "--limit", "0")
    genuine, spam = ([card["follower_id"] for card in cards if (card["band"] == "genuine") == is_it]
                     for is_it in (True, False))  # fmt: skip
    profiles = house.folder / "profiles.csv"
    profiles.write_text(PROFILES, encoding="utf-8")
    yield "score", entered(house, "score", str(profiles))
    yield "review list", entered(house, "review", "list")
    yield "review approve", entered(house, "review", "approve", genuine[0], *BY)
    yield "follow-back", entered(house, "follow-back", *BY)
    yield "follow-back by API", by_api(house, genuine[1])
    house.next_night()
    yield "nightly", entered(house, "nightly")
    for follower in genuine[2 : 2 + EACH]:
        decide(house, "approve", follower)
    decide(house, "reject", *spam[:EACH], "--reason", "spam")
    yield "retrain", entered(house, "retrain", may=(0, 1))
    yield "model promote", promoted(house)


def entered(house: Installation, *arguments: str, may: Sequence[int] = (0,)) -> list[str]:
    """Runs a command as a person would; returns the files that it entered."""
    output = house.folder / "entered.json"
    house.execute([str(TRACING), str(output)], arguments, may)
    return list(json.loads(output.read_text(encoding="utf-8")))


def decide(house: Installation, verb: str, *words: str) -> None:
    """Decides some seconds after the decision before."""
    now = datetime.fromisoformat(os.environ["FOLLOWGUARD_NOW"])
    os.environ["FOLLOWGUARD_NOW"] = (now + A_DECISION).isoformat()
    house.run("review", verb, *words, *BY)


def by_api(house: Installation, follower: str) -> list[str]:
    """Follows one follower through X's call. Raises RuntimeError where the sandbox knows nothing of it."""
    house.configure(**LEARNS, executor="api")
    decide(house, "approve", follower)
    files = entered(house, "follow-back", *BY)
    account = house.sandbox("state")["accounts"]["acme"]
    if follower not in account["following"] + account["follow_request_sent"]:
        raise RuntimeError("the order wasn't carried out")
    house.configure(**LEARNS)
    return files


def promoted(house: Installation) -> list[str]:
    """Promotes the challenger; where the gate has promoted it already, after a rollback."""
    model = house.run("model", "list")[-1]
    if model["state"] == "serves":
        house.run("model", "rollback", *BY)
    return entered(house, "model", "promote", model["model"], *BY)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
