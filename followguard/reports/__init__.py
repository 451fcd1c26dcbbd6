"""What a person reads about a night: report, receipt, status."""
