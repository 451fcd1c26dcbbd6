"""Follow orders: handed off, called, looked up, confirmed."""
