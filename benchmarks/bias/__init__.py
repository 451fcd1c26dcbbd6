"""Simulated desks: whether the audit's estimate is right, and holding back earned rightly."""
