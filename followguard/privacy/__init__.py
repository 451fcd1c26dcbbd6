"""Forgetting, disclosing and keeping no longer than needed."""
