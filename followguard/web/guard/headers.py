"""Headers of every answer: nothing from elsewhere, nothing in frames, nothing kept."""

PICTURES = "https://pbs.twimg.com https://abs.twimg.com"
"""X's own hosts of profile pictures."""


FRAMED = "/report/document"
"""The one page that stands in a frame of ours, and its path: a report, in which nothing runs."""
FRAMING = "/report"


def document_policy() -> str:
    """Returns the policy of a report: no script, no request, no form, only its own style, framed by us alone.

    The sandbox takes its origin away, so that even a script that got into it would reach neither page nor cookie. Its
    links to X open in a new tab.
    """
    rules = (
        "default-src 'none'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
    )
    return "; ".join((*rules, "frame-ancestors 'self'", "sandbox allow-popups allow-popups-to-escape-sandbox"))


def content_policy(*, pictures: bool, frames: bool = False) -> str:
    """Returns the content security policy; with `pictures` the reader's browser may load those of profiles.

    `frames`: the page shows a document of the desk in a frame.
    """
    images = f"'self' data: {PICTURES}" if pictures else "'self' data:"
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": images,
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    } | ({"frame-src": "'self'"} if frames else {})
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def security_headers(*, pictures: bool, secure: bool, path: str) -> dict[str, str]:
    """Returns what is added to an answer; a file of the desk's own is asked after each time, and not sent again."""
    static, framed = path.startswith("/static/"), path == FRAMED
    policy = document_policy() if framed else content_policy(pictures=pictures, frames=path == FRAMING)
    always = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "x-frame-options": "SAMEORIGIN" if framed else "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cache-control": "no-cache" if static else "no-store",
        "x-robots-tag": "noindex, nofollow",
    }
    return always | ({"strict-transport-security": "max-age=31536000"} if secure else {})
