"""What every request passes before a page sees it: host, origin, size, session, page token."""
