"""Installations that read a sandbox over real HTTP."""

from tests.builders.company import company
from tests.builders.unwell import sandbox

__all__ = ["company", "sandbox"]
