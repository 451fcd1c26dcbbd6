"""Measures of how people decide: seconds a card, changes of mind, and whether the machine leads them."""
