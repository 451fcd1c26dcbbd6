"""The composition root: the one place that knows both sides of a port. Everything is imported where it is used."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from followguard.adapters.config.template import NewConfiguration
    from followguard.adapters.registry import Registry, Shelf
    from followguard.adapters.store.work import SqlStore
    from followguard.adapters.x_reader import XReader
    from followguard.adapters.x_writer import XWriter
    from followguard.domain.follower import Profile
    from followguard.domain.installation import Installation
    from followguard.domain.labelled import LabelledProfile
    from followguard.domain.policy import AccountSettings
    from followguard.domain.profile_row import ProfileRow, RowError
    from followguard.domain.report import NightPage
    from followguard.domain.review_sheet import SheetRow
    from followguard.jobs.execute import Rhythm
    from followguard.jobs.forget import Eraser
    from followguard.jobs.nightly import Means
    from followguard.jobs.whatif_model import OtherModel
    from followguard.jobs.workshop import Shelved, Tell, Workshop
    from followguard.learning.scoring import Scorer
    from followguard.sandbox.server import Sandbox

Clock = Callable[[], datetime]


def load_installation(config_path: str | Path, env: Mapping[str, str] | None = None) -> "Installation":
    """What `followguard.toml` and the environment come to. Raises ConfigurationError."""
    from followguard.adapters.config.file import load_installation as load

    return load(config_path, os.environ if env is None else env)


def clock(installation: "Installation") -> Clock:
    """The time in UTC, or always the one of FOLLOWGUARD_NOW while that is honoured."""
    pinned = installation.pinned_now
    return (lambda: datetime.now(UTC)) if pinned is None else (lambda: pinned)


def seed(installation: "Installation", store: "SqlStore") -> int:
    """What chance starts from: the installation's own seed, or FOLLOWGUARD_SEED while that is honoured.

    A run that is repeated after a crash must draw the same followers for the audit.
    """
    pinned = installation.pinned_seed
    return store.seed() if pinned is None else pinned


def open_store(installation: "Installation") -> "SqlStore":
    """The database, with locks and backups beside it; on PostgreSQL backups go beside the configuration."""
    from followguard.adapters.store.engine import open_store as open_database

    on_server = installation.database_url.startswith("postgresql")
    folder = installation.folder / "backups" if on_server else None
    return open_database(installation.database_url, backup_dir=folder)


def open_reader(installation: "Installation", handle: str, now: Clock, account_id: str | None = None) -> "XReader":
    """Three of the four calls, for one account. Raises MissingCredentials."""
    from followguard.adapters import x_gateway
    from followguard.adapters.config.credentials import read_credentials

    credentials = read_credentials(handle, os.environ, installation.credentials_dir)
    return x_gateway.open_reader(credentials, installation.x_api_url, now, account_id=account_id, handle=handle)


def open_writer(installation: "Installation", handle: str, account_id: str, now: Clock) -> "XWriter":
    """The fourth call, for follow-back only. Raises MissingCredentials."""
    from followguard.adapters import x_gateway
    from followguard.adapters.config.credentials import read_credentials

    credentials = read_credentials(handle, os.environ, installation.credentials_dir)
    return x_gateway.open_writer(credentials, installation.x_api_url, account_id, now, handle=handle)


def missing_secrets(installation: "Installation", handle: str) -> list[str]:
    """The names of the account's secrets that aren't there."""
    from followguard.adapters.config import credentials

    return credentials.missing_secrets(handle, os.environ, installation.credentials_dir)


def read_profile_file(path: Path, now: datetime) -> Iterator["ProfileRow | RowError"]:
    """The rows of a profile file (CSV, JSONL, Parquet). Raises UnreadableFile."""
    from followguard.adapters.profile_files import read_profiles

    return read_profiles(path, now)


def read_sheet(path: Path) -> list["SheetRow"]:
    """The rows of a review sheet. Raises UnreadableFile."""
    from followguard.adapters.review_csv import read_sheet as read

    return read(path)


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes a review sheet, whole or not at all. Raises UnreadableFile."""
    from followguard.adapters.review_csv import write_sheet as write

    write(path, columns, rows)


def write_rows(path: Path, rows: Iterable[Mapping[str, object]]) -> int:
    """Writes scored rows by the file's ending; returns how many. Raises UsageError."""
    from followguard.adapters.profile_files import write_rows as write

    return write(path, rows)


def new_configuration(path: Path, handle: str, executor: str, training_basis: str) -> "NewConfiguration":
    """A `followguard.toml` with every key, its default and what it means, not written yet. Raises UsageError."""
    from followguard.adapters.config.template import NewConfiguration, commented

    return NewConfiguration(path, commented(handle, executor, training_basis))


def load_scorer(
    installation: "Installation | None" = None,
    handle: str | None = None,
    *,
    store: "SqlStore | None" = None,
    tell: "Tell | None" = None,
) -> "Scorer":
    """The model that an account is scored by: its group's champion, or the last good one before it.

    `tell` hears what keeps the champion from serving. Without an account the base model. Opens the database where no
    `store` is given. Raises DamagedModel.
    """
    from followguard.adapters.registry import shipped_base
    from followguard.jobs.base_rate import at_own_rate
    from followguard.jobs.model_in_force import in_force

    if installation is None or handle is None:
        return load_model(shipped_base())
    if store is None:
        with open_store(installation) as opened:
            return load_scorer(installation, handle, store=opened, tell=tell)
    found = in_force(store, shelf(installation), installation.account(handle), tell or (lambda _: None))
    scorer = _scorer_of(found.shelved, rate_from_scores=found.house is None)
    return at_own_rate(store, handle, scorer, clock(installation)())


def load_model(folder: Path) -> "Scorer":
    """The model of a folder, its sha256 checked. Raises DamagedModel."""
    return _scorer_of(registry().load(folder))


def _scorer_of(shelved: "Shelved", *, rate_from_scores: bool = False) -> "Scorer":
    """Keeps numerical libraries to one thread each: on small arrays a second one only waits for the first."""
    from threadpoolctl import threadpool_limits

    from followguard.learning.scoring import Scorer

    threadpool_limits(limits=1)
    return Scorer.of_parts(shelved.parts, shelved.manifest.name, rate_from_scores=rate_from_scores)


def shelf(installation: "Installation") -> "Shelf":
    """The models of an installation."""
    from followguard.adapters.registry import Shelf
    from followguard.learning.features import schema_hash

    return Shelf(installation.models_dir, schema_hash())


def workshop(installation: "Installation", store: "SqlStore") -> "Workshop":
    """What learning works with."""
    from threadpoolctl import threadpool_limits

    from followguard.adapters.label_exports import LabelExports
    from followguard.jobs.workshop import Workshop

    threadpool_limits(limits=1)
    return Workshop(
        installation=installation,
        store=store,
        shelf=shelf(installation),
        exports=LabelExports(installation.folder / "training_data"),
        load_scorer=lambda handle, tell: load_scorer(installation, handle, store=store, tell=tell),
        clock=clock(installation),
        seed=seed(installation, store),
        secret=store.seed(),
    )


def registry() -> "Registry":
    """Model folders that fit the features of this program."""
    from followguard.adapters.registry import Registry
    from followguard.learning.features import schema_hash

    return Registry(schema_hash())


def load_public_sets(folder: Path, say: Callable[[str], None]) -> "list[LabelledProfile]":
    """Every labelled account of the public sets. Raises DatasetMismatch."""
    from followguard.adapters.public_sets import load_public_sets as load

    return load(folder, say)


def public_set_hashes() -> dict[str, str]:
    """The files that `load_public_sets` reads -> the sha256 that each of them must have."""
    from followguard.adapters.public_sets.files import SET_FILES
    from followguard.adapters.public_sets.sources import read_sources

    sources = read_sources()
    return {file.path: sources[file.path].sha256 for file in SET_FILES}


def read_labelled_file(path: Path, now: datetime) -> "tuple[list[LabelledProfile], int]":
    """The labelled rows of a profile file or of a public set's file, and how many rows were left out.

    Raises UnreadableFile, or DatasetMismatch for a file of a public set that isn't the one on record.
    """
    from followguard.adapters.public_sets import read_set_file, set_file_at
    from followguard.adapters.public_sets.files import SET_FILES
    from followguard.jobs.labelled_rows import labelled_rows

    if any(path.resolve().as_posix().endswith(f"/{file.path}") for file in SET_FILES):
        return read_set_file(*set_file_at(path)), 0
    return labelled_rows(read_profile_file(path, now), path.name)


def rhythm(installation: "Installation", store: "SqlStore") -> "Rhythm":
    """The time between two follow calls: spread out, but for a stand-in on this machine."""
    import time
    from random import Random

    from followguard.domain.pace import AT_ONCE, Spacing
    from followguard.jobs.execute import Rhythm

    spacing = AT_ONCE if installation.on_loopback else Spacing()
    return Rhythm(spacing=spacing, sleep=time.sleep, rng=Random(seed(installation, store)))


def night_means(installation: "Installation", store: "SqlStore", say: Callable[[str], None]) -> "Means":
    """What a night works with."""
    from followguard.adapters.retrain_apart import retrain_apart
    from followguard.jobs.nightly import Means

    now = clock(installation)
    return Means(
        installation=installation,
        store=store,
        clock=now,
        seed=seed(installation, store),
        rhythm=rhythm(installation, store),
        open_reader=lambda handle: open_reader(installation, handle, now),
        open_writer=lambda handle, x_id: open_writer(installation, handle, x_id, now),
        load_scorer=lambda handle, tell: load_scorer(installation, handle, store=store, tell=tell),
        retrain=lambda handle: retrain_apart(installation.config_path, handle),
        say=say,
    )


def profiles_of(path: Path) -> "tuple[Profile, ...]":
    """The accounts of a file, for the sandbox, each by its first row that can be read. Raises UnreadableFile."""
    from followguard.domain.profile_row import ProfileRow

    rows = read_profile_file(path, datetime.now(UTC))
    found: dict[str, Profile] = {}
    for row in rows:
        if isinstance(row, ProfileRow):
            found.setdefault(row.profile.id, row.profile)
    return tuple(found.values())


@contextmanager
def demo_sandbox(
    profiles: "Sequence[Profile]" = (), *, followers: int = 200, nights: int = 2, seed: int = 1
) -> Iterator["Sandbox"]:
    """A stand-in for X with one account, acme: profiles of a file over so many nights, or people made up."""
    from followguard.sandbox.plan import AccountPlan, Attack, SandboxPlan
    from followguard.sandbox.server import serve

    made_up = AccountPlan(handle="acme", followers=followers, mean_new=40, attacks=(Attack(1),))
    given = AccountPlan(handle="acme", profiles=tuple(profiles), nights=nights)
    start = datetime.now(UTC) - timedelta(days=nights)
    with serve(SandboxPlan(accounts=(given if profiles else made_up,), seed=seed, start=start)) as sandbox:
        yield sandbox


def render_report(page: "NightPage", path: Path) -> None:
    """Writes the HTML page of a night to a file, whole or not at all. Raises UsageError."""
    from followguard.adapters.report.page import render_report as render

    render(page, path)


def write_report(installation: "Installation", store: "SqlStore", now: datetime, day: str | None = None) -> Path:
    """The report of a night, of the newest one unless an ISO day is given; returns where it is. Raises UsageError."""
    from followguard.jobs.report import write_report as write

    return write(store, installation, day, now, render_report)


def remove_old_reports(installation: "Installation", now: datetime) -> None:
    """Reports show those who are held back, so they go when the text of those does."""
    from followguard.adapters.report.old import remove_older
    from followguard.domain.utc_day import day_of
    from followguard.jobs.report import FOLDER

    before = now - timedelta(days=installation.retention.held_back_text)
    remove_older(installation.folder / FOLDER, day_of(before))


def write_card_page(folder: Path) -> Path:
    """The model card beside its Markdown as one HTML page; returns where it is."""
    from followguard.adapters.report.card import card_html
    from followguard.adapters.whole_file import whole_file

    page = folder / "CARD.html"
    text = card_html((folder / "CARD.md").read_text(encoding="utf-8"))
    with whole_file(page) as part:
        part.write_text(text, encoding="utf-8")
    return page


def model_to_try(
    installation: "Installation", store: "SqlStore", settings: "AccountSettings", name: str
) -> "OtherModel":
    """The base model or a model of the account's group, by its name. Raises UsageError, DamagedModel, CantServe."""
    from followguard.jobs.base_rate import at_own_rate
    from followguard.jobs.model_in_force import loaded
    from followguard.jobs.model_life import is_base, known_model
    from followguard.jobs.whatif_model import OtherModel

    if is_base(workshop(installation, store), name):
        base = _scorer_of(shelf(installation).base(), rate_from_scores=True)
        base = at_own_rate(store, settings.handle, base, clock(installation)())
        return OtherModel(base.name, base.model)
    with store.begin() as work:
        house = known_model(work, settings.model_group, name)
    return OtherModel(name, _scorer_of(loaded(shelf(installation), house)).model, house.newest_decision)


def eraser(installation: "Installation", store: "SqlStore") -> "Eraser":
    """What forgetting a person works with."""
    from followguard.adapters.report.old import remove_naming
    from followguard.domain.tombstone import page_pattern
    from followguard.jobs.forget import Eraser
    from followguard.jobs.report import FOLDER

    folder = installation.folder / FOLDER
    return Eraser(
        store=store,
        upkeep=store.upkeep,
        workshop=workshop(installation, store),
        remove_reports=lambda gone: remove_naming(folder, page_pattern(gone.follower_id, gone.usernames)),
        keep=installation.backups,
    )


def write_private(path: Path, text: str) -> None:
    """Writes a new file that only its owner may read. Raises UsageError where one is there, or none can be written."""
    from followguard.adapters.whole_file import write_private as write

    write(path, text)
