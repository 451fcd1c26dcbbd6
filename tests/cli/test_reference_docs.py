"""The reference pages say what the program does: their generated parts are up to date."""

import importlib.util
from types import ModuleType

import pytest

from tests.builders.places import DOCS


@pytest.fixture(scope="module")
def writer() -> ModuleType:
    """`docs/write.py`, which is a program and no part of the package."""
    spec = importlib.util.spec_from_file_location("docs_writer", DOCS / "write.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["configuration.md", "commands.md", "files.md"])
def test_the_page_is_up_to_date(writer: ModuleType, name: str) -> None:
    """Keys, commands and errors stand there as the program has them; if not, run `python docs/write.py`."""
    assert (DOCS / name).read_text(encoding="utf-8") == writer.page(name)


def test_every_variable_is_documented() -> None:
    """A FOLLOWGUARD_ variable that the program reads stands in the page on configuration."""
    import re

    package = DOCS.parent / "followguard"
    read = {name for path in package.rglob("*.py") for name in re.findall(r'"(FOLLOWGUARD_[A-Z_]+)"', path.read_text())}
    page = (DOCS / "configuration.md").read_text(encoding="utf-8")
    assert {name for name in read if f"`{name}`" not in page} == set()
