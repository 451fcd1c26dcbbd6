"""What words say: built-in kinds, the company's own, and who passes themselves off as us."""
