"""What X says when it says no: its bodies, status by status, with nobody's names in them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_INVALID = "One or more parameters to your request was invalid."
PROBLEMS = "https://api.twitter.com/2/problems/"


@dataclass(frozen=True, slots=True)
class SandboxAnswer:
    """A status, a body (JSON-able, or bytes that go out as HTML) and headers of its own."""

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def payload(self) -> tuple[bytes, str]:
        """Gives the bytes and their content type."""
        if isinstance(self.body, bytes):
            return self.body, "text/html; charset=utf-8"
        return json.dumps(
            self.body, ensure_ascii=False, separators=(",", ":")
        ).encode(), "application/json; charset=utf-8"


def problem(status: int, title: str, detail: str = "", kind: str = "", **more: object) -> SandboxAnswer:
    """Makes X's usual error body; `kind` is the last part of a problem type."""
    body = {
        "title": title,
        "type": PROBLEMS + kind if kind else "about:blank",
        "status": status,
        "detail": detail or title,
    }
    return SandboxAnswer(status, body | more)


def invalid(parameter: str, value: str, message: str) -> SandboxAnswer:
    """Makes a 400 for one parameter of a request."""
    errors = [{"parameters": {parameter: [value]}, "message": message}]
    return problem(400, "Invalid Request", _INVALID, "invalid-request", errors=errors)


def unauthorized() -> SandboxAnswer:
    """Makes a 401: no such key, or a signature that doesn't hold."""
    return problem(401, "Unauthorized")


def too_many_requests() -> SandboxAnswer:
    """Makes a 429."""
    return problem(429, "Too Many Requests")


def not_found() -> SandboxAnswer:
    """Makes a 404: no such path."""
    return problem(404, "Not Found")


def app_only_forbidden() -> SandboxAnswer:
    """Makes a 403 for an app-only token where X wants a signed-in account."""
    ways = "OAuth 1.0a User Context, OAuth 2.0 User Context"
    detail = "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint. "
    return problem(
        403,
        "Unsupported Authentication",
        detail + f"Supported authentication types are [{ways}].",
        "unsupported-authentication",
    )


def missing(follower_id: str, parameter: str, *, suspended: bool) -> dict[str, str]:
    """Makes the entry of `errors` for somebody whom X doesn't show."""
    why = "User has been suspended" if suspended else f"Could not find user with {parameter}"
    return {
        "value": follower_id,
        "detail": f"{why}: [{follower_id}].",
        "title": "Forbidden" if suspended else "Not Found Error",
        "resource_type": "user",
        "parameter": parameter,
        "resource_id": follower_id,
        "type": PROBLEMS + "resource-not-found",
    }


_HTML = b"<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Checking your browser.</body></html>"
_BLOCKED = "You have been blocked from following this account at the request of the user."
_BROKEN = "Something is broken. This is usually a temporary error, for example in a high load situation."
_CAP = "Your account has reached the spending cap set for its billing cycle."
_LEVEL = "You currently have access to a subset of X API V2 endpoints. You may need a different access level."
_ENROLL = "You must use keys and tokens from a developer App that is attached to a Project."
_CREDITS = "Your enrolled account [1] does not have any credits to fulfill this request."

REFUSALS: dict[str, SandboxAnswer] = {
    "http_400": problem(400, "Invalid Request", _INVALID, "invalid-request"),
    "http_401": unauthorized(),
    "http_404": not_found(),
    "http_500": problem(500, "Internal Server Error", _BROKEN),
    "http_502": SandboxAnswer(502, b"<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "http_503": problem(503, "Service Unavailable"),
    "http_504": SandboxAnswer(504, b""),
    "credits_depleted": SandboxAnswer(
        402, {"account_id": 1, "title": "CreditsDepleted", "detail": _CREDITS, "type": PROBLEMS + "credits"}
    ),
    "spending_cap": problem(403, "SpendCapReached", _CAP, "usage-capped", reason="spend-cap-reached"),
    "feature_not_permitted": problem(403, "Forbidden", "Your account is not permitted to access this feature."),
    "client_not_enrolled": problem(403, "Client Forbidden", _ENROLL, "client-forbidden", reason="client-not-enrolled",
                                   client_id="1", required_enrollment="Appropriate Level of API Access"),
    "access_level": SandboxAnswer(403, {"errors": [{"code": 453, "message": _LEVEL}]}),
    "unknown_403": problem(403, "Forbidden", "This request looks unusual. Please try something else."),
    "blocked_by_target": problem(403, "Forbidden", _BLOCKED),
    "already_requested": problem(403, "Forbidden", "You've already requested to follow this account."),
    "code_88": SandboxAnswer(429, {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}),
    "html_200": SandboxAnswer(200, _HTML),
    "error_body_list": SandboxAnswer(500, [{"message": "Internal error", "code": 131}]),
    "error_body_null": SandboxAnswer(500, None),
    "errors_null": SandboxAnswer(500, {"errors": None}),
    "subject_not_found": SandboxAnswer(200, {"errors": [missing("0", "id", suspended=False)]}),
    "subject_suspended": SandboxAnswer(200, {"errors": [missing("0", "id", suspended=True)]}),
}  # fmt: skip
"""The answers that a fault gives in place of the right one; nothing is done and nothing billed."""
