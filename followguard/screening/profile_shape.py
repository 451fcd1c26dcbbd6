"""What makes two profiles look alike: the shape of a username, rough counts, a bio without its variable parts."""

import re
from dataclasses import dataclass

from followguard.domain.follower import Profile

DEFAULT_PICTURE = "default_profile_images"
UNKNOWN = -1
FEWEST_BIO_LETTERS = 20
"""Shorter bios are shared by chance: “love life”, “Mom of two”."""
LONG_BIO_LETTERS = 45
"""Nobody writes these twice."""

_SHAPE = (("a", re.compile("[a-z]+")), ("A", re.compile("[A-Z]+")))
_DIGITS = re.compile("[0-9]+")
_LINK = re.compile(r"(?:https?://|www\.|t\.me/)\S+")
_MENTION = re.compile(r"@\w+")
_NO_VOWEL = re.compile("[bcdfghjklmnpqrstvwxz]{5,}", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?([^/?#:\s]+)")
_HOSTS = """
t.co bit.ly linktr.ee instagram.com facebook.com fb.com youtube.com youtu.be linkedin.com tiktok.com x.com twitter.com
medium.com github.com about.me linkin.bio beacons.ai lnk.bio patreon.com soundcloud.com spotify.com open.spotify.com
twitch.tv discord.gg discord.com t.me wa.me amazon.com etsy.com substack.com google.com sites.google.com blogspot.com
tumblr.com pinterest.com threads.net bsky.app onlyfans.com cash.app goo.gl tinyurl.com
"""
SHARED_HOSTS = frozenset(_HOSTS.split())
"""Hosts where everybody has a page: sharing one of them means nothing."""


@dataclass(frozen=True, slots=True)
class Look:
    """A profile, coarsely. `counts` are the magnitudes of followers, following and posts."""

    shape: str
    picture: bool
    counts: tuple[int, int, int]

    @property
    def kind(self) -> tuple[str, bool, int, int, int]:
        """What the core of a group shares exactly; followers and posts in steps of sixteen."""
        followers, following, posts = self.counts
        return self.shape, self.picture, followers // 2, following, posts // 2

    def near(self, other: "Look") -> bool:
        """Tells whether counts lie at most one step apart in each."""
        return all(abs(mine - theirs) <= 1 for mine, theirs in zip(self.counts, other.counts, strict=True))


def look_of(profile: Profile) -> Look:
    """Returns the coarse look of a profile."""
    counts = (
        magnitude(profile.followers_count),
        magnitude(profile.following_count),
        magnitude(profile.tweet_count),
    )
    return Look(username_shape(profile.username), has_picture(profile), counts)


def username_shape(username: str | None) -> str:
    """Returns runs of letters and digits: `Ada_Lane88` is `Aa_Aa9`, five digits or more are `#`; empty for none."""
    shape = username or ""
    for mark, run in _SHAPE:
        shape = run.sub(mark, shape)
    return _DIGITS.sub(lambda digits: "#" if len(digits[0]) >= 5 else "9", shape)


def magnitude(count: int | None) -> int:
    """Returns 0, 1 to 3, 4 to 15, 16 to 63 and so on, numbered from 0; -1 where the count is unknown."""
    return UNKNOWN if count is None else (count.bit_length() + 1) // 2


def has_picture(profile: Profile) -> bool:
    """Tells whether somebody chose a picture. An unknown picture counts as one: absence isn't evidence."""
    return profile.profile_image_url is None or DEFAULT_PICTURE not in profile.profile_image_url


def looks_generated(username: str | None) -> bool:
    """Tells whether a name ends in five digits or more, or has letters that nobody can say."""
    name = username or ""
    return username_shape(name).endswith("#") or _NO_VOWEL.search(name) is not None


def bio_template(bio: str | None) -> str:
    """Returns the bio with links, mentions and numbers taken out; empty when too little is left to mean anything."""
    text = _MENTION.sub("@", _LINK.sub("<link>", (bio or "").casefold()))
    text = " ".join(_DIGITS.sub("#", text).split())
    return text if letters_in(text) >= FEWEST_BIO_LETTERS else ""


def letters_in(text: str) -> int:
    """Counts letters, of any alphabet."""
    return sum(letter.isalpha() for letter in text)


def own_host(url: str | None) -> str:
    """Returns the host of a link, empty for none and for hosts where everybody has a page."""
    found = _HOST.match((url or "").strip().casefold())
    host = found[1] if found else ""
    return "" if host in SHARED_HOSTS or "." not in host else host
