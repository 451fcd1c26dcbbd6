"""`followguard person`."""

from typing import Annotated

import typer

from followguard.cli import output
from followguard.cli.next_steps import quoted
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, By, Config, Json

Name = Annotated[str, typer.Argument(metavar="NAME", help="The person's name, as decisions will show it.")]
OneAccount = Annotated[
    str | None,
    typer.Option("--account", metavar="HANDLE", help="Only for this account. Default: for every account."),
]


def add_command(
    name: Name,
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="viewer, reviewer, approver or owner.")],
    account: OneAccount = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Add a person, or give one a role.

    A viewer looks, a reviewer rejects and proposes, an approver approves, an owner also manages people and policy. The
    first person added becomes owner; after that only an owner adds people.
    """
    import secrets

    from followguard.jobs.people import Appointment, add_person

    with opened(config) as here, here.store.begin() as work:
        handle = here.installation.account(account).handle if account else None
        added = add_person(work, Appointment(name, role, handle), by, here.now, secrets.token_hex(8))
    if json:
        output.document({"name": added.person.name, "role": added.role, "account": added.account})
        return
    first = (
        "The first person is always owner of every account. " if added.role != role or added.account != handle else ""
    )
    output.line(f"{first}{added.person.name} is now {added.role} {_where(added.account)}.")
    if added.beside:
        name = quoted(added.person.name)
        output.step(
            f"Also, as before: {', '.join(added.beside)}. To take that away: followguard person withdraw {name}"
        )


def list_command(config: Config = CONFIG, json: Json = False) -> None:
    """List people and their roles."""
    from followguard.jobs.people import list_people

    with opened(config) as here, here.store.begin() as work:
        people = list_people(work)
    if json:
        output.document(
            {
                "people": [
                    {
                        "name": each.person.name,
                        "added_at": each.person.added_at,
                        "withdrawn_at": each.person.withdrawn_at,
                        "roles": [{"role": role, "account": account} for role, account in each.roles],
                    }
                    for each in people
                ]
            }
        )
        return
    if not people:
        output.step('Nobody yet. The first becomes owner: followguard person add "YOUR NAME" --role owner')
        return
    rows = [
        (each.person.name, ", ".join(f"{role} {_where(account)}" for role, account in each.roles) or "withdrawn")
        for each in people
    ]
    output.table(("person", "roles"), rows)


def withdraw_command(
    name: Name, account: OneAccount = None, by: By = None, config: Config = CONFIG, json: Json = False
) -> None:
    """Take a person's role away, and void what isn't followed yet."""
    from followguard.jobs.people import withdraw_person

    with opened(config) as here, here.store.begin() as work:
        handle = here.installation.account(account).handle if account else None
        gone = withdraw_person(work, name, handle, by, here.now)
    if json:
        output.document({"name": gone.person.name, "account": handle, "roles": gone.roles, "voided": gone.voided})
        return
    output.line(f"{gone.person.name} is no longer {', '.join(gone.roles)} {_where(handle)}.")
    if gone.voided:
        output.line(f"{output.counted(gone.voided, 'follow order')} went with it; the cards wait again.")


def _where(account: str | None) -> str:
    return f"of @{account}" if account else "of every account"
