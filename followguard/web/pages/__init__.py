"""The desk's other pages: today, search, a follower, the log, reports, trust, batches, people, guidelines."""
