"""The HTML page of a night: one file that asks for nothing from outside."""
