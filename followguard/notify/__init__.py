"""The morning delivered: word of a night to targets, to people and to departments, and the heartbeat."""
