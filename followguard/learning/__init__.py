"""Features, training, evaluation and scoring: arrays in, arrays out, no I/O."""
