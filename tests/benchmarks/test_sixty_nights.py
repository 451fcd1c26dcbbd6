"""The sixty nights: who comes is drawn by the seed alone, and what is written names nobody."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.sixty_nights import __main__ as sixty_nights
from benchmarks.sixty_nights.page import page_part, plot
from benchmarks.sixty_nights.people import A_NIGHT, ATTACK_KIND, ATTACK_SIZE, GENUINE, SET, Mixture, mixture
from benchmarks.sixty_nights.story import Learned, Night, Story
from followguard.domain.follower import Profile
from followguard.domain.labels import LabelledProfile

NIGHTS, SEED = 12, 3
SIZES = {GENUINE: 700, ATTACK_KIND: 400, "one_kind": 400, "another_kind": 400, "a_small_kind": 50}


def rows() -> list[LabelledProfile]:
    """Made-up people in made-up kinds, and some of another set."""
    seen = datetime(2026, 1, 5, tzinfo=UTC)
    kinds = [(kind, SET) for kind, size in SIZES.items() for _ in range(size)] + [(GENUINE, "another")] * 50
    return [
        LabelledProfile(
            profile=Profile(id=str(number), observed_at=seen), spam=kind != GENUINE, group=kind, source=source
        )
        for number, (kind, source) in enumerate(kinds)
    ]


@pytest.fixture(scope="module")
def came() -> Mixture:
    """Twelve nights."""
    return mixture(rows(), NIGHTS, SEED)


def test_fifty_come_each_night_and_nobody_twice(came: Mixture) -> None:
    """Every night is full, and all of them are of the set that the base model doesn't see."""
    assert [len(night) for night in came.nights] == [A_NIGHT] * NIGHTS
    assert len({person.profile.id for person in came.everybody}) == NIGHTS * A_NIGHT
    assert {person.source for person in came.everybody} == {SET}


def test_the_seed_alone_draws_who_comes(came: Mixture) -> None:
    """The same seed, the same nights; another seed, others."""
    assert mixture(rows(), NIGHTS, SEED).nights == came.nights
    assert mixture(rows(), NIGHTS, SEED + 1).nights != came.nights


def test_each_quarter_has_two_kinds_of_spam_and_one_night_a_heap(came: Mixture) -> None:
    """No other kind comes than the two drawn, but for the bought followers in their night; small kinds never."""
    for number, night in enumerate(came.nights, start=1):
        kinds = Counter(person.group for person in night if person.spam)
        bought = ATTACK_SIZE if number == came.attack else 0
        assert kinds[ATTACK_KIND] >= bought
        assert set(kinds) <= {*came.kinds[(number - 1) * 4 // NIGHTS], *([ATTACK_KIND] if bought else [])}


def test_without_the_sets_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 0 and a word: the sets aren't everybody's."""
    assert sixty_nights.main(["--datasets", str(tmp_path / "nowhere")]) == 0
    assert "Skipped" in capsys.readouterr().out


def test_the_page_has_every_table_and_names_nobody(tmp_path: Path) -> None:
    """Weeks, what was learned, before and after, other settings, checks; ids stay out; the picture is drawn."""
    story = made_up_story()
    page = page_part(story)
    for words in ("Week by week", "What was learned", "Before and after", "other settings", "2 of 2 nights"):
        assert words in page
    assert "promoted" in page
    assert not any(who in page for who in story.p_spam)
    plot(story, tmp_path / "story.png")
    assert (tmp_path / "story.png").read_bytes()[:4] == b"\x89PNG"


def made_up_story() -> Story:
    """Ten nights of four people each, a promotion after the fifth."""
    receipt = {"status": "done", "new": 4, "listed": 4, "held_back": 1, "audit": 0, "model": "base-1"}
    nights = [
        Night(number=n, receipt=receipt, spam={f"person-{n}-{k}": k > 1 for k in range(4)}, decided={"approve": 2})
        for n in range(1, 11)
    ]
    gate = {"won": 3, "lost": 1, "tied": 0, "mean_gain": 0.1, "lower_bound": 0.02}
    told = {"outcome": "promoted", "why": "surely better", "model": "house-1", "challenger": {"gate": gate}}
    whom = [who for night in nights for who in night.spam]
    return Story(
        nights=nights,
        learned=[Learned.of(5, "retrain", told | {"labels": {"genuine": 10, "spam": 5}})],
        kinds=[("one", "two")],
        attack=4,
        seed=1,
        command="python -m benchmarks.sixty_nights",
        day=date(2026, 1, 5),
        base="base-1",
        p_spam=dict.fromkeys(whom, 0.3),
        base_p=dict.fromkeys(whom, 0.4),
        whatif={"check": {"nights": 2, "same": 2}, "policies": [setting()]},
        checked={"findings": []},
    )


def setting() -> dict[str, Any]:
    """A row as `followguard whatif --json` prints it."""
    wrong = {"held": 3, "estimate": None, "low": 0.0, "high": 3.0}
    replay = {"cards": 40, "cards_a_day": 4.0, "minutes_a_day": 0.8, "wrong_holds": wrong}
    return {"model": "as served", "current": True, "holding_back": "earned", "max_wrong_hold": 0.1, "replay": replay}
