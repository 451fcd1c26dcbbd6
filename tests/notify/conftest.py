"""A server on this machine in the place of chats and watchers, and a company whose nights are told."""

from collections.abc import Callable

import pytest

from tests.builders.company import Company, company
from tests.builders.listening import listener
from tests.builders.unwell import sandbox

__all__ = ["company", "listener", "sandbox"]

More = Callable[..., None]


@pytest.fixture
def told(company: Company) -> More:
    """Adds to the company's configuration: targets of the night, keys of `[notify]`, and other tables."""

    def add(*targets: str, keys: str = "", rest: str = "") -> None:
        company.configure()
        named = ", ".join(f'"{target}"' for target in targets)
        text = f"\n[notify]\ntargets = [{named}]\n{keys}\n{rest}\n"
        with (company.folder / "followguard.toml").open("a", encoding="utf-8") as file:
            file.write(text)

    return add
