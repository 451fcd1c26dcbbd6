"""Setting an installation up and keeping it sound."""
