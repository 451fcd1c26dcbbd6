"""What follow-back says in words."""

from datetime import datetime

from followguard.domain.wording import counted


def paused_words(account: str, since: datetime, waiting: int) -> str:
    """Tells why nobody is followed, how many wait, and the way on."""
    wait = counted(waiting, "approved follower waits", "approved followers wait")
    words = f"@{account} is paused since {since:%Y-%m-%d %H:%M} UTC: nobody is followed, and {wait}."
    return f"{words} To go on: followguard account resume --account {account} --by NAME"


def stale_words(account: str, fresh: int, stale: int) -> str:
    """Tells how many links can be shown without the account's credentials, and when the others come."""
    can = f"{fresh} of {counted(fresh + stale, 'link')} can be shown now" if fresh else "no link can be shown now"
    others = "the others weren't" if fresh else "nobody ready was"
    words = f"@{account}: {can}: {others} read within 24 hours, and its credentials aren't here."
    return f"{words} {'They come' if fresh else 'The links come'} after the next night."
