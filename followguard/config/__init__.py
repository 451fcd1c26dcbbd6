"""The configuration: file, environment, credentials."""
