"""Learning from decisions."""
