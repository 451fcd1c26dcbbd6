"""The time between two calls to X."""

from followguard.cli.opened import seed_of
from followguard.domain.installation import Installation
from followguard.following.by_api import CallTiming
from followguard.store.store import Store


def call_timing(installation: "Installation", store: "Store") -> "CallTiming":
    """The time between two follow calls: spread out, but for a stand-in on this machine."""
    import time
    from random import Random

    from followguard.following.by_api import CallTiming
    from followguard.following.pace import AT_ONCE, Spacing

    spacing = AT_ONCE if installation.on_loopback else Spacing()
    return CallTiming(spacing=spacing, sleep=time.sleep, rng=Random(seed_of(installation, store)))
