"""Drift: whether new followers have changed."""
