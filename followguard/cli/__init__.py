"""The command line's frame: what every command shares."""
