"""Review sheets: the list as a CSV file, out and in."""
