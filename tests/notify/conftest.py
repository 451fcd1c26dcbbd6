"""A server on this machine in the place of chats and watchers."""

from tests.builders.listening import listener

__all__ = ["listener"]
