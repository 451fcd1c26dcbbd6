"""The check of who may read what followguard keeps: names of followers, decisions, backups, secrets."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from followguard.accounts.findings import Finding, State
from followguard.domain.installation import Installation
from followguard.files.loose import Belongings
from followguard.store.store import Store

_NAMED = 5


def check_files(kept: Belongings, *, fix: bool) -> Iterator[Finding]:
    """Gives one finding; with `fix` what is loose is closed first, and a second finding says what."""
    mended = kept.close() if fix else []
    if mended:
        text = f"Closed to others: {_names(mended)}."
        yield Finding(check="files mended", state=State.OK, text=text)
    loose = kept.loose()
    if not loose:
        text = "What is kept is open to its owner only, or to a group that shares the folder on purpose."
        yield Finding(check="files", state=State.OK, text=text)
        return
    close = "To close them: followguard doctor --fix (where a group is to share the folder, first: chmod 2770 FOLDER)"
    own = "Let their owner close them, or root: chmod go= FILE." if fix else close
    yield Finding(check="files", state=State.WARN, text=f"Open to others: {_names(loose)}.", next_step=own)


def _names(paths: Sequence[Path]) -> str:
    named = ", ".join(str(path) for path in paths[:_NAMED])
    return f"{named} and {len(paths) - _NAMED} more" if len(paths) > _NAMED else named


def belongings_of(installation: "Installation", store: "Store") -> "Belongings":
    """Lists what the installation keeps on the disk, and who may read it."""
    from followguard.files.loose import belongings as found

    secrets = installation.credentials_dir
    return found(installation.folder, store.file, store.places.backups, installation.models_dir, secrets)
