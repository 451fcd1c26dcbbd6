"""The desk: one key a decision."""
