"""Headers of every answer: nothing from elsewhere, nothing in frames, nothing kept."""

PICTURES = "https://pbs.twimg.com https://abs.twimg.com"
"""X's own hosts of profile pictures."""


def content_policy(*, pictures: bool) -> str:
    """Returns the content security policy; with `pictures` the reader's browser may load those of profiles."""
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
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def security_headers(*, pictures: bool, secure: bool, static: bool) -> dict[str, str]:
    """Returns what is added to an answer. `static`: a file of the desk's own, asked after each time, not sent again."""
    always = {
        "content-security-policy": content_policy(pictures=pictures),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "cache-control": "no-cache" if static else "no-store",
        "x-robots-tag": "noindex, nofollow",
    }
    return always | ({"strict-transport-security": "max-age=31536000"} if secure else {})
