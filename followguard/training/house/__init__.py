"""The house model: fitted to decisions, judged by the gate."""
