"""Parts that pages for people share: the style sheet, and that nothing is fetched, run or sent."""

from base64 import b64encode
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

STYLE = Path(__file__).parent / "style.css"


def content_policy(style: str) -> str:
    """Writes the policy of a page: no fetch, script, frame or form, and only the style with this hash."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def program_version() -> str:
    """Gives the version of the installed package."""
    try:
        return version("followguard")
    except PackageNotFoundError:
        return "not installed"
