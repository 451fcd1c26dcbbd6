"""The nouns that every room speaks; the standard library only."""
