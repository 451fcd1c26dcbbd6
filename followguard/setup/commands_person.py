"""`followguard person`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, By, Config, Json

if TYPE_CHECKING:
    from followguard.setup.appointments import Added, Held

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
    first person added becomes owner; after that only an owner adds people. Each person has one role for an account, and
    one for every account: a new one takes the place of the old one.
    """
    import secrets

    from followguard.setup.appointments import Appointment, add_person

    with opened(config) as here, here.store.begin() as work:
        handle = here.installation.account(account).handle if account else None
        added = add_person(work, Appointment(name, role, handle), by, here.now, secrets.token_hex(8))
    if json:
        output.document(_as_json(added))
        return
    first = (
        "The first person is always owner of every account. " if added.role != role or added.account != handle else ""
    )
    _say(added, first)
    if added.near:
        output.warn(f"{' and '.join(added.near)} has nearly that name. If it was a slip: followguard person withdraw")


def role_command(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="viewer, reviewer, approver or owner.")],
    account: OneAccount = None,
    by: By = None,
    config: Config = CONFIG,
    json: Json = False,
) -> None:
    """Set a person's role, up or down: for an account, or for every one.

    An account's own role counts there, whether higher or lower than the one for every account. Without --account the
    role is the only one: those for single accounts end. Below approver, what the person approved and isn't followed yet
    is void. There is always an owner of every account.
    """
    from followguard.setup.appointments import Appointment, set_role

    with opened(config) as here, here.store.begin() as work:
        handle = here.installation.account(account).handle if account else None
        done = set_role(work, Appointment(name, role, handle), by, here.now)
    if json:
        output.document(_as_json(done))
    else:
        _say(done)


def list_command(config: Config = CONFIG, json: Json = False) -> None:
    """List people and their roles."""
    from followguard.setup.appointments import list_people

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
                        "roles": _rows(each.roles),
                    }
                    for each in people
                ]
            }
        )
        return
    if not people:
        output.step('Nobody yet. The first becomes owner: followguard person add "YOUR NAME" --role owner')
        return
    rows = [(each.person.name, _roles(each.roles) or "withdrawn") for each in people]
    output.table(("person", "roles"), rows)


def withdraw_command(
    name: Name, account: OneAccount = None, by: By = None, config: Config = CONFIG, json: Json = False
) -> None:
    """Take a person's role away, and void what isn't followed yet."""
    from followguard.setup.appointments import withdraw_person

    with opened(config) as here, here.store.begin() as work:
        handle = here.installation.account(account).handle if account else None
        gone = withdraw_person(work, name, handle, by, here.now)
    if json:
        done = {"name": gone.person.name, "account": handle, "roles": gone.roles, "voided": gone.voided}
        output.document(done | {"ended": _rows(gone.ended)})
        return
    output.line(f"{gone.person.name} is no longer {_roles(gone.ended)}.")
    _say_voided(gone.voided)


def _say(added: "Added", first: str = "") -> None:
    before = f"; before: {_roles(added.before)}" if added.before else ""
    output.line(f"{first}{added.person.name} is now {added.role} {_where(added.account)}{before}.")
    if added.beside:
        output.line(f"Also, as before: {_roles(added.beside)}. An account's own role counts there.")
    _say_voided(added.voided)


def _say_voided(voided: int) -> None:
    if voided:
        output.line(f"{output.counted(voided, 'follow order')} went with it; the cards wait again.")


def _as_json(added: "Added") -> dict[str, Any]:
    """Tells what came of it; roles before and beside, and orders voided, only where there are any."""
    given = {"name": added.person.name, "role": added.role, "account": added.account}
    more = {"before": _rows(added.before), "beside": _rows(added.beside), "voided": added.voided}
    return given | {name: value for name, value in more.items() if value}


def _rows(held: "tuple[Held, ...]") -> list[dict[str, str | None]]:
    return [{"role": role, "account": account} for role, account in held]


def _roles(held: "tuple[Held, ...]") -> str:
    return ", ".join(f"{role} {_where(account)}" for role, account in held)


def _where(account: str | None) -> str:
    return f"of @{account}" if account else "of every account"
