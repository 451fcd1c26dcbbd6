"""Models on record: folders, champions, promotion."""
