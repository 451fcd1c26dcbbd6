"""What `followguard prove` holds against what: the rules, over rows that were read as they are stored."""
