"""What the model makes of populations that it never saw."""
