"""`followguard person notify`."""

from typing import Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, By, Config, Json
from followguard.errors import UsageError


def command(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The person's name.")],
    variable: Annotated[
        str | None,
        typer.Argument(metavar="ENV_NAME", help="The environment variable that holds their own apprise URL."),
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="Take the person's target away.")] = False,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Name the variable that holds a person's own target.

    Each night that leaves them cards then sends them how many, and where [desk] url is set a sign-in link, good once
    and until noon UTC. Only an owner names it. A target that two people share is refused.
    """
    from followguard.notify.personal import name_target
    from followguard.notify.targets import variables_of_all

    if (variable is None) != off:
        raise UsageError("Name one environment variable, or --off.", "See followguard person notify --help")
    with opened(config) as here, here.store.begin() as work:
        person = name_target(work, name, variable, variables_of_all(here.installation), by, here.now)
    if json:
        output.document({"name": person.name, "variable": variable})
    elif off:
        output.line(f"{person.name} has no target of their own any more.")
    else:
        output.line(f"{person.name} is told by what {variable} holds where the night runs.")
        output.step("To try it there: followguard notify test")
