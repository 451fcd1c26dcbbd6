"""Desks for tests of pages."""

from tests.builders.web_desk import quick_web, web

__all__ = ["quick_web", "web"]
