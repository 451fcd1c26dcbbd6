"""The stand-in for X that a demo plays against: made-up people, or the accounts of a profile file."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from followguard.files.csv_table import Tell, untold

if TYPE_CHECKING:
    from followguard.domain.follower import Profile
    from followguard.sandbox.server import Sandbox


def profiles_of(path: Path, tell: Tell = untold) -> "tuple[tuple[Profile, ...], Counter[str]]":
    """Returns the accounts of a file, for the sandbox, and why how many rows are left out.

    Raises UnreadableFile, also when no row can be read.
    """
    from followguard.errors import UnreadableFile
    from followguard.files.profile_files import read_profiles
    from followguard.files.profile_row import ProfileRow

    rows = list(read_profiles(path, datetime.now(UTC), tell))
    profiles = tuple(row.profile for row in rows if isinstance(row, ProfileRow))
    errors = [row for row in rows if not isinstance(row, ProfileRow)]
    if not profiles:
        raise UnreadableFile(
            f"{path} holds no profile that can be read: {errors[0].error}.",
            f"Mend the rows; each with its error: followguard score {path}",
        )
    return profiles, Counter(row.kind for row in errors)


@contextmanager
def demo_sandbox(
    profiles: "Sequence[Profile]" = (), *, followers: int = 200, nights: int = 2, seed: int = 1
) -> Iterator["Sandbox"]:
    """Serves a stand-in for X with one account, acme: profiles of a file over so many nights, or people made up."""
    from followguard.sandbox.plan import AccountPlan, Attack, SandboxPlan
    from followguard.sandbox.server import serve

    made_up = AccountPlan(handle="acme", followers=followers, mean_new=40, attacks=(Attack(1),))
    given = AccountPlan(handle="acme", profiles=tuple(profiles), nights=nights)
    start = datetime.now(UTC) - timedelta(days=nights)
    with serve(SandboxPlan(accounts=(given if profiles else made_up,), seed=seed, start=start)) as sandbox:
        yield sandbox
