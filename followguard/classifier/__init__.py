"""The classifier as it scores: features, tables, reasons."""
