"""Desks with followers, for tests of the sitting."""

from tests.builders.web_pages import pages, quick_pages

__all__ = ["pages", "quick_pages"]
