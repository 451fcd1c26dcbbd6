"""Refused decisions."""

from followguard.errors.base import LATER, FollowguardError


class UnknownFollower(FollowguardError):
    """Not a recorded follower of the account."""

    code = "unknown_follower"


class AlreadyDecided(FollowguardError):
    """The card has a decision that stands, or is in somebody else's hands."""

    code = "already_decided"


class ApprovingPaused(FollowguardError):
    """One person approved too many followers too fast to have looked at each; it goes on after a minute."""

    code = "approving_paused"
    exit_code = LATER


class NeverFollow(FollowguardError):
    """The configuration says never to follow this follower."""

    code = "never_follow"


class TooFewToTest(FollowguardError):
    """A blind test needs more followers on a side of the hold-back cutoff than there are."""

    code = "too_few_to_test"


class NothingToUndo(FollowguardError):
    """No decision that can still be taken back."""

    code = "nothing_to_undo"
