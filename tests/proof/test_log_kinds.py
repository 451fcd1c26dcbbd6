"""Kinds of log entries: whatever the code appends has a sentence for people."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import followguard
from followguard.domain.house_model import MoveKind
from followguard.domain.labels import Kind
from followguard.domain.order import OrderState
from followguard.proof.log_kinds import ROWS, SENTENCES, sentence

PACKAGE = Path(followguard.__file__).parent
FAMILIES = {"decision.": Kind, "order.": OrderState, "model.": MoveKind}
"""What kinds that are put together begin with -> the words that follow."""
KIND = re.compile(r"[a-z_]+\.[a-z_]+")
ENTRY = re.compile(r"[A-Z_]*ENTRY|RESTORE|ROWS|DRAW|ANSWER|RESULT")
"""Names of constants that hold a kind."""


def trees() -> Iterator[ast.Module]:
    """Every module that imports the log, and every one that names a kind in a constant."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def named(tree: ast.Module) -> Iterator[str]:
    """Kinds in constants of a module, one or several at once."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            targets = [each for target in node.targets for each in getattr(target, "elts", [target])]
            values = getattr(node.value, "elts", [node.value])
            for target, value in zip(targets, values, strict=False):
                text = value.value if isinstance(value, ast.Constant) else None
                if isinstance(target, ast.Name) and ENTRY.fullmatch(target.id) and isinstance(text, str):
                    yield text


def appended(tree: ast.Module) -> Iterator[str]:
    """Kinds in the texts of a module that imports the log; of those put together, what they begin with."""
    imports = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    if "followguard.store.log" not in imports:
        return
    parts = {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield from (each for each in FAMILIES if str(node.values[0].value) == each)
        elif isinstance(node, ast.Constant) and node not in parts and isinstance(node.value, str):
            yield from (KIND.fullmatch(node.value) and [node.value]) or []


def second_arguments() -> Iterator[ast.expr]:
    """What `Log(work).append(now, KIND, ...)` is given as the kind, wherever it stands."""
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
                log = node.func.value
                if isinstance(log, ast.Call) and ast.unparse(log.func) == "Log":
                    yield node.args[1]


def test_every_kind_has_a_sentence() -> None:
    """All that is appended, by name or put together; and no sentence is about a kind that nobody appends."""
    found = {ROWS}
    for tree in trees():
        found |= set(named(tree))
        for each in appended(tree):
            found |= {f"{each}{word.value}" for word in FAMILIES[each]} if each in FAMILIES else {each}
    assert found == set(SENTENCES)


def test_the_scan_sees_every_way_to_append() -> None:
    """A kind is a text, one of a known family, or a name that the scan resolves."""
    ways = {type(each).__name__ for each in second_arguments()}
    assert ways == {"Constant", "JoinedStr", "Name", "Attribute", "IfExp"}
    joined = [each for each in second_arguments() if isinstance(each, ast.JoinedStr)]
    assert {each.values[0].value for each in joined} == set(FAMILIES)  # type: ignore[attr-defined]
    names = {ast.unparse(each) for each in second_arguments() if isinstance(each, ast.Name | ast.Attribute)}
    assert names == {"kind", "each.kind", "RESTORE", "UPDATE_ENTRY"}


def test_an_unknown_kind_is_named() -> None:
    """An entry of another version says at least what it calls itself."""
    assert sentence("some.thing", {}) == "wrote an entry of the kind some.thing"
