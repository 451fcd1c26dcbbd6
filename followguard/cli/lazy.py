"""Commands that are imported only when they run, so that listing help costs next to nothing.

How to write a command:
1. `cli/commands.py` has a row for it: name, `module:function` under `followguard`, and one line of help.
2. The function takes typer's annotated parameters (`cli/options.py` has the common ones). Its docstring starts with the
   row's line; the rest of the docstring is shown by `--help`.
3. It calls one job, prints through `cli/output.py` only, and returns its exit code, or None for 0. Failures are raised
   as `FollowguardError`; the frame (`cli/app.py`) prints them and exits with their code.
4. A row with rows of its own is a group. Its own `module:function`, if it has one, runs when no subcommand is named.
5. A command's module imports heavy things (verbs, stores, rich) inside the function.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

WIDTH: dict[str, Any] = {"max_content_width": 110}


class Row(NamedTuple):
    """One command or group. `target` is `module:function` below `followguard`, empty for a plain group.

    `takes_more`: arguments too many reach the function, in `typer.Context.args`, for it to refuse in its own words.
    """

    name: str
    target: str
    help: str
    rows: tuple["Row", ...] = ()
    takes_more: bool = False


def function_of(row: Row) -> Callable[..., int | None]:
    """Imports what a row points at."""
    module, _, function = row.target.partition(":")
    found: Callable[..., int | None] = getattr(import_module(f"followguard.{module}"), function)
    return found


def _built(row: Row) -> Any:
    """The typer command of a row that isn't a group."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=WIDTH)
    app.command(row.name, context_settings=WIDTH | {"allow_extra_args": row.takes_more})(function_of(row))
    return get_command(app)


class LazyCommand(TyperCommand):
    """Stands in the listing; the first time that it is entered it becomes the real command."""

    def __init__(self, row: Row) -> None:
        super().__init__(row.name, help=row.help, rich_markup_mode=None)
        self.row = row

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The real command's context: from here on the stand-in is out of the way."""
        real = LazyGroup.of(self.row) if self.row.rows else _built(self.row)
        return real.make_context(info_name, args, parent, **extra)


class LazyGroup(TyperGroup):
    """A group whose subcommands are rows. `sections` is what the listing shows: heading -> rows."""

    sections: ClassVar[dict[str, tuple[Row, ...]]] = {}

    def __init__(self, *, own: Row | None = None, **attrs: Any) -> None:
        attrs.update(rich_markup_mode=None, context_settings=WIDTH)
        super().__init__(**attrs)
        self.own = own
        self.shown = self.sections or {"Commands": own.rows if own else ()}
        self.commands = {row.name: LazyCommand(row) for rows in self.shown.values() for row in rows}
        self.takes_options = False

    @classmethod
    def of(cls, row: Row) -> "LazyGroup":
        """The group of a row."""
        return cls(own=row, name=row.name, help=row.help, invoke_without_command=bool(row.target))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Reads the group's own options, and imports its own function, only when no subcommand comes first.

        typer would load pydantic to find out that an option of the group wasn't given.
        """
        if args and args[0] in self.commands:
            self.params, self.add_help_option = [], False
        elif self.own and self.own.target:
            alone = _built(self.own)
            self.params, self.callback, self.help = alone.params, alone.callback, alone.help
            self.takes_options = True
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Options before a subcommand would be lost without a word, so they are refused."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None and self.takes_options:
            ctx.fail(f"Options come after the subcommand: {ctx.command_path} {name} ...")
        return name, command, rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The rows under their headings, without importing any of them."""
        for heading, rows in self.shown.items():
            with formatter.section(heading):
                formatter.write_dl([(row.name, row.help) for row in rows])
