"""The file that `followguard init` writes: every key, its default and its meaning, made from the table of keys."""

from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from followguard.config.file import HANDLE
from followguard.config.keys import AccountKeys, FileKeys, Keys, PolicyKeys
from followguard.errors import UsageError
from followguard.files.private import make_file

COLUMN = 46
"""Where the comments begin."""


def commented(handle: str, executor: str, training_basis: str) -> str:
    """Returns the text of a whole `followguard.toml` for one account. Raises UsageError for what can't be a handle."""
    if not HANDLE.fullmatch(handle):
        raise UsageError(f"{handle!r} can't be a handle.", "Give the account's own handle, such as acme.")
    chosen = {"executor": executor, "training_basis": training_basis}
    parts = [
        "# followguard's configuration. Relative paths are relative to this file. Secrets never stand here.",
        *_lines(FileKeys, {}),
        *(
            line
            for name, table in _tables(FileKeys)
            for line in ("", f"[{name}]", f"# {table.__doc__}", *_lines(table, {}))
        ),
        "",
        f"[accounts.{_quoted_key(handle)}]",
        *_lines(AccountKeys, chosen),
        "",
        f"[accounts.{_quoted_key(handle)}.policy]",
        *_lines(PolicyKeys, {}),
        "",
        f"# [[accounts.{_quoted_key(handle)}.routes]]" + "         # whom to tell about an interesting follower",
        '# name = "press"',
        '# bio = ["journalist", "reporter"]',
        "",
        f"# [[accounts.{_quoted_key(handle)}.words]]" + "          # what this company takes for a sign",
        '# name = "crypto giveaways"',
        '# any_of = ["airdrop*", "double your", "send wallet"]',
        '# says = "spam"' + "                           # spam | genuine | look (marks the card, moves no score)",
    ]
    return "\n".join(parts) + "\n"


class NewConfiguration:
    """A `followguard.toml` that isn't there yet."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text

    def write(self) -> None:
        """Raises UsageError when something stands there already, or nothing can be written."""
        try:
            make_file(self.path)
            self.path.write_text(self.text, encoding="utf-8")
        except FileExistsError:
            raise UsageError(
                f"{self.path} is there already, and stays as it is.", "Edit it, or choose another with --config PATH."
            ) from None
        except OSError as error:
            why = error.strerror or "unwritable"
            raise UsageError(f"{self.path} can't be written: {why}.", "Choose another with --config PATH.") from None

    def remove(self) -> None:
        """Removes it, as if it had never been written."""
        self.path.unlink(missing_ok=True)


def literal(value: object) -> str:
    """Returns a default as TOML writes it."""
    if isinstance(value, Enum):
        return literal(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return value.isoformat() if isinstance(value, date) else str(value)


def is_table(field: FieldInfo) -> bool:
    """Tells whether a key holds tables rather than a value."""
    return "Keys" in str(field.annotation)


def _lines(table: type[Keys], chosen: dict[str, str]) -> Iterator[str]:
    for name, field in table.model_fields.items():
        if not is_table(field):
            line = f"{name} = {literal(chosen.get(name, field.default))}"
            yield f"{line:<{COLUMN}} # {field.description}"


def _tables(table: type[Keys], above: str = "") -> Iterator[tuple[str, type[Keys]]]:
    """Yields each table with its dotted name, those inside it after it."""
    for name, field in table.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            inner: type[Keys] = field.annotation  # type: ignore[assignment]
            yield above + name, inner
            yield from _tables(inner, f"{above}{name}.")


def _quoted_key(handle: str) -> str:
    return f'"{handle}"' if "." in handle else handle
