"""What followguard does, one verb a module."""
