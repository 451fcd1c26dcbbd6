"""X's user objects, read leniently; all of them made up here, but for the bodies read in place."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from followguard.domain.follower import Profile
from followguard.domain.x_profile import profile_from_x, read_count, read_time
from tests.builders.places import SHARED

NOW = datetime(2026, 2, 1, 0, 5, tzinfo=UTC)
BODIES = SHARED / "x-api-bodies"
METRICS = {"followers_count": 4, "following_count": 5, "listed_count": 6, "like_count": 7, "media_count": 8}


def test_a_full_object_of_either_spec_version_gives_the_same_profile():
    """`tweet_count` and `post_count` are one column, and nothing is lost on the way."""
    raw = {"id": "12", "username": "made_up", "name": "Made Up", "created_at": "2020-01-02T03:04:05.000Z"}
    raw |= {"protected": False, "verified": True, "verified_type": "blue", "connection_status": ["followed_by"]}
    old = profile_from_x({**raw, "public_metrics": {**METRICS, "tweet_count": 9}}, NOW)
    new = profile_from_x({**raw, "public_metrics": {**METRICS, "post_count": 9}}, NOW)
    assert old == new
    assert old == Profile(
        id="12",
        observed_at=NOW,
        username="made_up",
        name="Made Up",
        created_at=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        followers_count=4,
        following_count=5,
        tweet_count=9,
        listed_count=6,
        like_count=7,
        media_count=8,
        protected=False,
        verified=True,
        verified_type="blue",
        connection=frozenset({"followed_by"}),
    )


@pytest.mark.parametrize(
    "raw", [None, [], "12", 12, {}, {"id": None}, {"id": "a1"}, {"id": "١٢"}, {"id": "0"}, {"id": True}]
)
def test_what_has_no_id_of_digits_is_refused_with_a_reason(raw):
    """Only the id is indispensable."""
    with pytest.raises(ValueError, match=r"id|object"):
        profile_from_x(raw, NOW)


@pytest.mark.parametrize(
    ("given_count", "read"),
    [
        *[("17", 17), (17, 17), (17.0, 17), (0, 0), (-1, None), ("-1", None), (1.5, None), ("many", None)],
        *[(None, None), (True, None), (float("nan"), None), (float("inf"), None), (10**30, None)],
        *[("9" * 40, None), ([], None), ("", None)],
    ],
)
def test_an_odd_count_is_unknown(given_count, read):
    """A count is a whole number from 0, as a number or as digits; anything else is unknown, never an exception."""
    assert read_count(given_count) == read


def test_odd_and_missing_fields_are_unknown():
    """One odd field costs that field, not the row."""
    odd = {"id": 12, "username": "", "name": 5, "created_at": "yesterday", "protected": "perhaps"}
    odd |= {"public_metrics": [1], "entities": {"url": {"urls": [None]}}, "connection_status": "following"}
    assert profile_from_x(odd, NOW) == Profile(id="12", observed_at=NOW)


def test_a_null_count_is_unknown_but_does_not_hide_the_other_name():
    """`tweet_count: null` beside `post_count: 3` is 3."""
    metrics = {"tweet_count": None, "post_count": 3, "like_count": None}
    profile = profile_from_x({"id": "1", "public_metrics": metrics}, NOW)
    assert (profile.tweet_count, profile.like_count) == (3, None)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2020-01-02T03:04:05.000Z", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2020-01-02T03:04:05Z", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2020-01-02T03:04:05+02:00", datetime(2020, 1, 2, 1, 4, 5, tzinfo=UTC)),
        ("2020-01-02 03:04:05", datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2020-01-02", datetime(2020, 1, 2, tzinfo=UTC)),
        ("2020-02-30", None),
        ("0001-01-01T00:00:00+09:00", None),
        ("1577934245", None),
        ("20200102", None),
        (1577934245, None),
    ],
)
def test_dates_are_iso_and_utc(cell, expected):
    """Offsets are turned into UTC, none means UTC, and seconds since 1970 aren't a date."""
    assert read_time(cell) == expected


@pytest.mark.parametrize(("ahead", "known"), [(timedelta(hours=23), True), (timedelta(hours=25), False)])
def test_a_birth_more_than_a_day_ahead_is_unknown(ahead, known):
    """Clocks differ by minutes, not by days."""
    born = (NOW + ahead).isoformat()
    assert (profile_from_x({"id": "1", "created_at": born}, NOW).created_at is not None) == known


def test_a_birth_before_the_platform_is_unknown():
    """1970-01-01 is a filler."""
    assert profile_from_x({"id": "1", "created_at": "1970-01-01T00:00:00.000Z"}, NOW).created_at is None


def test_text_can_be_stored():
    """NUL and lone surrogates become U+FFFD, and text without end is cut."""
    profile = profile_from_x({"id": "1", "name": "a\0b\ud800c", "description": "x" * 10_000}, NOW)
    assert profile.name == "a\ufffdb\ufffdc"
    assert profile.description == "x" * 2_000
    assert profile.name.encode()


def test_the_link_is_the_expanded_one():
    """`url` holds X's short link; the entity says where it leads."""
    entities = {"url": {"urls": [{"url": "https://t.co/x", "expanded_url": "https://example.org/"}]}}
    raw = {"id": "1", "url": "https://t.co/x"}
    assert profile_from_x({**raw, "entities": entities}, NOW).url == "https://example.org/"
    assert profile_from_x(raw, NOW).url == "https://t.co/x"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
fields = ["username", "name", "created_at", "public_metrics", "entities", "connection_status", "protected", "url"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(fields), json_values))
def test_no_odd_field_ever_raises(odd):
    """Whatever stands beside a good id, there is a profile."""
    assert profile_from_x({**odd, "id": "7"}, NOW).id == "7"


def test_every_recorded_object_is_read():
    """The real bodies, read in place."""
    if not BODIES.is_dir():
        pytest.skip("no ../shared/x-api-bodies here")
    found = 0
    for path in BODIES.glob("*.json"):
        body = json.loads(path.read_text(encoding="utf-8"))
        rows = body.get("data") if isinstance(body, dict) else []
        for raw in rows if isinstance(rows, list) else [rows]:
            if isinstance(raw, dict) and "username" in raw:
                assert profile_from_x(raw, NOW).username == raw["username"]
                found += 1
    assert found > 500
