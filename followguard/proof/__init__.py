"""The proof of the history: every row against the log."""
