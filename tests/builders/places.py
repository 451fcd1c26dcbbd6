"""Folders that tests read: the checkout, its pages, and what was collected beside it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SHARED = ROOT.parent / "shared"
"""Public data sets and recorded answers of X; a machine may lack them."""
