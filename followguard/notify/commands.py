"""`followguard notify`."""

import os
from typing import TYPE_CHECKING

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Config, Json
from followguard.errors import FAILED, PARTLY, ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from followguard.notify.delivery import Delivered


def try_command(config: Config = CONFIG, json: Json = False) -> int | None:
    """Send a test to each target, and say which took it.

    The targets of the night, of the departments and of people. Exit code 1 when none took it, 3 when some did.
    """
    from followguard.notify.personal import own_targets
    from followguard.notify.targets import every_route_target, night_targets
    from followguard.notify.trial import try_targets

    with opened(config) as here, here.store.begin() as work:
        own = [each.target for each in own_targets(work)]
    targets = [*night_targets(here.installation), *every_route_target(here.installation), *own]
    if not targets:
        raise ConfigurationError("No target is configured.", NONE_YET)
    done = try_targets(targets, os.environ)
    if json:
        output.document({"targets": [each.as_json() for each in done]})
    else:
        print_deliveries(done)
    return exit_code([each.ok for each in done])


NONE_YET = (
    'Add an apprise URL, or the name of an environment variable that holds one, under [notify]: targets = ["TEAM_CHAT"]'
)


def print_deliveries(done: "Sequence[Delivered]") -> None:
    """Prints one line for each target."""
    for each in done:
        output.line(f"{'ok    ' if each.ok else 'FAILED'}  {each.target}{'' if each.ok else f': {each.why}'}")


def exit_code(took: "Sequence[bool]") -> int | None:
    """Returns 0 where all is well, 1 where nobody took it, 3 for a mixture."""
    if all(took):
        return None
    return PARTLY if any(took) else FAILED
