"""The desk in figures: time and CPU a key in the browser and at the terminal, 20,000 cards, eight people at once."""
