"""What a phrase to look for needs: enough letters or digits, so that it matches neither everybody nor nobody."""

import unicodedata

LEAST_LETTERS = 2
LEAST_BEFORE_STAR = 3
MOST_WORDS = 12
STAR = "*"
UNSHAPED = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and signs without a shape, which no category of Unicode gives away."""


def letters(text: str) -> int:
    """Counts the letters and digits that a reader sees."""
    return sum(sign.isalnum() and sign not in UNSHAPED for sign in unicodedata.normalize("NFKC", text))


def phrase_fault(text: str) -> str:
    """Tells what is wrong with a phrase, empty where nothing is."""
    words = text.split()
    if not letters(text):
        return "holds no letter and no digit, so it would match everything or nothing"
    if letters(text) < LEAST_LETTERS:
        return "is a single letter, which nearly every profile has"
    if len(words) > MOST_WORDS:
        return f"has more than {MOST_WORDS} words, so it would hardly match anything"
    if any(STAR in word and not _is_beginning(word) for word in words):
        return f"has an asterisk without at least {LEAST_BEFORE_STAR} letters before it, and nothing after it"
    return ""


def _is_beginning(word: str) -> bool:
    return word.endswith(STAR) and word.count(STAR) == 1 and letters(word) >= LEAST_BEFORE_STAR


def name_fault(text: str) -> str:
    """Tells what is wrong with an own name, empty where nothing is."""
    number = letters(text)
    if number >= LEAST_LETTERS:
        return ""
    return "is a name of one letter, which everybody imitates" if number else "holds no letter and no digit"
