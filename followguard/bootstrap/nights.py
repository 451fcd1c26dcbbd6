"""A night and what it works with, and the stand-in for X that demos use."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from followguard.bootstrap.models import load_scorer
from followguard.bootstrap.opening import clock, open_reader, open_writer, patience, seed
from followguard.bootstrap.proofs import kept_heads

if TYPE_CHECKING:
    from followguard.adapters.store.work import Store
    from followguard.domain.follower import Profile
    from followguard.domain.installation import Installation
    from followguard.jobs.account_night import NightContext
    from followguard.jobs.execute import CallTiming
    from followguard.sandbox.server import Sandbox


def night_means(installation: "Installation", store: "Store", say: Callable[[str], None]) -> "NightContext":
    """What a night works with."""
    from followguard.adapters.retrain_apart import retrain_apart
    from followguard.jobs.account_night import NightContext

    now = clock(installation)
    waits = {handle: patience() for handle in installation.accounts}
    return NightContext(
        installation=installation,
        store=store,
        clock=now,
        seed=seed(installation, store),
        rhythm=rhythm(installation, store),
        open_reader=lambda handle: open_reader(installation, handle, now, patience=waits[handle]),
        open_writer=lambda handle, x_id: open_writer(installation, handle, x_id, now, waits[handle]),
        load_scorer=lambda handle, tell: load_scorer(installation, handle, store=store, tell=tell),
        retrain=lambda handle: retrain_apart(installation.config_path, handle),
        say=say,
        kept_heads=lambda: kept_heads(installation),
    )


def rhythm(installation: "Installation", store: "Store") -> "CallTiming":
    """The time between two follow calls: spread out, but for a stand-in on this machine."""
    import time
    from random import Random

    from followguard.domain.pace import AT_ONCE, Spacing
    from followguard.jobs.execute import CallTiming

    spacing = AT_ONCE if installation.on_loopback else Spacing()
    return CallTiming(spacing=spacing, sleep=time.sleep, rng=Random(seed(installation, store)))


@contextmanager
def demo_sandbox(
    profiles: "Sequence[Profile]" = (), *, followers: int = 200, nights: int = 2, seed: int = 1
) -> Iterator["Sandbox"]:
    """A stand-in for X with one account, acme: profiles of a file over so many nights, or people made up."""
    from followguard.sandbox.plan import AccountPlan, Attack, SandboxPlan
    from followguard.sandbox.server import serve

    made_up = AccountPlan(handle="acme", followers=followers, mean_new=40, attacks=(Attack(1),))
    given = AccountPlan(handle="acme", profiles=tuple(profiles), nights=nights)
    start = datetime.now(UTC) - timedelta(days=nights)
    with serve(SandboxPlan(accounts=(given if profiles else made_up,), seed=seed, start=start)) as sandbox:
        yield sandbox
