"""The rules of the business. Standard library only; no clock, no I/O."""
