"""The columns of a profile file, and the names that other programs give them: a table."""

from followguard.domain.follower import PROFILE_COLUMNS
from followguard.files.headings import HeadingTable, Names

LABEL_COLUMNS = ("label", "group")
"""Columns that a profile file may hold beside `PROFILE_COLUMNS`."""
COLUMNS = (*PROFILE_COLUMNS, *LABEL_COLUMNS)
METRICS = "public_metrics"
"""X's own bag of counts: an object, or in CSV its text."""

_NAMES: dict[str, Names] = {
    "id": (
        ("id_str", "user_id_str"),  # exact where the number beside it may have been rounded
        ("id", "user_id", "userid", "account_id", "twitter_id", "twitter_user_id", "x_id", "follower_id", "rest_id"),
    ),
    "username": (("username", "screen_name", "screenname", "user_name", "handle", "twitter_handle"),),
    "name": (("name", "display_name", "full_name"),),
    "description": (("description", "bio", "biography", "profile_description"),),
    "location": (("location",),),
    "url": (("website", "homepage"), ("url", "link")),  # beside a website, url is the address on X
    "created_at": (("created_at", "account_created_at", "created", "joined", "join_date", "joined_at", "since"),),
    "observed_at": (
        ("observed_at",),
        ("retrieved_at", "twarc_retrieved_at", "crawled_at", "collected_at", "scraped_at", "fetched_at"),
    ),
    "followers_count": (("followers_count", "follower_count", "followers"),),
    "following_count": (("following_count", "friends_count", "friend_count", "friends"), ("following",)),
    "tweet_count": (
        ("tweet_count", "statuses_count", "tweets_count", "tweets", "statuses"),
        ("post_count", "posts_count", "posts"),
    ),
    "listed_count": (("listed_count", "lists_count", "listed"),),
    "like_count": (("like_count", "likes_count", "favourites_count", "favorites_count", "likes", "favorites"),),
    "media_count": (("media_count",),),
    "profile_image_url": (("profile_image_url_https",), ("profile_image_url", "profile_image", "avatar_url")),
    "protected": (("protected", "is_protected"),),
    "verified": (("verified", "is_verified"), ("is_blue_verified",)),
    "verified_type": (("verified_type",),),
    "label": (("label", "labels"),),
    "group": (("group",),),
    METRICS: ((METRICS,),),
}
_COMPANY = {"following": "followers"}
"""Alone, `following` is X's old answer to whether we follow somebody; beside `followers` it is a count."""

_HINTS = {
    **dict.fromkeys(("class", "account_type", "target", "ground_truth", "is_bot", "bot", "is_spam", "spam"), "label"),
    **dict.fromkeys(("number_of_followers", "no_of_followers", "num_followers", "total_followers"), "followers_count"),
    **dict.fromkeys(("number_of_friends", "no_of_friends", "num_friends", "total_friends"), "following_count"),
    **dict.fromkeys(("number_of_tweets", "no_of_tweets", "num_tweets", "total_tweets"), "tweet_count"),
    **dict.fromkeys(("certified", "blue", "verification"), "verified"),
}

PROFILE_HEADINGS = HeadingTable(_NAMES, _COMPANY, _HINTS)
OBJECT_KEYS = HeadingTable(
    {**_NAMES, "entities": (("entities",),), "connection_status": (("connection_status",),)}, _COMPANY, _HINTS
)
"""The same for JSON objects, which may be X's own."""
