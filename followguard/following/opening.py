"""What follow-back needs for one account: the account as it stands, its spending, and the ways to X at hand."""

from followguard.accounts.budget import spending_of
from followguard.accounts.store import Accounts
from followguard.cli.opened import Opened, missing_secrets, new_patience, open_reader, open_writer
from followguard.domain.policy import AccountSettings
from followguard.followers.look_up import FollowContext
from followguard.following.follow_back import XAccess, call_timing


def plan_of(here: Opened, settings: AccountSettings, *, ask_x: bool = True) -> tuple[FollowContext, XAccess]:
    """Returns both for `follow_back_all`. Without `ask_x` X isn't asked, whatever credentials are at hand."""
    with here.store.begin() as work:
        account = Accounts(work).ensure(settings.handle, here.now)
    spending = spending_of(here.installation, settings)
    desk = FollowContext(store=here.store, account=account, settings=settings, spending=spending, clock=here.clock)
    return desk, _ways(here, settings.handle, account.x_id, ask_x=ask_x)


def _ways(here: Opened, handle: str, x_id: str | None, *, ask_x: bool) -> XAccess:
    """Opens X where the account's four secrets are at hand."""
    installation = here.installation
    rhythm = call_timing(installation, here.store)
    if not ask_x or missing_secrets(installation, handle):
        return XAccess(rhythm=rhythm)
    waits = new_patience()
    return XAccess(
        rhythm=rhythm,
        open_reader=lambda: open_reader(installation, handle, here.clock, x_id, waits),
        open_writer=lambda own: open_writer(installation, handle, own, here.clock, waits),
    )
