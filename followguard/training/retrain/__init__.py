"""Retraining from decisions."""
