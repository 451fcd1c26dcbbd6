"""Labelled profiles from a file: our own form, or a file of a public set."""

from collections import Counter
from datetime import datetime
from pathlib import Path

from followguard.domain.labels import LabelledProfile
from followguard.files.csv_table import Tell, untold
from followguard.files.profile_files import read_profiles


def read_labelled_file(path: Path, now: datetime, tell: Tell = untold) -> "tuple[list[LabelledProfile], Counter[str]]":
    """The labelled rows of a profile file or of a public set's file, and why how many rows were left out.

    Raises UnreadableFile, or DatasetMismatch for a file of a public set that isn't the one on record.
    """
    from followguard.files.labelled_rows import labelled_rows
    from followguard.training.base.public_sets import is_set_file, read_set_file, set_file_at

    if is_set_file(path):
        return read_set_file(*set_file_at(path)), Counter()
    return labelled_rows(read_profiles(path, now, tell), path.name)
