"""Two words one slip apart: a letter put in, left out, taken for another, or two neighbours swapped."""


def one_slip_apart(one: str, other: str) -> bool:
    """Tells whether one slip makes one word of the other; False for equal words. Linear in their length."""
    short, long = sorted((one, other), key=len)
    if one == other or len(long) - len(short) > 1:
        return False
    at = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return swapped or one[at + 1 :] == other[at + 1 :]
