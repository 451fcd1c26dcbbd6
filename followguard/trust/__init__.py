"""Trust: how often machine and people were wrong, and the blind test that holding back waits for."""
