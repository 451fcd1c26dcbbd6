"""`followguard prove`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from followguard.cli import output
from followguard.cli.opened import opened
from followguard.cli.options import CONFIG, Config, Json
from followguard.errors import FAILED, UsageError

HEAD = re.compile(r"[0-9a-f]{64}")
HEADS_STAND = "Heads stand in each night's JSON and report, in `followguard status`, and in the folder heads."

if TYPE_CHECKING:
    from followguard.proof.finding import ProofFinding
    from followguard.proof.rules import Proof


def command(
    expect_head: Annotated[
        str | None, typer.Option("--expect-head", metavar="HASH", help="A head of the log that you kept elsewhere.")
    ] = None,
    heads: Annotated[
        Path | None, typer.Option("--heads", metavar="FOLDER", help="A copy of the folder of heads, kept elsewhere.")
    ] = None,
    config: Config = CONFIG,
    json: Json = False,
) -> int | None:
    """Re-check the whole history offline: log, rows, follows.

    Every row against the log, every follow against its approval, from the database alone.

    Exit code 1 when something was found. Nothing is changed, and X isn't asked.
    """
    from followguard.proof.heads_file import read_heads
    from followguard.proof.rules import Against, prove

    if expect_head is not None and not HEAD.fullmatch(expect_head):
        raise UsageError(f"{expect_head!r} can't be a head of the log: it has 64 digits from 0 to f.", HEADS_STAND)
    kept = read_heads(heads) if heads is not None else []
    with opened(config) as here:
        against = Against(expect_head=expect_head, heads=kept, base=base_names())
        proof = prove(here.store, against)
    if json:
        output.document(_document(proof))
    else:
        _print(proof)
    return None if proof.ok else FAILED


def _document(proof: "Proof") -> dict[str, object]:
    def rows(found: "list[ProofFinding]") -> list[dict[str, object]]:
        return [{"rule": f.rule, "row": f.row, "person": f.person, "text": f.text} for f in found]

    return {
        "ok": proof.ok,
        "head": proof.head,
        "checked": proof.checked,
        "findings": rows(proof.findings),
        "warnings": rows(proof.warnings),
    }


def _print(proof: "Proof") -> None:
    for finding in proof.findings:
        output.line(f"- {finding.sentence}")
    for warning in proof.warnings:
        output.line(f"  Note: {warning.sentence}")
    rows = sum(proof.checked["rows"].values())
    done = f"{output.counted(proof.checked['entries'], 'log entry', 'log entries')}, {output.counted(rows, 'row')}"
    state = f"{output.counted(len(proof.findings), 'finding')}." if proof.findings else "All of it holds."
    output.line(f"{state} Checked: {done}, {output.counted(proof.checked['follows'], 'follow')}.")
    output.line(f"Head of the log: {proof.head}")


def base_names() -> list[str]:
    """Returns the name of the base model that came with the program. Raises DamagedModel."""
    from followguard.training.models.folders import read_manifest, shipped_base

    return [read_manifest(shipped_base()).name]
