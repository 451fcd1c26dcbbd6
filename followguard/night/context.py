"""A night and what it works with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from followguard.accounts.budget import Clock
from followguard.classifier.scoring import Scorer
from followguard.cli.opened import clock_of, new_patience, open_reader, open_writer, seed_of
from followguard.domain.installation import Installation
from followguard.errors import Tell
from followguard.following.by_api import CallTiming
from followguard.following.follow_back import call_timing
from followguard.proof.head import Head
from followguard.proof.heads_file import kept_heads
from followguard.store.store import Store
from followguard.training.models.serving import load_scorer
from followguard.x.contract import FollowerReader, FollowWriter


@dataclass(frozen=True, slots=True, kw_only=True)
class NightContext:
    """What a night works with. The openers raise `MissingCredentials`, `load_scorer` raises `DamagedModel`.

    `retrain` learns for an account's model group, in a process of its own (`night.retrain`). `kept_heads` of the
    log are those that earlier nights wrote down.
    """

    installation: Installation
    store: Store
    clock: Clock
    seed: int
    rhythm: CallTiming
    open_reader: Callable[[str], FollowerReader]
    open_writer: Callable[[str, str], FollowWriter]
    load_scorer: Callable[[str, Tell], Scorer]
    retrain: Callable[[str], dict[str, Any]]
    say: Callable[[str], None]
    kept_heads: Callable[[], Sequence[Head]] = tuple


def night_context(installation: Installation, store: Store, say: Callable[[str], None]) -> NightContext:
    """Returns what a night works with."""
    from followguard.training.retrain.own_process import retrain_apart

    now = clock_of(installation)
    waits = {handle: new_patience() for handle in installation.accounts}
    return NightContext(
        installation=installation,
        store=store,
        clock=now,
        seed=seed_of(installation, store),
        rhythm=call_timing(installation, store),
        open_reader=lambda handle: open_reader(installation, handle, now, patience=waits[handle]),
        open_writer=lambda handle, x_id: open_writer(installation, handle, x_id, now, waits[handle]),
        load_scorer=lambda handle, tell: load_scorer(installation, handle, store=store, tell=tell),
        retrain=lambda handle: retrain_apart(installation.config_path, handle),
        say=say,
        kept_heads=lambda: kept_heads(installation),
    )
