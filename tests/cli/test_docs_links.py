"""Every page of the documentation is found from the index, and every link and path in it leads somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders.places import DOCS, ROOT

PAGES = sorted(
    page.relative_to(ROOT)
    for page in (
        *ROOT.glob("*.md"),
        *DOCS.glob("*.md"),
        ROOT / "deploy" / "README.md",
        *ROOT.glob("training_data/*.md"),
    )
)


def links(page: Path) -> Iterator[tuple[str, str]]:
    """Path and anchor of each link and picture of a page that leads to no other site."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith("https://"):
            path, _, anchor = target.partition("#")
            yield path, anchor


def anchors(page: Path) -> set[str]:
    """The anchors that a code host gives to the headings of a page."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_page_is_in_the_index() -> None:
    """`docs/README.md` links each page beside it."""
    linked = {path for path, _ in links(DOCS / "README.md")}
    assert {page.name for page in DOCS.glob("*.md")} - {"README.md"} - linked == set()


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_somewhere(page: Path) -> None:
    """File and heading of each relative link exist."""
    lost = []
    for path, anchor in links(ROOT / page):
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(f"{path}#{anchor}")
    assert lost == []


def test_the_architecture_names_what_exists() -> None:
    """Each path in the page exists, in the package or the checkout, and defines the name that stands behind it."""
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w.-]+(?:/[\w.-]+)*/(?:[\w.-]+)?)(?:: (\w+))?`", page)
    assert len(named) > 50
    lost = [path if not name else f"{path}: {name}" for path, name in named if not _exists(path, name)]
    assert lost == []


def _exists(path: str, name: str) -> bool:
    defined = re.compile(rf"^(?:\s*def |class |){name}\b", re.MULTILINE)
    found = [place for place in (ROOT / "followguard" / path, ROOT / path) if place.exists()]
    return bool(found) and (not name or defined.search(found[0].read_text(encoding="utf-8")) is not None)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_modules_in_pages_exist(page: Path) -> None:
    """A path below `followguard/` in any page is that of a file."""
    named = re.findall(r"`(followguard/[\w/.-]+)`", (ROOT / page).read_text(encoding="utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []
