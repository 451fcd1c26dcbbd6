"""Looks at the targets without sending anything: variables that are set, addresses that apprise knows."""

from collections.abc import Iterator, Mapping

from followguard.accounts.findings import Finding, State
from followguard.domain.installation import Installation
from followguard.domain.wording import counted
from followguard.errors import ConfigurationError, FollowguardError
from followguard.notify.delivery import UNKNOWN_ADDRESS, is_known
from followguard.notify.heartbeat import PLACE, START, with_signal
from followguard.notify.personal import SHARED, own_targets, shared
from followguard.notify.targets import Addressee, Target, every_route_target, named, night_targets
from followguard.store.store import Store

CHECK = "notifications"
TRY = "To send a test: followguard notify test"


def check_targets(installation: Installation, store: Store, env: Mapping[str, str]) -> list[Finding]:
    """Gives a finding for each target that can't work, or one that all of them can; none where there is no target."""
    found = [*_targets(installation, store, env), *_heartbeat(installation, env)]
    wrong = [each for each in found if each is not None]
    if wrong or not found:
        return wrong
    text = f"{counted(len(found), 'target')} found, none was asked."
    return [Finding(check=CHECK, state=State.OK, text=text, next_step=TRY)]


def _targets(installation: Installation, store: Store, env: Mapping[str, str]) -> Iterator[Finding | None]:
    everybody, own = [*night_targets(installation), *every_route_target(installation)], _own(store)
    known: dict[Target, Addressee] = {}
    for target in [*everybody, *own]:
        try:
            known[target] = named(target, env)
        except ConfigurationError as error:
            yield _warn(error.message, error.next_step)
        else:
            fits = is_known(known[target].address)
            yield None if fits else _warn(f"{known[target].name}: {UNKNOWN_ADDRESS}.", TRY)
    addresses = {target: each.address for target, each in known.items()}
    doubtful = shared([*{each for target, each in addresses.items() if target not in own},
                       *(each for target, each in addresses.items() if target in own)])  # fmt: skip
    for target in own:
        if addresses.get(target) in doubtful:
            yield _warn(f"{known[target].name}: {SHARED}.", "See followguard person notify --help")


def _own(store: Store) -> list[Target]:
    """Reads nothing from a database that can't be read: that has its own finding."""
    try:
        with store.begin() as work:
            return [each.target for each in own_targets(work)]
    except FollowguardError:
        return []


def _heartbeat(installation: Installation, env: Mapping[str, str]) -> Iterator[Finding | None]:
    entry = installation.notify.heartbeat
    if not entry:
        return
    try:
        usable = with_signal(named(Target(entry, PLACE), env).address, START)
    except ConfigurationError as error:
        yield _warn(error.message, "Set it to an http or https address where the night runs.")
    else:
        yield None if usable else _warn(f"{PLACE} isn't an http or https address.", "Set it to one, or to nothing.")


def _warn(text: str, next_step: str) -> Finding:
    return Finding(check=CHECK, state=State.WARN, text=text, next_step=next_step)
