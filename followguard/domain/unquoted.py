"""What belongs to a value that came by the environment or a file, and what came with it on its way."""

MARK = "\ufeff"
"""The byte order mark that some editors put in front."""
QUOTES = "\"'"


def unquoted(text: str) -> str:
    """Gives the text without what can't be part of it at its ends: a mark, blanks, quotes that stand round all of it.

    docker's `--env-file` keeps the quotes that a shell would take off.
    """
    while True:
        bare = text.strip().strip(MARK)
        if len(bare) >= 2 and bare[0] == bare[-1] and bare[0] in QUOTES:
            bare = bare[1:-1]
        if bare == text:
            return bare
        text = bare
