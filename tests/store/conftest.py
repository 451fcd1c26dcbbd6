"""Databases with planted rows, and the programs that back them up."""

from tests.builders.backups import client_programs
from tests.builders.planted import seeded

__all__ = ["client_programs", "seeded"]
