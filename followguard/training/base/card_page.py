"""The model card as an HTML page: what `CARD.md` says, in one file that asks for nothing from outside."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from followguard.files.html import STYLE, content_policy, program_version
from followguard.training.base.markdown import blocks

HERE = Path(__file__).parent
CARD_STYLE = HERE / "card.css"


def card_html(markdown: str) -> str:
    """The page of a card written in Markdown. Everything in it is escaped but the style sheet, which is ours."""
    found = list(blocks(markdown))
    style = STYLE.read_text(encoding="utf-8") + CARD_STYLE.read_text(encoding="utf-8")
    title = next((block.text for block in found if block.kind == "heading"), "Model card")
    page = _environment().get_template("card.html.j2")
    return page.render(
        blocks=found, title=title, style=style, policy=content_policy(style), program=program_version()
    ).lstrip()


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def write_card_page(folder: Path) -> Path:
    """The model card beside its Markdown as one HTML page; returns where it is."""
    from followguard.files.whole_file import whole_file
    from followguard.training.base.card_page import card_html

    page = folder / "CARD.html"
    text = card_html((folder / "CARD.md").read_text(encoding="utf-8"))
    with whole_file(page) as part:
        part.write_text(text, encoding="utf-8")
    return page
