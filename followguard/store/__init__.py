"""The database: one transaction, its log, its tables."""
