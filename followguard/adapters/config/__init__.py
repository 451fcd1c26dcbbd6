"""Configuration (pydantic, pydantic-settings): `followguard.toml`, the environment, and where secrets are read."""
