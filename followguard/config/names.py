"""Names of followers in the configuration: an entry that can match nobody is an error, and protects nobody."""

import re

from pydantic_core import PydanticCustomError

from followguard.domain.policy import can_match

MATCHES_NOBODY = "matches_nobody"
_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.)?(?:x|twitter)\.com/(?:i/user/)?@?([A-Za-z0-9_]{1,20})/?", re.IGNORECASE
)


def follower_name(entry: str) -> str:
    """Returns the entry as it stands. Raises PydanticCustomError for one that is no username and no id."""
    if can_match(entry):
        return entry
    address = _ADDRESS.match(entry.strip())
    instead = address[1] if address and can_match(address[1]) else ""
    raise PydanticCustomError(MATCHES_NOBODY, "matches nobody", {"instead": instead})
