"""Desks with followers, for tests of pages."""

from tests.builders.web_pages import pages, quick_pages

__all__ = ["pages", "quick_pages"]
