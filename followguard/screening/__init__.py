"""Screening: scores, look-alikes, holding back, and the plan of the list."""
