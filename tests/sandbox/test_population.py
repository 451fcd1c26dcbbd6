"""The made-up people of the sandbox."""

from collections import Counter
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from followguard.domain.follower import PROFILE_COLUMNS, Profile
from followguard.errors import UnreadableFile
from followguard.sandbox.plan import START
from followguard.sandbox.population import FIRST_ID, IS_SPAM, Population, short_link
from followguard.sandbox.sketch import digits_username, syllables, word_username

MANY = 3_000
NOBODY = Profile(id="77", observed_at=datetime(2020, 8, 19, tzinfo=UTC))


def crowd(seed: int = 7, hostile_share: float = 0.0, **grown: object) -> Population:
    people = Population(seed, hostile_share)
    people.grow(MANY, START, **({"spam_share": 0.3} | grown))  # type: ignore[arg-type]
    return people


def test_same_seed_same_people() -> None:
    """A seed names its people, in whatever order they are asked for."""
    forth = [crowd().person(number) for number in range(50)]
    back = [crowd().person(number) for number in reversed(range(50))]
    assert forth == back[::-1]
    assert forth != [crowd(seed=8).person(number) for number in range(50)]


def test_every_column_of_a_profile_file_is_filled_somewhere() -> None:
    """No column of a profile file stays empty in a made-up population."""
    profiles = [crowd().person(number).profile for number in range(300)]
    for column in PROFILE_COLUMNS:
        assert any(getattr(profile, column) not in {None, ""} for profile in profiles), column


def test_ids_and_usernames_belong_to_one_person() -> None:
    """Ids lie above X's own, and no username is given out twice, capitals or not."""
    profiles = [crowd().person(number).profile for number in range(MANY)]
    assert [int(profile.id) for profile in profiles] == list(range(FIRST_ID, FIRST_ID + MANY))
    usernames = [str(profile.username) for profile in profiles]
    assert len({name.lower() for name in usernames}) == MANY
    assert all(0 < len(name) <= 15 and name.replace("_", "").isalnum() and name.isascii() for name in usernames)


def test_usernames_stay_unique_far_up() -> None:
    """Both ways of making a username give 200,000 people 200,000 names."""
    numbers = range(900_000, 1_100_000)
    assert len({word_username("anna", number) for number in numbers}) == len(numbers)
    assert len({digits_username("Anna", number) for number in numbers}) == len(numbers)
    assert len(syllables(12)) == 6
    assert len(syllables(1_000_012)) == 8


def test_ages_and_counts_are_possible() -> None:
    """Nobody is older than X, younger than now, or has a count below zero; tails are heavy."""
    profiles = [crowd().person(number).profile for number in range(MANY)]
    ages = [START - profile.created_at for profile in profiles if profile.created_at]
    assert len(ages) == MANY
    assert timedelta(0) < min(ages) < timedelta(days=2) < timedelta(days=3650) < max(ages) < timedelta(days=7_000)
    followers = sorted(profile.followers_count or 0 for profile in profiles)
    assert followers[0] >= 0
    assert followers[-1] > 100 * max(1, followers[MANY // 2])


def test_spam_comes_in_several_kinds_at_the_asked_share() -> None:
    """Each kind occurs, spam has about its share, and the quick truth equals the drawn one."""
    people = crowd()
    kinds = Counter(people.kind_of(number) for number in range(MANY))
    assert set(kinds) == set(IS_SPAM) - {"look_alike", "from_file"}
    assert 0.26 < sum(count for kind, count in kinds.items() if IS_SPAM[kind]) / MANY < 0.34
    assert all(people.person(number).kind == people.kind_of(number) for number in range(100))


def test_look_alikes_are_alike_but_not_the_same() -> None:
    """An attack: same week, same missing picture, counts close together, names with eight digits, all different."""
    people = crowd(attack=True)
    profiles = [people.person(number).profile for number in range(40)]
    created = [profile.created_at for profile in profiles if profile.created_at]
    assert max(created) - min(created) < timedelta(days=7)
    assert len({profile.profile_image_url for profile in profiles}) == 1
    assert len({profile.username for profile in profiles}) == 40
    assert all(str(profile.username)[-8:].isdigit() for profile in profiles)
    assert {180 <= (profile.following_count or 0) <= 220 for profile in profiles} == {True}


def test_hostile_text_occurs_now_and_then() -> None:
    """Terminal codes, bidi overrides, zero-width characters, markup and overlong names are among the names and bios."""
    people = crowd(hostile_share=0.5)
    texts = "".join(f"{one.name}{one.description}" for one in (people.person(n).profile for n in range(MANY)))
    assert all(
        piece in texts for piece in ("\x1b[31m", "\u202e", "\u200b", "<script>", "[bold red]", "=HYPERLINK", "\r\n")
    )
    assert max(len(str(people.person(number).profile.name)) for number in range(MANY)) > 200
    mild = crowd(hostile_share=0.01)
    odd = sum("\x1b" in f"{mild.person(n).profile.name}{mild.person(n).profile.description}" for n in range(MANY))
    assert 0 < odd < MANY * 0.01


def test_file_people_keep_their_age() -> None:
    """A row observed in 2020 is as old when it arrives as it was then; id, username and counts are the file's."""
    created = datetime(2020, 8, 9, 12, 30, tzinfo=UTC)
    row = replace(NOBODY, username="row_one", created_at=created, followers_count=3)
    people = Population(1, 0.0)
    (number,) = people.adopt([row], START)
    shown = people.person(number).profile
    assert START - (shown.created_at or START) == row.observed_at - created
    assert (shown.id, shown.username, shown.followers_count, shown.description) == ("77", "row_one", 3, None)
    assert people.number_of("77") == number
    assert people.kind_of(number) == "from_file"


def test_a_file_row_comes_once() -> None:
    """The same id twice in a file, or in two files, is one person."""
    people = Population(1, 0.0)
    assert len(people.adopt([NOBODY, NOBODY, replace(NOBODY, id="78")], START)) == 2
    assert len(people.adopt([NOBODY], START)) == 0


def test_an_id_that_x_could_not_have_is_refused() -> None:
    """A row whose id isn't digits names itself and the remedy."""
    with pytest.raises(UnreadableFile, match=r"abc.*digits"):
        Population(1, 0.0).adopt([replace(NOBODY, id="abc")], START)


def test_nobody_has_a_foreign_id() -> None:
    """Ids of nobody, too long or of digits that aren't ASCII find nobody."""
    people = crowd()
    assert [people.number_of(one) for one in ("1", "9" * 5_000, str(FIRST_ID + MANY), "")] == [None] * 4


def test_a_change_is_seen_and_stays() -> None:
    """A changed field shows from then on, a changed link no longer leads where it led, the rest stays."""
    people = crowd()
    number = next(n for n in range(MANY) if people.person(n).link)
    before = people.person(number)
    people.change(number, url=short_link("https://new.example"), description="other")
    after = people.person(number)
    assert after.profile.description == "other"
    assert after.link is None
    same = {field.name for field in fields(Profile)} - {"url", "description"}
    assert all(getattr(after.profile, name) == getattr(before.profile, name) for name in same)
