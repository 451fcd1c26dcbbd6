"""How many files of the program a journey enters."""
