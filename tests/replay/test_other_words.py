"""`whatif --words` says what a list would have done to past cards, as far as their texts are kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from followguard.config.word_file import word_lists
from followguard.domain.policy import Says, WordList
from followguard.errors import ConfigurationError
from followguard.replay.other_words import OtherWords, PastText, reworded
from followguard.replay.past import PastCard, PastScore
from followguard.replay.settings import CONFIGURED, Others, replay_account
from followguard.testing import START, made_up_profile
from followguard.words.reading import NOTHING_READ, TextReader, kept_reading, logit
from tests.builders.reviewing import APPROVE, SPAM, House, ordinary

NEW = OtherWords("new.toml", (WordList("tokens", ("tokenomics",), Says.SPAM), WordList("fair", ("messe",), Says.LOOK)))
BIOS = {"501": "Tokenomics", "502": "t0kenomics for all", "503": "at the Messe", "504": "Gardens", "505": "tokenomics"}


def score(p_spam: float, shift: float = 0.0) -> PastScore:
    return PastScore(1, START, "m", p_spam, 0.0, "m", b"", "", shift=shift)


def card(one: PastScore) -> PastCard:
    return PastCard(item=1, follower_id="1", username=None, first_seen_day="2026-01-05", opened_at=START, scores=(one,))


def text(bio: str, reasons: list[dict[str, object]] | None = None) -> dict[int, PastText]:
    return {1: PastText(replace(made_up_profile("1"), description=bio), kept_reading(reasons, []))}


def test_each_list_is_counted_with_what_people_decided(house: House) -> None:
    """Cards that have it, spam and real people among them, bands that change; a text that is gone is told apart."""
    house.p_spam = dict.fromkeys(BIOS, 0.1)
    house.read(*(replace(ordinary(i, house.now), description=bio) for i, bio in BIOS.items()))
    house.night()
    house.decide("501", SPAM)
    house.decide("502", APPROVE)
    with house.store.begin() as work:
        work.connection.exec_driver_sql(
            "UPDATE snapshots SET description = NULL, text_cleared_at = observed_at WHERE follower_id = '505'"
        )
    told = replay_account(house.store, house.settings["acme"], Others(words=NEW), 0)
    assert told.words is not None
    assert (told.words.cards, told.words.cleared) == (5, 1)
    tokens, fair = told.words.lists
    assert (tokens.cards, tokens.spam, tokens.real) == (2, 1, 1)
    assert (fair.cards, fair.spam, fair.real) == (1, 0, 0)
    assert told.words.bands == {"genuine to unsure": 3}
    assert [row.words for row in told.policies] == [CONFIGURED, "new.toml"]
    assert [row.outcome.unsure for row in told.policies] == [0, 3]


def test_a_list_takes_the_place_of_its_namesake() -> None:
    """What the configured one weighed is taken off before the new one weighs."""
    before = [{"code": "own_words:tokens", "text": "x", "weight": 2.0}]
    found = reworded([card(score(0.5, shift=2.0))], NEW, text("tokenomics", before))[0].scores[0]
    assert logit(found.p_spam) == pytest.approx(0.7 - 2.0)
    assert found.shift == pytest.approx(0.7)
    gone = reworded([card(score(0.5, shift=2.0))], NEW, text("gardens", before))[0].scores[0]
    assert logit(gone.p_spam) == pytest.approx(-2.0)


def test_marks_of_other_kinds_stay() -> None:
    """Only a list of the same name loses its mark."""
    marked = {1: PastText(made_up_profile("1"), TextReader().read(replace(made_up_profile("1"), description="nudes")))}
    assert reworded([card(replace(score(0.1), look=True))], NEW, marked)[0].scores[0].look


def test_a_cleared_text_changes_nothing() -> None:
    """The score stays as it was made."""
    cards = [card(score(0.3))]
    assert reworded(cards, NEW, {1: PastText(None, NOTHING_READ)}) == cards
    assert reworded(cards, NEW, {}) == cards


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "words is missing"),
        ("words = []", "words"),
        ("[[words]]\nname = 'x'\nany_of = ['a']\nsays = 'spam'", "words[0].any_of[0]"),
        ("[[words]]\nname = 'x'\nany_ofs = ['abc']\nany_of = ['abc']\nsays = 'spam'", "unknown key words[0].any_ofs"),
        ("[[accounts.acme.words]]\nname = 'x'", "unknown key accounts"),
        ("[[words", "isn't valid TOML"),
    ],
)
def test_a_file_of_words_is_read_strictly(tmp_path: Path, written: str, told: str) -> None:
    """The key and what to write instead."""
    file = tmp_path / "new.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        word_lists(file)
    assert told in refused.value.message
    assert refused.value.next_step


def test_a_missing_file_is_a_configuration_error(tmp_path: Path) -> None:
    """As is one that isn't text."""
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ConfigurationError):
            word_lists(path)
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError):
        word_lists(tmp_path / "b.toml")
