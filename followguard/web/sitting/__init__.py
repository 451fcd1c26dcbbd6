"""One person at the desk in the browser: the cards in their hand, and what each key does."""
