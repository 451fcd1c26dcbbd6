"""`followguard desk`: the desk as a web page, and who may come in."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import Opened, opened, seed_of
from followguard.cli.options import CONFIG, By, Config, Json
from followguard.domain.wording import quoted

if TYPE_CHECKING:
    from followguard.web.desk import Served

PORT = 8017
Name = Annotated[str, typer.Argument(metavar="PERSON", help="A person that `followguard person list` shows.")]
Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, metavar="N", help="The port on this machine; 0: any free one.")
]
ServedPort = Annotated[
    int, typer.Option("--port", min=1, max=65535, metavar="N", help="The desk's port, where [desk] url isn't set.")
]


def serve_command(
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="Where to listen; beyond this machine only with [desk] url."),
    ] = "127.0.0.1",
    port: Port = PORT,
    open_it: Annotated[
        bool, typer.Option("--open", help="Open it in the browser, signed in as --by where that is given.")
    ] = False,
    by: By = None,
    config: Config = CONFIG,
) -> None:
    """Open the desk as a web page, until Ctrl-C.

    It listens on this machine alone. For colleagues, put a proxy that ends TLS in front of it, and set url in [desk] of
    followguard.toml. People sign in by a personal link, which `followguard desk invite` prints.
    """
    from followguard.web.desk import Served, WebDesk
    from followguard.web.server import check_address, listening, serve

    with opened(config) as here:
        check_address(host, here.installation.desk.url)
        seed = seed_of(here.installation, here.store)
        with listening(host, port) as socket:
            served = Served(host, socket.getsockname()[1])
            _say_open(here, served)
            if open_it:
                _open(here, served, by)
            serve(WebDesk(here.installation, here.store, here.clock, seed, served), socket, sys.stderr)
    output.note("The desk is closed.")


def invite_command(
    name: Name, port: ServedPort = PORT, by: By = None, config: Config = CONFIG, json: Json = False
) -> None:
    """Print a personal sign-in link, good once and for 15 minutes.

    It makes the one who opens it that person at the desk: hand it over as you would a key. With --by, only the person
    themself or an owner may have one made.
    """
    from followguard.access.invite import invite

    with opened(config) as here, here.store.begin() as work:
        made = invite(work, name, by, here.now)
        base = here.installation.desk.url or f"http://127.0.0.1:{port}"
    link = f"{base}/sign-in/{made.token}"
    if json:
        output.document({"person": made.person.name, "link": link, "expires_at": made.expires_at})
        return
    output.line(link)
    output.note(f"It signs {made.person.name} in, once, until {made.expires_at:%H:%M} UTC.")


def sign_out_command(name: Name, by: By = None, config: Config = CONFIG, json: Json = False) -> None:
    """End a person's sessions, and take back links that nobody used."""
    from followguard.access.invite import sign_out_person

    with opened(config) as here, here.store.begin() as work:
        person, sessions, links = sign_out_person(work, name, by, here.now)
    if json:
        output.document({"person": person.name, "sessions": sessions, "links": links})
        return
    counts = f"{output.counted(sessions, 'session')} ended, {output.counted(links, 'unused link')} taken back"
    output.line(f"{person.name}: {counts}.")


def _say_open(here: Opened, served: "Served") -> None:
    url = here.installation.desk.url
    output.line(f"The desk is open at {url or served.address}")
    port = "" if url or served.port == PORT else f" --port {served.port}"
    output.step(f'Sign in by a personal link: followguard desk invite "YOUR NAME"{port}')
    output.note("Ctrl-C closes it.")


def _open(here: Opened, served: "Served", by: str | None) -> None:
    import webbrowser

    from followguard.access.invite import invite
    from followguard.web.guard.doorway import is_loopback

    path = "/"
    if by:
        with here.store.begin() as work:
            path = f"/sign-in/{invite(work, by, by, here.now).token}"
    base = served.address if is_loopback(served.host) else here.installation.desk.url
    if not webbrowser.open(base + path):
        output.warn(f"No browser could be opened here: followguard desk invite {quoted(by or 'YOUR NAME')}")
