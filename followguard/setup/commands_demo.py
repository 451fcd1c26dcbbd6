"""`followguard demo`: the very commands that a company runs, run one after the other against the sandbox."""

import io
import json as json_module
import os
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.next_steps import quoted, to_run
from followguard.cli.options import Json
from followguard.errors import INTERRUPTED, FollowguardError, UsageError
from followguard.setup.commands_demo_world import demo_sandbox, profiles_of

if TYPE_CHECKING:
    from followguard.domain.follower import Profile
    from followguard.sandbox.server import Sandbox

PERSON = "Dana"
APPROVED, REJECTED, SHOWN = 3, 2, 8
CONFIGURATION = """\
# The demo's configuration; `followguard init` writes one with every key explained.
max_usd_per_month = {month}

[accounts.acme]
training_basis = "own-decisions"

[accounts.acme.policy]
first_night = {first_night}
max_usd_per_night = {night}
max_cards_per_day = {cards}
"""
OURS = "FOLLOWGUARD_"


@dataclass(slots=True)
class Show:
    """What the demo has to tell, while it goes on."""

    folder: Path
    json: bool
    told: dict[str, Any] = field(default_factory=lambda: {"nights": [], "decisions": []})
    codes: list[int] = field(default_factory=list)

    @property
    def config(self) -> str:
        """The demo's own configuration file."""
        return str(self.folder / "followguard.toml")

    def heading(self, text: str) -> None:
        """Prints a heading for what comes next."""
        if not self.json:
            output.line()
            output.line(f"== {text}")

    def tell(self, name: str, command: list[str], *options: str) -> None:
        """Runs a command as a person would, and shows it with what it prints, or keeps its document by that name."""
        if self.json:
            self.told[name] = self.document(*command, *options)
            return
        output.line(f"$ followguard {' '.join([*command, *options])}")
        self.codes.append(_main([*command, *options, "--config", self.config]))

    def document(self, *args: str) -> Any:
        """Runs a command with `--json` and returns its document; its exit code is kept."""
        caught = io.StringIO()
        with redirect_stdout(caught):
            code = _main([*args, "--config", self.config, "--json"])
        if code == INTERRUPTED:
            raise KeyboardInterrupt
        self.codes.append(code)
        found = json_module.loads(caught.getvalue() or "null")
        if isinstance(found, dict) and found.keys() == {"errors"}:
            raise FollowguardError(found["errors"][0]["message"])
        return found


def command(
    profiles: Annotated[
        Path | None, typer.Option("--profiles", metavar="FILE", help="A profile file whose accounts follow us.")
    ] = None,
    followers: Annotated[int, typer.Option("--followers", min=0, help="Made-up followers at the start.")] = 200,
    nights: Annotated[int, typer.Option("--nights", min=1, max=366, help="How many nights.")] = 2,
    seed: Annotated[int, typer.Option("--seed", help="Another seed makes up other people.")] = 1,
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Where to leave it all. Default: a temporary folder.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Then open the desk in the browser; with --keep, on what stands there.")
    ] = False,
    json: Json = False,
) -> int:
    """Two nights and a morning against a built-in sandbox: no keys, no network.

    Real HTTP through tweepy to a stand-in for X on this machine, SQLite in a fresh folder. With --profiles the file's
    accounts arrive in equal nights, and the budget is set so that all of them are read; rows that can't be read are
    counted, and a file without one that can is refused. With --serve it prints a sign-in link and serves the desk until
    Ctrl-C; where --keep names a folder with a demo in it, no new one is played.
    """
    from followguard.setup.commands_demo_desk import is_demo, serve_demo

    if serve and json:
        raise UsageError("--serve goes on until Ctrl-C, and --json is one document.", "Leave one of them out.")
    if serve and keep is not None and is_demo(keep):
        return serve_demo(keep, PERSON)
    people, left_out = profiles_of(profiles, output.warn) if profiles else ((), Counter[str]())
    show = Show(_fresh_folder(keep), json)
    if profiles:
        _tell_profiles(show, profiles, len(people), left_out)
    _configure(show, len(people))
    with demo_sandbox(people, followers=followers, nights=nights, seed=seed) as sandbox, _own_world(sandbox):
        _nights(show, sandbox, nights, people)
        _morning(show)
        _closing(show)
    code = max(show.codes, default=0)
    return serve_demo(show.folder, PERSON) if serve and not code else code


def _tell_profiles(show: Show, file: Path, people: int, left_out: "Counter[str]") -> None:
    from followguard.files.profile_row import reasons_in_words

    many = left_out.total()
    show.told["profiles"] = {"file": str(file), "read": people, "skipped": many, "skipped_reasons": dict(left_out)}
    why = f"; {many:,} of {people + many:,} rows left out: {reasons_in_words(left_out)}" if many else ""
    output.note(f"{output.counted(people, 'follower')} from {file}{why}.")


def _fresh_folder(keep: Path | None) -> Path:
    """Raises UsageError for a folder with something in it."""
    import tempfile

    from followguard.files.private import make_folder

    if keep is None:
        return Path(tempfile.mkdtemp(prefix="followguard-demo-"))
    try:
        make_folder(keep)
    except OSError as error:
        raise UsageError(f"{keep} can't be made ({error.strerror}).", "Choose another folder with --keep.") from error
    if any(keep.iterdir()):
        raise UsageError(f"{keep} isn't empty, and stays as it is.", "Choose a new folder with --keep.")
    return keep.resolve()


def _configure(show: Show, people: int) -> None:
    from followguard.files.whole_file import write_private

    budget = max(5.0, people * 0.02)
    month = max(50.0, 3 * budget)
    cards = 60 if people else 150  # of made-up people all, so that the look-alikes are on the desk too
    text = CONFIGURATION.format(first_night=max(100, people), night=budget, month=month, cards=cards)
    write_private(Path(show.config), text)


@contextmanager
def _own_world(sandbox: "Sandbox") -> Iterator[None]:
    """Puts the sandbox's address and keys into the environment, and nothing of a real installation."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    os.environ.update(sandbox.environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _nights(show: Show, sandbox: "Sandbox", nights: int, people: "tuple[Profile, ...]") -> None:
    last = datetime.now(UTC).replace(microsecond=0)
    for number in range(1, nights + 1):
        now = last - timedelta(days=nights - number)
        os.environ["FOLLOWGUARD_NOW"] = now.isoformat()
        if number > 1 or people:
            sandbox.next_night(now)
        if number == 1:
            show.document("db", "upgrade")
            show.document("person", "add", PERSON, "--role", "owner")
        show.heading(f"Night {number} of {nights}, {now.date().isoformat()}")
        output.note("$ followguard nightly")
        night = show.document("nightly")
        show.told["nights"].append(night)
        if not show.json:
            _tell_night(night)


def _tell_night(night: dict[str, Any]) -> None:
    for account in night["accounts"]:
        output.line(
            f"@{account['account']}: {account['status']}, {output.counted(account['new'], 'new follower')}, "
            f"{output.counted(account['listed'], 'card')}, "
            f"{output.counted(account['batches'], 'batch', 'batches')} of look-alikes, "
            f"{output.counted(account['reads'], 'profile')} read for {output.money(account['cost_usd'])}"
        )


def _morning(show: Show) -> None:
    """Has Dana decide about a few cards and open the hand-off list; the rest is left for you."""
    cards = show.document("review", "list", "--limit", "0")
    show.heading(f"The morning: {PERSON} decides about a few of {output.counted(len(cards), 'card')}")
    for card in [card for card in cards if card["band"] == "genuine"][:APPROVED]:
        _decide(show, "approve", card)
    likely_spam = sorted((card for card in cards if card["band"] != "genuine"), key=lambda card: -card["p_spam"])
    for card in likely_spam[:REJECTED]:
        _decide(show, "reject", card, "--reason", "spam")
    show.heading("The review list, the first cards of it")
    show.tell("review", ["review", "list"], "--limit", "0" if show.json else str(SHOWN))
    show.heading("The hand-off list: links for whoever is signed in as the account")
    show.tell("follow_back", ["follow-back"], "--by", PERSON)


def _decide(show: Show, verb: str, card: dict[str, Any], *reason: str) -> None:
    found = show.document("review", verb, card["follower_id"], "--by", PERSON, *reason)
    show.told["decisions"].extend(found)
    if not show.json:
        why = "; ".join(row["text"] for row in card["reasons"] if row["code"] != "other")
        if card["batch"] is not None:
            why = f"one of the look-alikes of batch {card['batch']}{'; ' if why else ''}{why}"
        output.line(f"{verb} @{card['username']} ({card['band']}, p_spam {card['p_spam']:.2f}): {why}")


def _closing(show: Show) -> None:
    report = show.document("report")["report"]  # again, now that some of its cards are decided
    if show.json:
        output.document({"folder": str(show.folder), "report": report, **show.told})
        return
    accounts = [account for one in show.told["nights"] for account in one["accounts"]]
    reads, cost = (sum(account[key] for account in accounts) for key in ("reads", "cost_usd"))
    checked = show.document("status")["accounts"][0]["spent_tonight_usd"] - accounts[-1]["cost_usd"]
    show.heading("The receipt")
    profiles, nights = output.counted(reads, "profile"), output.counted(len(show.told["nights"]), "night")
    output.line(f"{profiles} read in {nights}: {output.money(cost)} at X's prices.")
    output.line(f"Looking again at those on the hand-off list: {output.money(checked)}.")
    output.line(f"Report of the last night: {report}")
    output.line(f"All of it is in {show.folder}")
    show.heading("Try next")
    config = ("--config", quoted(show.config))
    _say_next("The desk in the browser:", to_run("demo", "--serve", "--keep", quoted(str(show.folder))))
    for what, words in (
        ("The desk on the terminal, one key a decision:", ("review", "--by", PERSON)),
        ("Every card of today:", ("review list", "--include-held-back")),
        ("One screen of state:", ("status",)),
        ("The report again:", ("report",)),
    ):
        _say_next(what, to_run(*words, *config))
    _say_next("Your own account:", to_run("init"))


def _say_next(what: str, typed: str) -> None:
    output.line(what)
    output.line(f"  {_program()}{typed.removeprefix(output.PROGRAM)}")


def _program() -> str:
    """Returns what to type to run this very program again."""
    if shutil.which("followguard"):
        return "followguard"
    here = Path(sys.argv[0]).name == "followguard"
    return shlex.quote(sys.argv[0]) if here else f"{shlex.quote(sys.executable)} -m followguard"


def _main(args: list[str]) -> int:
    from followguard.cli.app import main

    return main(args)
