"""Sixty nights of one account with real profiles, through the sandbox and the public command line.

`python -m benchmarks.sixty_nights --datasets DIR [--write]`. It needs the public sets and says so where they are
missing. The base model is trained anew with the set held out that the followers come from, so that it meets them as it
would meet yours. The people who decide know their labels, the program doesn't.
"""

import json
import shutil
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.asking import parser, say, without_sets
from benchmarks.installation import own_environment
from benchmarks.sixty_nights.office import Office
from benchmarks.sixty_nights.page import page_part, write
from benchmarks.sixty_nights.people import SET, Mixture, mixture
from benchmarks.sixty_nights.story import Learned, Night, Story
from followguard.domain.labels import LabelledProfile
from followguard.errors import DatasetMismatch
from followguard.sandbox import AccountPlan, Sandbox, SandboxPlan, serve
from followguard.sandbox.plan import START
from followguard.training.base.public_sets import load_public_sets

ROOT = Path(__file__).parents[2]
COMMAND = "python -m benchmarks.sixty_nights"
USUAL = {"nights": 60, "seed": 20_261_122}
RETRAIN_EVERY = 7
ROLLBACK_AFTER = 2 / 3
"""After this share of the nights, on the first morning with a house model in force, an owner rolls it back."""
MORNING = timedelta(hours=8)
SETTINGS = ("--max-wrong-hold", "0.1", "--max-wrong-hold", "0.05", "--holding-back", "earned", "--holding-back", "off")
PARTS = ("followguard", "training_data")


def main(arguments: Sequence[str] = ()) -> int:
    """Prints the story; returns 1 when a command failed or an invariant broke, 2 when the files are other ones."""
    options = parser(COMMAND, str(__doc__), "write docs/sixty-nights.md and its picture", USUAL)
    options.add_argument("--nights", type=int, help="how many nights")
    options.add_argument("--seed", type=int, help="draws the followers, the slips, the audits")
    options.add_argument("--keep", type=Path, help="leave installation and figures here; they name real accounts")
    order = options.parse_args(arguments)
    if without_sets(order, COMMAND):
        return 0
    try:
        story = told(order)
    except DatasetMismatch as wrong:
        print(wrong, file=sys.stderr)
        return 2
    print(f"\n{page_part(story)}")
    if order.write:
        write(story)
    return int(bool(story.troubles))


def told(order: Namespace) -> Story:
    """Runs all nights, in a temporary folder unless it is to be kept, for it names real accounts."""
    began = time.monotonic()
    came = mixture(load_public_sets(order.datasets), order.nights, order.seed)
    with tempfile.TemporaryDirectory() as temporary:
        folder = order.keep or Path(temporary)
        profiles = tuple(row.profile for row in came.everybody)
        plan = AccountPlan(handle="acme", profiles=profiles, nights=order.nights, already_following=0.0)
        with (
            serve(SandboxPlan(accounts=(plan,), seed=order.seed)) as sandbox,
            own_environment(sandbox.environment() | {"FOLLOWGUARD_SEED": str(order.seed)}),
        ):
            story = _lived(order, folder, came, sandbox)
    story.minutes = (time.monotonic() - began) / 60
    if order.keep:
        (order.keep / "story.json").write_text(json.dumps(asdict(story), default=str), encoding="utf-8")
    return story


def _lived(order: Namespace, folder: Path, came: Mixture, sandbox: Sandbox) -> Story:
    """Trains the base model, founds the installation, and goes through nights and mornings."""
    (folder / "office").mkdir(parents=True)
    spam = {row.profile.id: row.spam for row in came.everybody}
    office = Office(folder / "office", _tree(folder / "tree"), spam, Random(order.seed), START)
    where = str(office.tree / "models" / "base")
    sets = str(order.datasets.resolve())
    base = office.run("model", "train-base", "--datasets", sets, "--hold-out", SET, "--output", where)
    story = Story(
        nights=[],
        learned=[],
        kinds=came.kinds,
        attack=came.attack,
        seed=order.seed,
        command=f"{COMMAND} --write",
        day=datetime.now(UTC).date(),
        base=base["name"],
    )
    office.found()
    _base_scores(office, came, story)
    for number in range(1, order.nights + 1):
        _night(office, sandbox, number, order.nights, story)
        say(f"night {number}: {story.nights[-1]}")
    story.whatif = _whatif(office)
    story.checked = office.run("db", "check")
    story.troubles = office.troubles
    return story


def _tree(folder: Path) -> Path:
    """Copies the program, with room for another base model."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "models").mkdir()
    return folder


def _base_scores(office: Office, came: Mixture, story: Story) -> None:
    """Scores everybody by the base model alone: `followguard score` on a profile file."""
    from followguard.files.profile_files import write_rows
    from followguard.files.profile_headings import COLUMNS

    path = office.folder / "everybody.jsonl"
    write_rows(path, (_cells(row) for row in came.everybody), COLUMNS)
    rows = office.run("score", str(path))
    story.base_p = {row["id"]: row["p_spam"] for row in rows}
    path.unlink()


def _cells(row: LabelledProfile) -> dict[str, Any]:
    from followguard.domain.follower import PROFILE_COLUMNS

    cells = {column: getattr(row.profile, column) for column in PROFILE_COLUMNS}
    return {name: cell.isoformat() if isinstance(cell, datetime) else cell for name, cell in cells.items()}


def _night(office: Office, sandbox: Sandbox, number: int, nights: int, story: Story) -> None:
    at = START + timedelta(days=number)
    sandbox.next_night(at)
    office.now = at
    receipt = office.run("nightly", may=(0,))["accounts"][0]
    waits, cards = office.waiting(), office.desk()
    _invariants(office, receipt, waits, cards, number)
    new = {card["follower_id"]: card for card in waits if card["follower_id"] not in story.p_spam}
    story.p_spam |= {who: card["p_spam"] for who, card in new.items()}
    story.held |= {card["follower_id"]: office.spam[card["follower_id"]] for card in waits if card["held_back"]}
    hidden = [card for card in waits if card["held_back"] and not card["audit"]]
    night = Night(number=number, receipt=receipt, spam={who: office.spam[who] for who in new})
    night.hidden_spam = sum(office.spam[card["follower_id"]] for card in hidden)
    night.hidden_real = len(hidden) - night.hidden_spam
    story.nights.append(night)
    office.now = at + MORNING
    if number == 1:
        story.learned.append(Learned.of(number, "retrain", office.run("retrain", may=(0, 1))))
    night.tested = office.blind_test()
    night.decided = office.decide(cards)
    _follow_back(office, sandbox)
    _learn(office, number, nights, story)


def _learn(office: Office, number: int, nights: int, story: Story) -> None:
    rolled_back = any(each.what == "rollback" for each in story.learned)
    house = any(each.outcome == "promoted" for each in story.learned)
    if house and not rolled_back and number > ROLLBACK_AFTER * nights:
        story.learned.append(Learned.of(number, "rollback", office.run("model", "rollback", "--by", "Ann")))
    elif number == 2 or number % RETRAIN_EVERY == 0:
        story.learned.append(Learned.of(number, "retrain", office.run("retrain", may=(0, 1))))


def _follow_back(office: Office, sandbox: Sandbox) -> None:
    """Lets Ann open the list and follow everybody on it on X."""
    done = office.quick("follow-back", "--by", "Ann", may=(0, 3))
    for link in done["accounts"][0]["handed_off"] if done else ():
        sandbox.intervene("followed_by_hand", link["follower_id"], "acme")


def _invariants(
    office: Office, receipt: dict[str, Any], waits: list[dict[str, Any]], cards: list[dict[str, Any]], number: int
) -> None:
    """Notes what doesn't hold this morning."""
    hidden = sum(card["held_back"] and not card["audit"] for card in waits)
    holds = {
        "the night is done": receipt["status"] == "done",
        "the desk shows as many cards as the receipt lists": len(cards) == receipt["listed"],
        "as many are hidden as the receipt says": hidden == receipt["held_back"],
        "as many are audited": sum(card["audit"] for card in cards) == receipt["audit"],
        "as many wait for a later day": len(waits) - hidden - sum(c["state"] == "waiting" for c in cards)
        == receipt["waiting"],
        "nobody is on the desk twice": len({card["follower_id"] for card in cards}) == len(cards),
        "no more cards than the policy allows": len(cards) <= 60,
    }
    office.troubles += [f"night {number}: not so: {what} ({receipt})" for what, so in holds.items() if not so]


def _whatif(office: Office) -> Any:
    """Replays the nights as they were, with nobody held back, with a stricter setting, and under the base model."""
    (account,) = office.run("whatif", *SETTINGS)["accounts"]
    (base,) = office.run("whatif", *SETTINGS, "--model", "base")["accounts"]
    account["policies"] += [row for row in base["policies"] if not row["current"]]
    return account


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
