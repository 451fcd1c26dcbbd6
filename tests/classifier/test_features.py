"""The feature table and the one extraction."""

import math
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followguard.classifier import features
from followguard.classifier.columns import ProfileColumns
from followguard.classifier.feature_page import feature_page
from followguard.classifier.features import FEATURES, extract, packed, schema_hash, unpacked
from followguard.domain.follower import Profile
from tests.builders.places import DOCS

NOW = datetime(2026, 11, 1, tzinfo=UTC)
Make = Callable[..., Profile]
NAMES = [feature.name for feature in FEATURES]


def values_of(*profiles: Profile) -> dict[str, float]:
    """The features of the first profile, by name."""
    return dict(zip(NAMES, extract(ProfileColumns.from_profiles(profiles))[0].tolist(), strict=True))


def old(make: Make, **fields: object) -> Profile:
    """A four-year-old account that has posted."""
    given = {"created_at": NOW - timedelta(days=1460), "tweet_count": 400, "like_count": 40}
    return make(**{**given, **fields})


DENIED = (
    "lang", "locale", "country", "place", "location", "time_zone", "utc", "geo", "gender", "ethnic", "religio",
    "politic", "health", "verified", "image", "colour", "color", "protected", "age_days", "script", "length",
)  # fmt: skip
READ = {
    "followers", "following", "tweets", "listed", "likes", "age_days", "username", "name", "bio", "link", "picture",
}  # fmt: skip


def test_no_feature_is_named_after_who_a_person_is() -> None:
    """No feature's name or sentence speaks of language, place, belief, body or badge."""
    told = " ".join(f"{feature.name} {feature.sentence}".lower() for feature in FEATURES)
    assert not [word for word in DENIED if word in told]


def test_nothing_else_is_read_than_what_the_table_needs() -> None:
    """The columns that features are computed from are these eleven: all of what the API returns of any follower."""
    assert set(ProfileColumns.__slots__) == READ


def test_names_are_codes_and_come_once() -> None:
    """Every feature has a name of lower-case words that no other has."""
    assert len(set(NAMES)) == len(NAMES)
    assert all(set(name) <= set(string.ascii_lowercase + "_") for name in NAMES)


def test_a_name_that_comes_twice_refuses_to_start() -> None:
    """The table can't hold two features of one name."""
    with pytest.raises(ValueError, match="twice"):
        schema_hash((FEATURES[0], FEATURES[0]))


def test_the_schema_changes_with_the_table() -> None:
    """A model of fewer features, or of the same in another order, has another schema."""
    assert len({schema_hash(), schema_hash(FEATURES[:-1]), schema_hash(FEATURES[::-1])}) == 3


def test_the_page_is_the_table() -> None:
    """docs/features.md is what the table says."""
    page = DOCS / "features.md"
    assert page.read_text(encoding="utf-8") == feature_page()


def test_no_feature_reads_who_a_person_is(profile: Make) -> None:
    """Place, protection and badge change no value; nor do script of a name, language of a bio, which link."""
    shown = {"url": "https://t.co/b", "profile_image_url": "https://pbs.twimg.com/profile_images/2/b_normal.jpg"}
    plain = old(profile, description="Bakes bread at night.", name="Ян", **shown)
    other = old(
        profile,
        description="夜にパンを焼いています。",
        name="愛",
        location="Lima",
        url="https://t.co/a",
        profile_image_url="https://pbs.twimg.com/profile_images/1/a_normal.jpg",
        protected=True,
        verified=True,
        verified_type="blue",
    )
    np.testing.assert_array_equal(list(values_of(plain).values()), list(values_of(other).values()))


def test_values_are_those_of_the_definitions(profile: Make) -> None:
    """Rates are per year of age at the moment of reading, ratios have 1 added above and below."""
    found = values_of(
        old(
            profile,
            followers_count=99,
            following_count=399,
            description="Sale! #deal @shop https://t.co/9",
            username="m1art22a_lo",
            name="Márta",
        )
    )
    assert found["likes_rate"] == pytest.approx(math.log1p(10))
    assert found["likes_pace"] == pytest.approx(math.log1p(8))
    assert found["username_in_name"] == pytest.approx(2 / 3)
    assert found["following_per_follower"] == pytest.approx(math.log(4))
    assert found["likes_per_tweet"] == pytest.approx(math.log(41 / 401))
    shape = {name: found[name] for name in NAMES if name.startswith(("bio", "username")) and name != "username_in_name"}
    assert shape == {
        "username_generated": 0,
        "bio_empty": 0,
        "bio_links": 1,
        "bio_exclamations": 1,
    }


def test_age_is_measured_against_the_moment_of_reading(profile: Make) -> None:
    """The same account read a year earlier with the same counts has higher rates."""
    late = old(profile, following_count=99)
    early = old(profile, following_count=99, observed_at=NOW - timedelta(days=365))
    assert values_of(early)["following_rate"] > values_of(late)["following_rate"]


def test_unknown_is_missing(profile: Make) -> None:
    """A profile of which nothing is known has no value at all."""
    assert all(math.isnan(value) for value in values_of(profile()).values())


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_bio_says_only_that_it_is_empty(profile: Make, empty: str | None) -> None:
    """Without a bio what it holds is missing; that it is empty is known where somebody looked."""
    found = values_of(old(profile, description=empty))
    assert math.isnan(found["bio_links"])
    assert math.isnan(found["bio_exclamations"])
    assert (found["bio_empty"] == 1.0) is (empty is not None)


@pytest.mark.parametrize("fields", [{"created_at": NOW - timedelta(days=20)}, {"tweet_count": 0, "like_count": 0}])
def test_emptiness_of_the_young_and_the_silent_is_unknown(profile: Make, fields: dict[str, object]) -> None:
    """A newcomer had no time for a bio, and who only reads needs no picture."""
    found = values_of(old(profile, **{"description": "", "url": "", "profile_image_url": "", **fields}))
    assert all(math.isnan(found[name]) for name in ("bio_empty", "has_link", "default_picture", "age"))


def test_the_picture_of_everybody_is_known(profile: Make) -> None:
    """X's own picture, or none, counts as no picture; a picture that nobody looked at is unknown."""
    everybody = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png"
    shown = {address: values_of(old(profile, profile_image_url=address)) for address in (everybody, "", "https://x/a")}
    assert [found["default_picture"] for found in shown.values()] == [1.0, 1.0, 0.0]
    assert math.isnan(values_of(old(profile, profile_image_url=None))["default_picture"])


def test_a_brand_new_account_has_no_value_for_what_takes_time(profile: Make) -> None:
    """An hour after its creation an account's zeros, small counts and proposed username are unknown."""
    counts = {"followers_count": 0, "following_count": 45, "tweet_count": 0, "listed_count": 0, "like_count": 2}
    newcomer = profile(
        created_at=NOW - timedelta(hours=1), username="Ada73819264", name="Ada", description="", **counts
    )
    assert all(math.isnan(value) for value in values_of(newcomer).values())


def test_a_new_account_that_follows_hundreds_has_shown_something(profile: Make) -> None:
    """A count too large for a newcomer is known, as a rate over 30 days."""
    found = values_of(profile(created_at=NOW - timedelta(days=2), following_count=900, followers_count=3))
    assert found["following_rate"] == pytest.approx(math.log1p(900 * 365 / 30))
    assert found["following_per_follower"] == pytest.approx(math.log(901 / 4))


def test_a_silent_account_that_follows_hundreds_is_not_blamed_for_silence(profile: Make) -> None:
    """Its follows are known; that it posts and likes nothing is not held against it."""
    counts = {"followers_count": 3, "following_count": 900, "tweet_count": 0, "like_count": 0}
    found = values_of(old(profile, **counts))
    assert found["following_per_follower"] == pytest.approx(math.log(901 / 4))
    acts = [name for name in NAMES if name.startswith(("tweets", "likes"))]
    assert all(math.isnan(found[name]) for name in acts)


def test_who_only_reads_is_not_blamed_for_silence(profile: Make) -> None:
    """Small counts of an old account that neither posted nor liked are unknown."""
    counts = {"followers_count": 4, "following_count": 60, "tweet_count": 0, "listed_count": 0, "like_count": 0}
    found = values_of(old(profile, **counts))
    assert all(math.isnan(value) for value in found.values())


hostile_text = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.sampled_from(["\x00" * 40, "\ud800\udfff", "\u202e" * 9, "9" * 10_000, "https://" * 2000, "\x1b[31m"]),
)
counts = st.one_of(st.none(), st.integers(0, 3), st.integers(0, 10**9), st.sampled_from([-1, 2**63, 10**400]))


@settings(max_examples=120, deadline=None)
@given(
    texts=st.tuples(hostile_text, hostile_text, hostile_text),
    numbers=st.tuples(*[counts] * 5),
    days=st.one_of(st.none(), st.integers(-4000, 9000)),
)
def test_no_profile_breaks_the_extraction(
    texts: tuple[str | None, ...], numbers: tuple[int | None, ...], days: int | None
) -> None:
    """Whatever stands in a profile, every value is a finite number or missing."""
    odd = Profile(
        id="1",
        observed_at=NOW,
        created_at=None if days is None else NOW - timedelta(days=days),
        **dict(zip(("username", "name", "description"), texts, strict=True)),
        **dict(
            zip(
                ("followers_count", "following_count", "tweet_count", "listed_count", "like_count"),
                numbers,
                strict=True,
            )
        ),
    )
    found = extract(ProfileColumns.from_profiles([odd]))
    assert np.all(np.isfinite(found) | np.isnan(found))


def test_one_row_and_many_have_the_same_values(profile: Make, rows: list, monkeypatch: pytest.MonkeyPatch) -> None:
    """Extraction by one, by three and all at once give the same bits."""
    profiles = [row.profile for row in rows]
    whole = extract(ProfileColumns.from_profiles(profiles))
    single = np.concatenate([extract(ProfileColumns.from_profiles([each])) for each in profiles])
    monkeypatch.setattr(features, "ROWS_AT_ONCE", 3)
    np.testing.assert_array_equal(whole, single)
    np.testing.assert_array_equal(whole, extract(ProfileColumns.from_profiles(profiles)))


def test_no_profile_is_no_row() -> None:
    """An empty night is an empty matrix."""
    assert extract(ProfileColumns.from_profiles([])).shape == (0, len(FEATURES))


def test_kept_values_come_back(profile: Make) -> None:
    """A verdict keeps little-endian float32 in the order of the table, missing values included."""
    row = extract(ProfileColumns.from_profiles([old(profile, followers_count=7)]))[0]
    assert len(packed(row)) == 4 * len(FEATURES)
    np.testing.assert_array_equal(unpacked(packed(row)), row)
