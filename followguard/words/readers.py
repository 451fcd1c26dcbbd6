"""Readers of the words that an account's configuration names, with what their lists weigh by now."""

from collections.abc import Iterable

from followguard.accounts.store import Accounts
from followguard.domain.installation import Installation
from followguard.domain.policy import AccountSettings
from followguard.store.store import Store
from followguard.store.work import Work
from followguard.words.imitation import Imitation
from followguard.words.learning import DecidedWords, counted, learned
from followguard.words.reading import ListRecord, TextReader, logit
from followguard.words.store import DecidedText, DecidedTexts

LEARNS_NOTHING = "none"


def reader_of(installation: Installation, settings: AccountSettings) -> TextReader:
    """Returns the reader of one account; every account of the installation is ours, and none imitates another."""
    return TextReader(settings.words, Imitation(installation.accounts, settings.policy.own_names))


def learned_reader(store: Store, installation: Installation, settings: AccountSettings) -> TextReader:
    """Returns the same with the record of its lists, and with what decisions taught where the training basis allows.

    Decisions of all accounts of the model group teach, of those whose own basis allows it; under "none" a list is
    counted on the account's own decisions and keeps the weight that it starts from.
    """
    reader = reader_of(installation, settings)
    if not settings.words:
        return reader
    with store.begin() as work:
        return reader.with_records(records(work, installation, settings))


def records(work: Work, installation: Installation, settings: AccountSettings) -> dict[str, ListRecord]:
    """Maps the account's lists to their records, with the weights that they have by now."""
    if not settings.words:
        return {}
    reader = reader_of(installation, settings)
    if settings.training_basis == LEARNS_NOTHING:
        return counted(settings.words, decided_words(work, [settings.handle], reader))
    group = installation.in_group(settings.model_group)
    handles = [each.handle for each in group if each.training_basis != LEARNS_NOTHING]
    return learned(settings.words, decided_words(work, handles, reader))


def decided_words(work: Work, handles: Iterable[str], reader: TextReader) -> list[DecidedWords]:
    """Returns decided cards that have one of the reader's lists in their text.

    A text that was cleared is known by what was read when it was scored.
    """
    wanted = set(handles)
    ids = [account.id for account in Accounts(work).all() if account.handle in wanted]
    found = (_words_of(each, reader) for each in DecidedTexts(work).of(ids))
    return [each for each in found if each.lists]


def _words_of(each: DecidedText, reader: TextReader) -> DecidedWords:
    lists = each.reading.lists if each.profile is None else reader.lists_in(each.profile)
    return DecidedWords(frozenset(lists), logit(each.p_spam) - each.reading.shift, each.spam)
