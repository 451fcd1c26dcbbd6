"""followguard: follow back the people who follow us, decided by a person, helped by a spam classifier."""

__version__ = "0.1.0"
