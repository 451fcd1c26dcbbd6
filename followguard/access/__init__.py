"""How people get in to the web desk: personal links, good once, and the sessions that they open."""
