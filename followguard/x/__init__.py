"""X's API: the four calls, and how X really behaves."""
