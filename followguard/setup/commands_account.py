"""`followguard account`."""

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Account, By, Config, Json


def list_command(config: Config = CONFIG, json: Json = False) -> None:
    """List our accounts and how each is doing."""
    from followguard.accounts.accounts import list_accounts

    with opened(config) as here, here.store.begin() as work:
        states = list_accounts(work, here.installation)
    if json:
        output.document({"accounts": states})
        return
    heads = ("account", "X id", "followers", "executor", "following", "model group", "training basis")
    rows = [
        (
            f"@{state.account}",
            state.x_id or "after the first night",
            state.followers,
            state.executor,
            f"paused since {output.iso(state.paused_at)}" if state.paused_at else "on",
            state.model_group,
            state.training_basis,
        )
        for state in states
    ]
    output.table(heads, rows, numbers=("followers",))


def pause_command(account: Account = None, by: By = None, config: Config = CONFIG, json: Json = False) -> None:
    """Stop following for an account; reading goes on.

    Without --by it is done all the same, and the log names nobody: a brake must work at once.
    """
    from followguard.accounts.accounts import pause

    with opened(config) as here, here.store.begin() as work:
        handle = here.installation.account(account).handle
        changed = pause(work, handle, by, here.now)
    _say(handle, json, changed, paused=True)


def resume_command(account: Account = None, by: By = None, config: Config = CONFIG, json: Json = False) -> None:
    """Let an account follow again.

    Takes an approver: whoever pulled the brake, letting go of it is a decision.
    """
    from followguard.accounts.accounts import resume

    with opened(config) as here, here.store.begin() as work:
        handle = here.installation.account(account).handle
        changed = resume(work, handle, by, here.now)
    _say(handle, json, changed, paused=False)


def _say(handle: str, json: bool, changed: bool, *, paused: bool) -> None:
    if json:
        output.document({"account": handle, "paused": paused, "changed": changed})
        return
    state = "paused: it reads on, and follows nobody" if paused else "following again, as its policy allows"
    output.line(f"@{handle} is {'' if changed else 'already '}{state}.")
