"""The real public sets, where this machine has them: counts, births, labels, and their conversion."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from followguard.domain.follower import PROFILE_COLUMNS
from followguard.errors import UsageError
from followguard.files.profile_files import read_profiles
from followguard.training.base.public_sets import int_ids, load_public_sets, read_set_file, set_file_at
from tests.builders.places import SHARED
from training_data.convert import convert

DATASETS = SHARED / "datasets"


@pytest.fixture(scope="module")
def real():
    """All real accounts, read in place."""
    if not DATASETS.is_dir():
        pytest.skip("no ../shared/datasets here")
    return load_public_sets(DATASETS)


def test_the_real_sets_have_the_published_counts(real):
    """Less the 44 ids of Caverlee with both labels, and 19 accounts that stand in an earlier set already."""
    assert Counter(row.group for row in real) == {
        "genuine": 3474,
        "fake_followers": 3351,
        "social_spambots_1": 991,
        "social_spambots_2": 3457,
        "social_spambots_3": 464,
        "traditional_spambots_1": 1000,
        "traditional_spambots_2": 100,
        "traditional_spambots_3": 403,
        "traditional_spambots_4": 1128,
        "e13": 1481,
        "human_bots_2020": 3743,
        "caverlee_polluters": 22173,
        "caverlee_legitimate": 19220,
    }
    assert len({row.profile.id for row in real}) == len(real)


def test_no_real_account_was_born_after_it_was_seen(real):
    """A negative age would mean a wrong clock or a wrong column."""
    assert all(row.profile.created_at < row.profile.observed_at for row in real)


def test_every_int_account_is_among_the_fakes(real):
    """The file's accounts are all among the fakes, so it may never be added to them."""
    fakes = {row.profile.id for row in real if row.group == "fake_followers"}
    found = int_ids(DATASETS)
    assert len(found) == 1337
    assert found <= fakes


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_the_converted_2020_set_reads_as_the_set_itself(real, tmp_path, ending):
    """3,744 rows with labels; CSV alone can't tell an empty bio from an unknown one."""
    output = tmp_path / f"out.{ending}"
    assert convert(DATASETS / "human-bots-2020" / "val.csv", output) == 3744
    rows = list(read_profiles(output, datetime(2026, 1, 1, tzinfo=UTC)))
    assert Counter(row.label for row in rows) == {"genuine": 2501, "spam": 1243}
    expected = read_set_file(*set_file_at(DATASETS / "human-bots-2020" / "val.csv"))
    for row, original in zip(rows, expected, strict=True):
        for column in PROFILE_COLUMNS:
            cell, was = getattr(row.profile, column), getattr(original.profile, column)
            assert cell == was or (ending == "csv" and (cell, was) == (None, ""))


def test_a_conversion_that_fails_leaves_nothing(tmp_path):
    """An output of an unknown kind is refused."""
    if not DATASETS.is_dir():
        pytest.skip("no ../shared/datasets here")
    with pytest.raises(UsageError):
        convert(DATASETS / "human-bots-2020" / "val.csv", tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []
