"""The page from its template, and the file that it becomes."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from followguard.domain.card import profile_url
from followguard.domain.policy import Band
from followguard.domain.wording import counted, quoted, safe_text
from followguard.errors import UsageError
from followguard.files.html import STYLE, content_policy, program_version
from followguard.files.private import make_folder
from followguard.files.whole_file import whole_file
from followguard.reports import words
from followguard.reports.charts import score_chart
from followguard.reports.page import AccountPage, NightPage
from followguard.reports.steps import anchor_of, steps_of
from followguard.screening.plan import closing_words

HERE = Path(__file__).parent


def render_report(page: NightPage, path: Path) -> None:
    """Writes the page to `path`, whole or not at all; folders on the way are made. Raises UsageError."""
    text = html_of(page)
    try:
        make_folder(path.parent)
        with whole_file(path) as part:
            part.write_text(text, encoding="utf-8")
    except OSError as refused:
        raise UsageError(
            f"The report {path} can't be written: {refused.strerror or 'unwritable'}.",
            "Make room or choose another place: followguard report --output FILE",
        ) from refused


def html_of(page: NightPage) -> str:
    """Returns the page as text. Everything in it is escaped but the style sheet and the charts, which are ours."""
    style = STYLE.read_text(encoding="utf-8")
    return (
        _environment()
        .get_template("template.html.j2")
        .render(
            page=page,
            steps=steps_of(page),
            style=style,
            policy=content_policy(style),
            program=program_version(),
        )
    )


def chart_of(account: AccountPage) -> str:
    """Returns the chart of an account's scores, drawn from numbers alone; its text alternative stands beside it."""
    return score_chart(account.scores, anchor_of(account, "chart"))


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= FILTERS
    made.globals |= GLOBALS
    return made


FILTERS: dict[str, Any] = {
    "shown": safe_text,
    "moment": words.moment,
    "long_day": words.long_day,
    "count": words.count,
    "dollars": words.dollars,
    "share": words.share,
    "probability": words.probability,
    "display_name": words.display_name,
    "at_name": words.at_name,
    "x_link": words.x_link,
    "profile_url": profile_url,
    "facts": words.facts_of,
    "speaking": words.speaking,
    "weight": words.weight,
    "marks": words.marks_of,
    "closing_words": closing_words,
    "chart": chart_of,
    "anchor": anchor_of,
    "in_shell": quoted,
}
GLOBALS: dict[str, Any] = {
    "counted": counted,
    "band_words": words.BAND_WORDS,
    "status_words": words.STATUS_WORDS,
    "state_words": words.STATE_WORDS,
    "Band": Band,
}
