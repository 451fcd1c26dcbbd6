"""Checks an installation: one finding for each check, with what to do about it.

Nothing is changed but the rights of files, where that is asked for, and by asking X: the call stands in the ledger,
and the account's id is noted as on a first night.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from followguard.accounts.accounts import identify
from followguard.accounts.budget import Clock
from followguard.accounts.findings import Finding, State
from followguard.accounts.ledger_store import Runs
from followguard.accounts.store import Accounts, People
from followguard.domain.account import Account
from followguard.domain.health import Health
from followguard.domain.installation import Installation
from followguard.domain.policy import AccountSettings, Executor
from followguard.domain.wording import counted
from followguard.errors import FollowguardError, Tell, UnreadableFile
from followguard.files.guidelines_file import read_guidelines_file
from followguard.files.loose import Belongings
from followguard.store.log import Log
from followguard.store.store import Store
from followguard.store.upkeep import damaged
from followguard.x.contract import FollowerReader

__all__ = ["Doors", "Finding", "State", "examine"]
FACTS_AGE_DAYS = 180
_NAMED = 5
"""Paths that a finding names; the others are counted."""
RULES_READ_ON = "2026-11-22"
"""When X's rules and limits, as the documentation states them, were last read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """How the checks reach out. Whatever is wrong is raised as a FollowguardError.

    `model_in_force` says which model an account is scored by, and tells what kept the champion from it; `open_reader`
    is used only when X may be called; `look_over` sees whether the database is whole; `kept` is what lies on the disk.
    """

    store: Store
    clock: Clock
    missing_secrets: Callable[[str], list[str]]
    model_in_force: Callable[[str, Tell], str]
    open_reader: Callable[[str], FollowerReader]
    kept: Belongings | None = None
    look_over: Callable[[], Health] = Health


def examine(installation: Installation, doors: Doors, *, online: bool = False, fix: bool = False) -> list[Finding]:
    """Yields every check, in the order in which a person would mend things; with `fix` closes what is open."""
    findings = [_configuration(installation), *_database(installation, doors), *_people(doors)]
    findings += [] if doors.kept is None else check_files(doors.kept, fix=fix)
    for settings in installation.accounts.values():
        findings += [_credentials(settings, doors), _model(settings, doors), *_executor(settings)]
        findings += _guidelines(settings, installation.folder)
    findings += [_clock(installation, doors), *_facts(installation, doors.clock().date())]
    if online:
        findings += [_rights(settings, doors) for settings in installation.accounts.values()]
    return findings


def _configuration(installation: Installation) -> Finding:
    names = ", ".join(f"@{handle}" for handle in installation.accounts)
    text = f"{installation.config_path.name} is understood; accounts: {names}."
    if not installation.warnings:
        return Finding(check="configuration", state=State.OK, text=text)
    said = " ".join(installation.warnings)
    return Finding(check="configuration", state=State.WARN, text=said, next_step="Unset what is ignored.")


def _database(installation: Installation, doors: Doors) -> Iterator[Finding]:
    try:
        with doors.store.begin() as work:
            head = Log(work).head()
    except FollowguardError as error:
        yield _failed("database", error)
        return
    health = doors.look_over()
    if health.findings:
        yield _failed("database", damaged(health.findings))
    else:
        yield Finding(check="database", state=State.OK, text=f"The database can be used; head of the log {head[:12]}.")
    if installation.backups == 0:
        yield Finding(
            check="backups",
            state=State.WARN,
            text="No backup is made before a night.",
            next_step="Set backups above 0.",
        )


def _people(doors: Doors) -> Iterator[Finding]:
    """Nothing is said when the database itself failed: that has its own row."""
    with suppress(FollowguardError), doors.store.begin() as work:
        standing = [person for person in People(work).all() if person.withdrawn_at is None]
        if standing:
            yield Finding(check="people", state=State.OK, text=f"{len(standing)} may use it: followguard person list.")
        else:
            yield Finding(
                check="people",
                state=State.WARN,
                text="Nobody may decide yet.",
                next_step='Run: followguard person add "YOUR NAME" --role owner',
            )


def _credentials(settings: AccountSettings, doors: Doors) -> Finding:
    try:
        missing = doors.missing_secrets(settings.handle)
    except FollowguardError as error:
        return _failed("credentials", error, settings.handle)
    if not missing:
        text = "All four secrets are there."
        return Finding(check="credentials", state=State.OK, text=text, account=settings.handle)
    return Finding(
        check="credentials",
        state=State.FAIL,
        text=f"Missing: {', '.join(missing)}.",
        next_step="Set them, or put files of those names into FOLLOWGUARD_CREDENTIALS_DIR; reviewers need none.",
        account=settings.handle,
    )


def _model(settings: AccountSettings, doors: Doors) -> Finding:
    problems: list[FollowguardError] = []
    try:
        name = doors.model_in_force(settings.handle, problems.append)
    except FollowguardError as error:
        return _failed("model", error, settings.handle)
    if problems:
        text, next_step = problems[0].message, problems[0].next_step
        return Finding(check="model", state=State.WARN, text=text, next_step=next_step, account=settings.handle)
    return Finding(
        check="model", state=State.OK, text=f"{name}: its sha256 is the one on record.", account=settings.handle
    )


def _guidelines(settings: AccountSettings, folder: Path) -> Iterator[Finding]:
    """Looks whether the file can be read; nothing is said where the configuration names none."""
    if not settings.policy.guidelines:
        return
    try:
        text = read_guidelines_file(folder / settings.policy.guidelines)
    except UnreadableFile as error:
        yield Finding(
            check="guidelines", state=State.WARN, text=error.message, next_step=error.next_step, account=settings.handle
        )
        return
    lines = counted(len(text.strip().splitlines()), "line")
    yield Finding(check="guidelines", state=State.OK, text=f"The desk shows {lines}.", account=settings.handle)


def _executor(settings: AccountSettings) -> Iterator[Finding]:
    if settings.executor is Executor.API:
        yield Finding(
            check="executor",
            state=State.OK,
            text="api: X sells the follow call on Enterprise plans only; a plan without it is switched to hand-off.",
            account=settings.handle,
        )


def _clock(installation: Installation, doors: Doors) -> Finding:
    """Checks the clock: one that is behind would pay for profiles twice and let orders live too long."""
    now = doors.clock()
    newest = _newest_run(doors)
    if newest is not None and newest > now:
        text = f"The clock says {now.isoformat()}, but the last night began {newest.isoformat()}."
        return Finding(check="clock", state=State.FAIL, text=text, next_step="Set the clock of this machine (UTC).")
    if now.date() < date.fromisoformat(RULES_READ_ON) and installation.pinned_now is None:
        text = f"The clock says {now.isoformat()}, before this program was made."
        return Finding(check="clock", state=State.FAIL, text=text, next_step="Set the clock of this machine (UTC).")
    return Finding(check="clock", state=State.OK, text=f"It is {now.isoformat(timespec='seconds')}.")


def _newest_run(doors: Doors) -> datetime | None:
    with suppress(FollowguardError), doors.store.begin() as work:
        runs = [run for account in Accounts(work).all() for run in Runs(work).latest(account.id, "nightly")]
        return max((run.started_at for run in runs), default=None)
    return None


def _facts(installation: Installation, today: date) -> Iterator[Finding]:
    told = (
        ("prices", installation.prices.read_on, "Read X's prices again, then set them and read_on under [prices]."),
        ("rules", RULES_READ_ON, "Read X's developer rules and limits again; a newer followguard may know them."),
    )
    for check, read_on, next_step in told:
        days = (today - date.fromisoformat(read_on)).days
        old = days > FACTS_AGE_DAYS
        yield Finding(
            check=check,
            state=State.WARN if old else State.OK,
            text=f"As read on {read_on}, {counted(max(0, days), 'day')} ago.",
            next_step=next_step if old else "",
        )


def _rights(settings: AccountSettings, doors: Doors) -> Finding:
    """Asks X by one call whose credentials these are, which also shows that X takes them."""
    handle = settings.handle
    try:
        me = identify(doors.store, doors.open_reader(handle), _row(doors, handle), doors.clock)
    except FollowguardError as error:
        return _failed("rights on X", error, handle)
    followers = "" if me.followers_count is None else f", {counted(me.followers_count, 'follower')}"
    text = f"X knows these credentials as @{me.username} (id {me.id}{followers})."
    return Finding(check="rights on X", state=State.OK, text=text, account=handle)


def _row(doors: Doors, handle: str) -> Account:
    with doors.store.begin() as work:
        return Accounts(work).ensure(handle, doors.clock())


def _failed(check: str, error: FollowguardError, account: str | None = None) -> Finding:
    return Finding(check=check, state=State.FAIL, text=error.message, next_step=error.next_step, account=account)


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
