"""Backups and what is done to them."""
