"""The base model and its measured accuracy."""
