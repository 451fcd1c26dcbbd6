"""Our accounts, the people who decide, and what calls to X may cost."""
