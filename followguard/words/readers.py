"""Readers of the words that an account's configuration names."""

from followguard.domain.installation import Installation
from followguard.domain.policy import AccountSettings
from followguard.words.imitation import Imitation
from followguard.words.reading import TextReader


def reader_of(installation: Installation, settings: AccountSettings) -> TextReader:
    """Returns the reader of one account; every account of the installation is ours, and none imitates another."""
    return TextReader(settings.words, Imitation(installation.accounts, settings.policy.own_names))


def reader_for(settings: AccountSettings) -> TextReader:
    """Returns the reader of one account where the installation isn't at hand."""
    return TextReader(settings.words, Imitation([settings.handle], settings.policy.own_names))
