"""Words of commands that a person is told to type."""

import shlex


def quoted(name: str) -> str:
    """For a shell: plain double quotes unless the name itself holds what they don't protect."""
    return shlex.quote(name) if set(name) & set('"$`\\!') else f'"{name}"'
