"""A stand-in for X on loopback, with the platform's real habits, and a made-up population."""
