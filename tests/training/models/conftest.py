"""Folder of a model whose file may be replaced."""

from tests.builders.hostile_files import folder

__all__ = ["folder"]
