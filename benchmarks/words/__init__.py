"""What the word kinds and the look for impostors find, and whom they mark by mistake."""
