"""Headings as many programs write them."""

import pytest

from followguard.files.headings import HeadingTable, HeadingTwice, listed
from followguard.files.profile_headings import COLUMNS, OBJECT_KEYS, PROFILE_HEADINGS


def columns(*headings: str) -> dict[str, str]:
    """Heading -> column, for those that are read."""
    found = PROFILE_HEADINGS.read(headings).columns
    return {heading: column for heading, column in zip(headings, found, strict=True) if column}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("written", ["{}", " {} ", "\ufeff{}", "'{}'"])
def test_every_column_is_known_in_any_case(column: str, written: str) -> None:
    """As it is, in capitals, with spaces or hyphens for the underscores, in camel case."""
    camel = column.title().replace("_", "")
    for spelled in (column, column.upper(), column.replace("_", " ").capitalize(), column.replace("_", "-"), camel):
        assert PROFILE_HEADINGS.read([written.format(spelled)]).columns == (column,)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("screen_name", "username"), ("Screen name", "username"), ("screenName", "username"), ("user_id", "id"),
        ("User ID", "id"), ("userId", "id"), ("id_str", "id"), ("friends_count", "following_count"),
        ("statuses_count", "tweet_count"), ("favourites_count", "like_count"), ("Bio", "description"),
        ("public_metrics.followers_count", "followers_count"), ("public_metrics/post_count", "tweet_count"),
        ("publicMetrics.tweetCount", "tweet_count"), ("__twarc.retrieved_at", "observed_at"), ("Since", "created_at"),
        ("profile_image_url_https", "profile_image_url"), ("Followers", "followers_count"),
    ],
)  # fmt: skip
def test_names_of_other_programs_are_understood(heading: str, column: str) -> None:
    """X's API 1.1, flattened objects of API 2, and what exporters call them."""
    assert columns(heading) == {heading: column}


@pytest.mark.parametrize(
    "heading",
    ["Followers %", "% followers", "Δ Followers", "∆ Followers", "Followers ±", "Followers +", "+/- Followers",
     "Ø Followers", "Followers (‰)", "> Followers"],
)  # fmt: skip
def test_a_sign_that_makes_it_another_quantity_isnt_swallowed(heading: str) -> None:
    """A growth in percent is no number of followers."""
    assert columns("id", heading) == {"id": "id"}
    assert columns("id", "# Followers") == {"id": "id", "# Followers": "followers_count"}


def test_what_isnt_read_by_name_is_asked_for() -> None:
    """A column of labels under another name, a count in other words."""
    found = PROFILE_HEADINGS.read(["id", "account_type", "Number of followers"])
    assert found.unread == ("account_type (is label meant?)", "Number of followers (is followers_count meant?)")


def test_following_is_a_count_only_beside_followers() -> None:
    """Alone it is X's old answer to whether we follow somebody."""
    assert columns("id", "following") == {"id": "id"}
    assert columns("id", "Followers", "Following")["Following"] == "following_count"


def test_the_better_of_two_names_is_read_and_the_other_one_told() -> None:
    """An exact id beside a rounded one, a website beside the address on X."""
    found = PROFILE_HEADINGS.read(["id", "id_str", "url", "website", "following"])
    assert found.columns == (None, "id", None, "url", None)
    assert found.unread == (
        "id (instead of it, id_str is read)",
        "url (instead of it, website is read)",
        "following (is following_count meant?)",
    )


@pytest.mark.parametrize(
    ("headings", "says"),
    [
        (["id", "name", "id"], "the column id twice"),
        (["id", "user_id"], "two columns for id: id and user_id"),
        (["id", "friends_count", "Following count"], "two columns for following_count"),
    ],
)
def test_two_headings_for_one_column_are_an_error(headings: list[str], says: str) -> None:
    """Nobody can say which of them is meant."""
    with pytest.raises(HeadingTwice, match=says):
        PROFILE_HEADINGS.read(headings)


def test_what_is_not_read_is_named_with_a_guess() -> None:
    """Only a column that isn't there anyhow is guessed at; no heading can steer a terminal."""
    found = PROFILE_HEADINGS.read(["id", "folowers_count", "shoe_size", "user_nam", "naem", "name", "\x1b[2J"])
    assert found.unread == (
        "folowers_count (is followers_count meant?)",
        "shoe_size",
        "user_nam (is username meant?)",
        "naem",
        "␛[2J",
    )
    assert listed([str(number) for number in range(45)]).endswith("38, 39 and 5 more")


def test_a_name_stands_for_one_column() -> None:
    """The tables refuse to be built otherwise."""
    assert OBJECT_KEYS.read(["entities", "connection_status"]).unread == ()
    with pytest.raises(ValueError, match="stands for"):
        HeadingTable({"a": (("x",),), "b": (("x",),)}).read(["x"])
