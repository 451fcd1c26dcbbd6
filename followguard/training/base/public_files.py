"""The files of the public sets as a table: which group each one is, its label, when it was seen, how it is read.

Only what X API v2 returns today is taken. Language, time zone, colours, `test_set_*` and the like tell the source
of a row, not whether it is spam.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from followguard.domain.follower import Profile
from followguard.domain.labels import LabelledProfile
from followguard.domain.x_profile import clean_text, read_flag
from followguard.training.base.public_cells import (
    american_time,
    count_cell,
    flag_cell,
    once_decoded,
    plain_time,
    rows_by_name,
    text_cell,
    twitter_time,
    unescaped,
)

_FAKES_SEEN = datetime(2013, 4, 30, 13, 0, tzinfo=UTC)
_E13_SEEN = datetime(2013, 4, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFile:
    """One file. `spam` is None where rows carry their own label, `seen_at` None where rows carry their own time."""

    path: str
    group: str
    spam: bool | None
    read: Callable[[str, "SetFile"], Iterator[LabelledProfile]]
    seen_at: datetime | None = None
    mend: Callable[[str], str] = str

    @property
    def source(self) -> str:
        """Returns the set, named by its folder."""
        return self.path.partition("/")[0]


def _cresci(text: str, file: SetFile) -> Iterator[LabelledProfile]:
    for row in rows_by_name(text):
        profile = Profile(
            id=row["id"],
            observed_at=file.seen_at or plain_time(row["crawled_at"]),
            created_at=twitter_time(row["created_at"]),
            protected=flag_cell(row["protected"]),
            verified=flag_cell(row["verified"]),
            **_counts(row),
            **{ours: _mended(row[theirs], file) for ours, theirs in _CRESCI_TEXTS.items()},
        )
        yield LabelledProfile(profile=profile, spam=bool(file.spam), group=file.group, source=file.source)


def _human_bots(text: str, file: SetFile) -> Iterator[LabelledProfile]:
    """Reads rows without `name` and link. The word unknown fills a missing location; an empty bio is empty."""
    for row in rows_by_name(text):
        born = plain_time(row["created_at"])
        profile = Profile(
            id=row["id"],
            username=row["screen_name"],
            description=clean_text(row["description"]),
            location=None if row["location"] == "unknown" else clean_text(row["location"]),
            profile_image_url=row["profile_image_url"],
            created_at=born,
            observed_at=born + timedelta(days=int(row["account_age_days"])),
            verified=read_flag(row["verified"]),
            **_counts({"listed_count": "", **row}),
        )
        spam = row["account_type"] == "1"
        yield LabelledProfile(profile=profile, spam=spam, group=file.group, source=file.source)


def _caverlee(text: str, file: SetFile) -> Iterator[LabelledProfile]:
    """Reads rows without header and texts, only their lengths. The last column repeats the label of the file."""
    for cells in csv.reader(io.StringIO(text, newline="")):
        profile = Profile(
            id=cells[0],
            created_at=american_time(cells[1]),
            observed_at=american_time(cells[2]),
            following_count=int(cells[3]),
            followers_count=int(cells[4]),
            tweet_count=int(cells[5]),
        )
        yield LabelledProfile(
            profile=profile,
            spam=bool(file.spam),
            group=file.group,
            source=file.source,
            username_length=int(cells[6]),
            bio_length=int(cells[7]),
        )


_CRESCI_TEXTS = {
    "username": "screen_name",
    "name": "name",
    "description": "description",
    "location": "location",
    "url": "url",
    "profile_image_url": "profile_image_url",
}
_COUNTS = {
    "followers_count": "followers_count",
    "following_count": "friends_count",
    "tweet_count": "statuses_count",
    "listed_count": "listed_count",
    "like_count": "favourites_count",
}


def _counts(row: dict[str, str]) -> dict[str, Any]:
    return {ours: count_cell(row[theirs]) for ours, theirs in _COUNTS.items()}


def _mended(cell: str, file: SetFile) -> Any:
    text = text_cell(cell)
    return None if text is None else clean_text(file.mend(text))


def _of_cresci(name: str, group: str, *, spam: bool = True, **rest: Any) -> SetFile:
    return SetFile(path=f"cresci-{name}.csv", group=group, spam=spam, read=_cresci, **rest)


SET_FILES: tuple[SetFile, ...] = (
    _of_cresci("2017/genuine_users", "genuine", spam=False),
    _of_cresci("2017/fake_followers", "fake_followers", seen_at=_FAKES_SEEN),
    _of_cresci("2017/social_spambot_users_1", "social_spambots_1"),
    _of_cresci("2017/social_spambot_users_2", "social_spambots_2"),
    _of_cresci("2017/social_spambot_users_3", "social_spambots_3"),
    _of_cresci("2017/spambots_1", "traditional_spambots_1", mend=unescaped),
    _of_cresci("2017/spambots_2", "traditional_spambots_2"),
    _of_cresci("2017/spambots_3", "traditional_spambots_3"),
    _of_cresci("2017/spambots_4", "traditional_spambots_4"),
    _of_cresci("2015/e13_users", "e13", spam=False, seen_at=_E13_SEEN, mend=once_decoded),
    SetFile(path="human-bots-2020/val.csv", group="human_bots_2020", spam=None, read=_human_bots),
    SetFile(path="caverlee-2011/content_polluters.csv", group="caverlee_polluters", spam=True, read=_caverlee),
    SetFile(path="caverlee-2011/legitimate_users.csv", group="caverlee_legitimate", spam=False, read=_caverlee),
)
"""In the order in which an account that stands in two sets is kept: the one with more columns first."""
