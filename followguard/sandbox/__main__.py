"""`python -m followguard.sandbox`: serves until it is told to end."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from followguard.domain.follower import Profile
from followguard.domain.wording import safe_text
from followguard.errors import ConfigurationError, FollowguardError, UnreadableFile
from followguard.files.profile_row import ProfileRow
from followguard.sandbox.faults import parse
from followguard.sandbox.plan import SPECS, AccountPlan, Attack, SandboxPlan
from followguard.sandbox.server import announcement, serve

ReadProfiles = Callable[[Path, datetime], Sequence[Profile]]


def read_profile_file(path: Path, now: datetime) -> Sequence[Profile]:
    """Reads the profiles of a CSV, JSONL or Parquet file; says on standard error which rows are left out.

    Raises UnreadableFile, also when no row is a profile.
    """
    from followguard.files.profile_files import read_profiles as read

    rows = list(read(path, now, _say))
    profiles = [row.profile for row in rows if isinstance(row, ProfileRow)]
    errors = [row.error for row in rows if not isinstance(row, ProfileRow)]
    if not profiles:
        raise UnreadableFile(f"{path} holds no profile: {errors[0]}.", "See the columns in followguard score --help.")
    if errors:
        _say(f"left out of {path}: {len(errors)}; {errors[0]}")
    return profiles


def _say(text: str) -> None:
    sys.stderr.write(f"followguard.sandbox: {safe_text(text, 2_000)}\n")


def main(argv: Sequence[str] | None = None, read_profiles: ReadProfiles = read_profile_file) -> int:
    """Announces itself in one line of JSON, then serves until SIGTERM or SIGINT. The exit code."""
    asked = _parser().parse_args(argv)
    ended = threading.Event()
    try:
        with serve(_plan(asked, read_profiles), asked.port) as sandbox:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: ended.set())
            sys.stdout.write(announcement(sandbox) + "\n")
            sys.stdout.flush()
            ended.wait()
    except FollowguardError as error:
        sys.stderr.write(f"followguard.sandbox: {error}\n")
        return error.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m followguard.sandbox", description=__doc__, allow_abbrev=False)
    parser.add_argument("--port", type=int, default=0, help="0 (default): any free one")
    parser.add_argument("--account", action="append", metavar="HANDLE", help="default: acme; may be repeated")
    parser.add_argument("--followers", type=int, help="made-up followers of each account at the start (200)")
    parser.add_argument("--mean-new", type=float, metavar="X", help="mean of new made-up followers a night (5)")
    parser.add_argument("--attack", metavar="NIGHT:SIZE", help="look-alikes that arrive in one night (2:40; none)")
    parser.add_argument(
        "--profiles", type=Path, metavar="FILE", help="the followers of the first account: CSV, JSONL, Parquet"
    )
    parser.add_argument("--nights", type=int, default=1, help="over so many nights the profiles arrive (1)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", metavar="TIME", help="the sandbox's clock, ISO with time zone (now)")
    parser.add_argument("--spec", choices=SPECS, default=SPECS[0], help="2.167 says post_count for tweet_count")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="JSON list of faults, see docs/sandbox.md")
    parser.add_argument("--owns-developer-app", action="store_true", help="bill follower lists as owned reads")
    return parser


def _plan(asked: argparse.Namespace, read_profiles: ReadProfiles) -> SandboxPlan:
    start = _start(asked.start)
    profiles = tuple(read_profiles(asked.profiles, start)) if asked.profiles else ()
    attacks = _attacks(asked.attack or ("none" if profiles else "2:40"))
    handles = asked.account or ["acme"]
    accounts = tuple(
        AccountPlan(
            handle=handle.removeprefix("@"),
            followers=asked.followers,
            mean_new=asked.mean_new,
            attacks=attacks,
            owns_developer_app=asked.owns_developer_app,
            profiles=profiles if handle == handles[0] else (),
            nights=asked.nights,
        )
        for handle in handles
    )
    faults = tuple(_faults(asked.faults)) if asked.faults else ()
    return SandboxPlan(accounts=accounts, seed=asked.seed, start=start, spec=asked.spec, faults=faults)


def _attacks(text: str) -> tuple[Attack, ...]:
    night, colon, size = text.partition(":")
    if text == "none":
        return ()
    if not (colon and night.isdigit() and size.isdigit()):
        raise ConfigurationError(f"--attack {text} isn't NIGHT:SIZE.", "Write it as 2:40, or none.")
    return (Attack(int(night), int(size)),)


def _start(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationError(f"--start {text} isn't a time.", "Write it as 2026-11-03T00:05:00Z.") from error


def _faults(path: Path) -> list[dict[str, object]]:
    try:
        faults = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"The faults in {path} can't be read: {error}.", "Give a JSON list.") from error
    if not isinstance(faults, list):
        raise ConfigurationError(f"The faults in {path} aren't a list.", 'Write [{"on": "me", "fault": "http_500"}].')
    for fault in faults:
        parse(fault)
    return faults


if __name__ == "__main__":
    sys.exit(main())
