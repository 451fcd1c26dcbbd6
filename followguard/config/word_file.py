"""Lists of words in a file of their own, to be tried before they stand in the configuration."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from followguard.config.keys import Keys, WordKeys
from followguard.config.phrases import each_once
from followguard.config.problems import wrong_keys
from followguard.domain.policy import WordList
from followguard.errors import ConfigurationError

_LIKE = "Write tables [[words]] with name, any_of and says, as [[accounts.HANDLE.words]] in docs/configuration.md."


class WordFileKeys(Keys):
    """The top of a file of words."""

    words: Annotated[list[WordKeys], Field(min_length=1, max_length=100), AfterValidator(each_once)]
    """lists to try"""


def word_lists(path: Path) -> tuple[WordList, ...]:
    """Reads the lists of a file. Raises ConfigurationError that names file, key and next step."""
    try:
        keys = WordFileKeys.model_validate(tomllib.loads(path.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise ConfigurationError(f"{path} can't be read: {error.strerror}.", "Correct the path.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path.name} isn't valid TOML: {error}.", _LIKE) from None
    except ValidationError as error:
        raise wrong_keys(error, path.name, WordFileKeys) from None
    return tuple(WordList(each.name, tuple(each.any_of), each.says) for each in keys.words)
