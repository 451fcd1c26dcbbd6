"""House models after 25 to 1,000 decisions, and what the gate lets pass."""
