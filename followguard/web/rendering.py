"""Pages from templates; whatever is put into them is text, never markup."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from followguard.domain.wording import safe_text
from followguard.web.strings import t

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def environment() -> Environment:
    """Makes the templates' environment: everything escaped, and a name that nobody gave is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["t"] = t
    made.globals["when"] = when
    made.filters["shown"] = safe_text
    made.filters["time"] = time_element
    return made


def time_element(moment: datetime) -> Markup:
    """Returns a time in UTC, which a script may turn into the reader's zone."""
    utc = moment.astimezone(UTC)
    said = Markup('<time datetime="{}" title="{} UTC">{} UTC</time>')
    return said.format(utc.isoformat(timespec="seconds"), f"{utc:%Y-%m-%d %H:%M}", f"{utc:%Y-%m-%d %H:%M}")


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Renders a template of `web/templates/`, given visitor (None without one), desk settings and these values."""
    given = {
        "visitor": getattr(request.state, "visitor", None),
        "path": request.url.path,
        "nav": request.app.state.nav,
        "more_pages": request.app.state.more,
        "installation": request.app.state.desk.installation,
    }
    return HTMLResponse(environment().get_template(template).render(given | values), status)


def fragment(template: str, **values: Any) -> str:
    """Renders a part of a page, for a script to put in its place."""
    return environment().get_template(template).render(values)


def when(at: datetime) -> Markup:
    """Returns a moment as a `time` element in UTC; the page's script shows it in the reader's zone."""
    utc = at.astimezone(UTC)
    return Markup('<time datetime="{}">{} UTC</time>').format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", f"{utc:%Y-%m-%d %H:%M}")
