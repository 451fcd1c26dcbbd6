"""Refusals of the web desk: who isn't let in, and what a page may not ask for."""

from followguard.errors.base import FollowguardError

ASK_FOR_A_LINK = "Ask for a new link: followguard desk invite NAME"
"""The next step of everybody who isn't let in."""


class LinkRefused(FollowguardError):
    """A sign-in link that is unknown, used, taken back or too old."""

    code = "sign_in_link"


class SignedOut(FollowguardError):
    """A page that was asked for without a session that stands."""

    code = "signed_out"


class SignInTooOld(FollowguardError):
    """A change that needs a sign-in younger than five minutes."""

    code = "sign_in_too_old"


class ForeignRequest(FollowguardError):
    """A request to another host, from another site, or without this session's token."""

    code = "foreign_request"


class RequestTooLarge(FollowguardError):
    """More than a page of the desk ever sends."""

    code = "request_too_large"


class CantListen(FollowguardError):
    """A port that another program has, or an address that isn't this machine's."""

    code = "cant_listen"
