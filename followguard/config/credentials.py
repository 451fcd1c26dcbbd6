"""The four secrets of an account, read from the environment or from files when a command is about to call X."""

import re
from collections.abc import Mapping
from pathlib import Path

from followguard.config.secret_text import read_text, secret_text
from followguard.domain.credentials import Credentials, Secret
from followguard.errors import ConfigurationError, MissingCredentials

SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


def variable_prefix(handle: str) -> str:
    """`FOLLOWGUARD_ACME_DE_` for `acme.de`."""
    return f"FOLLOWGUARD_{re.sub('[^A-Z0-9]', '_', handle.upper())}_"


def variable_names(handle: str) -> dict[str, str]:
    """Secret -> the variable, or the file, that holds it."""
    return {secret: variable_prefix(handle) + secret.upper() for secret in SECRETS}


def missing_secrets(handle: str, env: Mapping[str, str], folder: Path | None) -> list[str]:
    """The names that aren't there, as a person would set them. Raises ConfigurationError for what can't be one."""
    return [name for name in variable_names(handle).values() if not _text(name, env, folder)]


def read_credentials(handle: str, env: Mapping[str, str], folder: Path | None) -> Credentials:
    """The secrets of one account. Raises MissingCredentials that names what is missing."""
    missing = missing_secrets(handle, env, folder)
    if missing:
        where = f"files of those names in {folder}" if folder else "as files in FOLLOWGUARD_CREDENTIALS_DIR"
        raise MissingCredentials(
            f"@{handle}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set.",
            f"Set them in the environment, or {where}; X's developer console shows them under Keys and tokens.",
        )
    names = variable_names(handle)
    return Credentials(**{secret: Secret(_text(name, env, folder)) for secret, name in names.items()})


def _text(name: str, env: Mapping[str, str], folder: Path | None) -> str:
    """The environment wins. Quotes, blanks, a mark and line ends round a secret are no part of it."""
    said = secret_text(name, env.get(name, ""))
    if said or folder is None:
        return said
    try:
        return secret_text(name, read_text(folder / name))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it isn't text"
        raise ConfigurationError(f"The secret in {folder / name} can't be read: {why}.", "Correct the file.") from None
