"""Past nights replayed under another policy or model."""
