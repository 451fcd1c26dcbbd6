"""The company's guidelines at the desk: read from their file, kept by version, a change said once to each person."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from followguard.accounts.store import Accounts
from followguard.domain.card import Card
from followguard.domain.guidelines import Guidelines
from followguard.domain.person import Person
from followguard.domain.policy import AccountSettings, Policy
from followguard.errors import UnreadableFile
from followguard.files.guidelines_file import read_guidelines_file
from followguard.review.guidelines_store import GuidelineVersions
from followguard.store.work import Work


def read_guidelines(work: Work, settings: AccountSettings, folder: Path, now: datetime) -> Guidelines | None:
    """Returns the account's guidelines as they stand in their file (relative to `folder`), kept from now on.

    Where the file can't be read, the last version known with `problem`; with an empty text where none is. None: the
    configuration names no file.
    """
    if not settings.policy.guidelines:
        return None
    account, versions = Accounts(work).ensure(settings.handle, now), GuidelineVersions(work)
    try:
        text = read_guidelines_file(folder / settings.policy.guidelines)
    except UnreadableFile as error:
        return _last_known(versions.in_force(account.id), settings.handle, error, now)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    versions.put_in_force(account.id, sha256, text, now)
    return versions.version(account.id, sha256)


def _last_known(known: Guidelines | None, handle: str, error: UnreadableFile, now: datetime) -> Guidelines:
    with_what = f"with the version of {known.first_seen_at:%Y-%m-%d}" if known else "without"
    goes_on = f"The desk goes on {with_what}."
    problem = f"{error.message} {error.next_step} {goes_on}"
    known = known or Guidelines(account=handle, sha256="", text="", first_seen_at=now)
    return replace(known, problem=problem)


def guidelines_hash(work: Work, card: Card, policy: Policy, had: Mapping[str, str] | None) -> str | None:
    """Returns the sha256 that is kept with a decision: of those that the person had, else of those in force."""
    if not policy.guidelines:
        return None
    if had is not None:
        return had.get(card.account) or None
    version = GuidelineVersions(work).in_force(card.account_id)
    return version.sha256 if version else None


def tell_once(work: Work, person: Person, found: Guidelines, now: datetime) -> str:
    """Returns what to say of the guidelines at the start of a sitting, once a person and version; else nothing."""
    if not found.sha256:
        return ""
    account, versions = Accounts(work).ensure(found.account, now), GuidelineVersions(work)
    before = versions.last_told(person.id, account.id)
    if before == found.sha256:
        return ""
    versions.tell(person.id, account.id, found.sha256, now)
    if before is None:
        return f"@{found.account} has guidelines for deciding."
    return f"The guidelines of @{found.account} have changed (the version of {found.first_seen_at:%Y-%m-%d})."
