"""Look-alikes of one night are found, and ordinary people aren't taken for them."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from followguard.domain.follower import Profile
from followguard.screening.lookalikes import FEWEST, find_lookalikes
from followguard.screening.profile_shape import bio_template, looks_generated, magnitude, own_host, username_shape
from tests.builders.places import SHARED

NIGHT = datetime(2026, 3, 1, 0, 10, tzinfo=UTC)
NO_PICTURE = "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png"
WORDS = ("maps", "tea", "gardens", "trains", "rust", "novels", "cats", "chess", "law", "bread", "rivers", "jazz")
SETS = SHARED / "datasets"


def a_person(rng: Random, number: int, youngest: float = 20.0) -> Profile:
    """Somebody ordinary: made at any time in fifteen years, most of them with a bio, a picture and a habit or two."""
    stem = "".join(rng.choice("aeioulmnrstdk") for _ in range(rng.randrange(4, 9)))
    digits = rng.random() < 0.25
    return Profile(
        id=str(number),
        observed_at=NIGHT,
        username=f"{stem.capitalize()}{rng.randrange(10**7, 10**8)}" if digits else f"{stem}_{rng.choice(WORDS)}"[:15],
        description="" if rng.random() < 0.3 else " ".join(rng.sample(WORDS, 5)),
        created_at=NIGHT - timedelta(days=youngest + rng.expovariate(1 / 1200)),
        followers_count=int(rng.lognormvariate(4.5, 1.5)),
        following_count=int(rng.lognormvariate(5.3, 1.0)),
        tweet_count=int(rng.lognormvariate(6, 2)),
        profile_image_url=NO_PICTURE if rng.random() < 0.1 else f"https://pbs.twimg.com/profile_images/{number}/a.jpg",
    )


def a_newcomer(rng: Random, number: int) -> Profile:
    """Came to X within the last month by the app's own suggestions: little to show, a proposed username."""
    return replace(
        a_person(rng, number),
        username=f"{rng.choice(('Ann', 'Bo', 'Chidi', 'Dora'))}{rng.randrange(10**7, 10**8)}",
        description="",
        created_at=NIGHT - timedelta(days=rng.uniform(0.01, 30)),
        followers_count=int(rng.expovariate(0.4)),
        following_count=int(rng.lognormvariate(3.5, 0.7)),
        tweet_count=int(rng.expovariate(0.4)),
        profile_image_url=NO_PICTURE if rng.random() < 0.5 else "https://pbs.twimg.com/profile_images/1/a.jpg",
    )


def an_attack(rng: Random, size: int, first: int, days_ago: float = 45.0) -> list[Profile]:
    """Made by one script within five days."""
    return [
        replace(
            a_newcomer(rng, first + n),
            created_at=NIGHT - timedelta(days=days_ago + rng.uniform(0, 5)),
            followers_count=rng.randrange(4),
            following_count=rng.randrange(180, 221),
            tweet_count=rng.randrange(3),
            profile_image_url=NO_PICTURE,
        )
        for n in range(size)
    ]


@pytest.mark.parametrize("size", [12, 60, 400])
@pytest.mark.parametrize("days_ago", [1.0, 45.0, 700.0])
def test_an_attack_becomes_one_batch(size: int, days_ago: float) -> None:
    """Among 300 ordinary followers nearly all of the attack is one batch, and nobody else is in it."""
    rng = Random(size)
    bought = an_attack(rng, size, 10_000, days_ago)
    night = [a_person(rng, 1 + n) for n in range(300)] + bought
    rng.shuffle(night)
    (batch,) = find_lookalikes(night)
    assert set(batch.members) <= {profile.id for profile in bought}
    assert len(batch.members) >= 0.9 * size
    assert "no picture" in batch.alike
    assert "look generated" in batch.alike


@pytest.mark.parametrize("seed", range(5))
def test_five_thousand_ordinary_people_are_no_batch(seed: int) -> None:
    """A crowded night of believable people, a tenth of them new to X: nobody is grouped."""
    rng = Random(seed)
    night = [a_person(rng, 1 + n) for n in range(4_500)] + [a_newcomer(rng, 9_000 + n) for n in range(500)]
    assert sum(len(batch.members) for batch in find_lookalikes(night)) <= 5


def test_a_wave_of_newcomers_is_no_attack() -> None:
    """An event brings 400 people who came to X over the last month."""
    rng = Random(4)
    assert find_lookalikes([a_newcomer(rng, 1 + n) for n in range(400)]) == []


def test_the_same_bio_but_for_numbers_and_links_is_a_batch() -> None:
    """Made years apart, with other counts: what they write gives them away. A short saying doesn't."""
    rng = Random(1)
    pitch = "Earn {0}$ a day from home, no experience needed, see https://go.example/{0} and follow @boss{0} now"
    said = [replace(a_person(rng, 50 + n), description=pitch.format(n)) for n in range(10)]
    (batch,) = find_lookalikes([*said, *(a_person(rng, 500 + n) for n in range(50))])
    assert set(batch.members) == {profile.id for profile in said}
    assert "earn #$ a day" in batch.alike
    assert find_lookalikes([replace(each, description="Just here to read the news") for each in said]) == []
    assert find_lookalikes([replace(each, description="love life 💕") for each in said]) == []


def test_a_link_to_one_little_known_site_is_a_batch_when_made_together() -> None:
    """Ten accounts of one month with one site; not the employees of a firm, who came over the years."""
    rng = Random(2)
    month = [
        replace(a_person(rng, 50 + n), url=f"https://pills{n}.x.example/p", created_at=NIGHT - timedelta(days=90 + n))
        for n in range(10)
    ]
    same = [replace(each, url="https://www.pills.example/?r=1") for each in month]
    (batch,) = find_lookalikes(same)
    assert len(batch.members) == 10
    assert find_lookalikes(month) == []
    firm = [replace(each, created_at=NIGHT - timedelta(days=100 + 300 * n)) for n, each in enumerate(same)]
    assert find_lookalikes(firm) == []
    assert find_lookalikes([replace(each, url="https://instagram.com/x") for each in month]) == []


def test_fewer_than_eight_are_no_batch() -> None:
    """Seven look-alikes are seven ordinary cards."""
    assert find_lookalikes(an_attack(Random(3), FEWEST - 1, 100)) == []


def test_nothing_known_is_nothing_alike() -> None:
    """Profiles of which X said only the id don't look alike, and the same one twice is one."""
    bare = [Profile(id=str(n), observed_at=NIGHT) for n in range(1, 30)]
    assert find_lookalikes(bare) == []
    assert find_lookalikes(an_attack(Random(3), 4, 100) * 5) == []


def test_the_same_night_gives_the_same_batches() -> None:
    """Whatever order the followers were read in."""
    rng = Random(6)
    night = [a_person(rng, n + 1) for n in range(200)] + an_attack(rng, 40, 1_000) + an_attack(rng, 30, 2_000, 400.0)
    first = find_lookalikes(night)
    rng.shuffle(night)
    assert [sorted(batch.members) for batch in find_lookalikes(night)] == [sorted(batch.members) for batch in first]
    assert [len(batch.members) for batch in first] == [40, 30]


def read_set(name: str) -> list[dict[str, str]]:
    """Rows of one public set, read where it lies."""
    if not (SETS / name).exists():
        pytest.skip("the public data sets aren't on this machine")
    with (SETS / name).open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.DictReader(file))


def old_profile(row: dict[str, str], observed_at: datetime) -> Profile:
    """A row of the sets of 2015 and 2017."""
    made = datetime.strptime(row["created_at"], "%a %b %d %H:%M:%S %z %Y")
    return Profile(
        id=row["id"],
        observed_at=observed_at,
        username=row["screen_name"],
        description=row["description"],
        url=row["url"] if row["url"] not in ("", "NULL") else None,
        created_at=made,
        followers_count=int(row["followers_count"]),
        following_count=int(row["friends_count"]),
        tweet_count=int(row["statuses_count"]),
        profile_image_url=NO_PICTURE if row["default_profile_image"] == "1" else row["profile_image_url"],
    )


def test_real_bought_followers_in_one_night() -> None:
    """At least 60 % of 3,351 bought followers are grouped, and 1 % of the 1,481 real people who arrive with them."""
    seen = datetime(2013, 4, 30, 13, tzinfo=UTC)
    bought = {row["id"]: old_profile(row, seen) for row in read_set("cresci-2017/fake_followers.csv")}
    real = {row["id"]: old_profile(row, seen) for row in read_set("cresci-2015/e13_users.csv")}
    grouped = [member for batch in find_lookalikes([*bought.values(), *real.values()]) for member in batch.members]
    assert sum(member in bought for member in grouped) >= 0.6 * len(bought)
    assert sum(member in real for member in grouped) <= 0.01 * len(real)


def test_real_people_in_one_night() -> None:
    """3,474 real people of another set who arrive in one night are no batch."""
    seen = datetime(2015, 5, 2, tzinfo=UTC)
    real = [old_profile(row, seen) for row in read_set("cresci-2017/genuine_users.csv")]
    assert sum(len(batch.members) for batch in find_lookalikes(real)) <= 0.002 * len(real)


@pytest.mark.parametrize(
    ("username", "shape", "generated"),
    [
        ("ada_lane", "a_a", False),
        ("AdaLane88", "AaAa9", False),
        ("Ada12345678", "Aa#", True),
        ("xkcdqwrtz", "a", True),
        ("", "", False),
        (None, "", False),
    ],
)
def test_username_shapes(username: str | None, shape: str, generated: bool) -> None:
    """Runs become letters; five digits or more at the end, or no vowel for long, look generated."""
    assert (username_shape(username), looks_generated(username)) == (shape, generated)


def test_magnitudes_are_powers_of_four() -> None:
    """0 | 1-3 | 4-15 | 16-63; unknown is neither."""
    assert [magnitude(n) for n in (None, 0, 1, 3, 4, 15, 16, 63, 64)] == [-1, 0, 1, 1, 2, 2, 3, 3, 4]


def test_templates_and_hosts() -> None:
    """Numbers, links and mentions go; short bios and shared hosts say nothing."""
    assert bio_template("Win $500 NOW at https://a.example/1 with @joe, hurry up") == (
        "win $# now at <link> with @, hurry up"
    )
    assert bio_template("Mom of 2") == bio_template(None) == ""
    assert [own_host(u) for u in ("https://www.A.example/x", "a.example", "https://t.co/x", "", None, "nonsense")] == [
        "a.example", "a.example", "", "", "", ""
    ]  # fmt: skip
