"""A reading joins a verdict: marks and notes at weight 0, the company's words with theirs, and the sum stays exact."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followguard.domain.policy import Reason, Says, Verdict, WordList
from followguard.testing import RuleScorer, made_up_profile
from followguard.words.imitation import Imitation
from followguard.words.reading import BIO_UNREAD, ListRecord, Reading, TextReader, logit, probability, with_words

LISTS = (
    WordList("tokens", ("airdrop*", "double your"), Says.SPAM),
    WordList("trade fair", ("hannover messe",), Says.GENUINE),
    WordList("resellers", ("reseller",), Says.LOOK),
)
READER = TextReader(LISTS, Imitation(["acme"], []))
PERSON = made_up_profile("1")


def read(bio: str, reader: TextReader = READER) -> Reading:
    return reader.read(replace(PERSON, description=bio))


def verdict(p_spam: float = 0.2) -> Verdict:
    return RuleScorer(lambda _: p_spam).verdicts([PERSON])[0]


@pytest.mark.parametrize(
    ("bio", "code", "weight"),
    [
        ("AIRDR0PS every day", "own_words:tokens", 0.7),
        ("d0uble-your pleasure", "own_words:tokens", 0.7),
        ("see you at Hannover Messe", "own_words:trade fair", -0.7),
        ("authorised reseller", "own_words:resellers", 0.0),
    ],
)
def test_a_list_is_a_reason_with_its_start_weight(bio: str, code: str, weight: float) -> None:
    """Spam words weigh up, genuine ones down, look words nothing; the reason names list and phrase."""
    reason = next(reason for reason in read(bio).reasons if reason.code == code)
    assert reason.weight == weight
    assert f"“{code.partition(':')[2]}”" in reason.text


def test_look_words_mark_and_others_dont() -> None:
    """Only a list that says look keeps a card from genuine."""
    assert [mark.code for mark in read("authorised reseller").look] == ["own_words:resellers"]
    assert read("see you at Hannover Messe").look == ()


def test_a_record_stands_in_the_reason() -> None:
    """How often the list was right, and what it weighs by now."""
    reader = READER.with_records({"tokens": ListRecord(1.9, spam=41, decided=44)})
    reason = read("double your fun", reader).reasons[0]
    assert reason.weight == 1.9
    assert "right 41 of 44 times" in reason.text


def test_a_bio_that_nobody_could_read_is_noted() -> None:
    """Signs without a letter; an empty bio is none, and a readable one isn't noted."""
    assert [reason.code for reason in read("🙂 ⭐ — !!!").reasons] == [BIO_UNREAD]
    assert read("   ") == read("Gardens") == Reading()


def test_imitation_comes_first_of_the_marks() -> None:
    """What matters most is told first."""
    both = replace(PERSON, name="Acme Giveaway", description="send 1 BTC get 2 back")
    assert [mark.code for mark in READER.read(both).look] == ["imitates_us", "words_giveaway"]


def test_no_reason_repeats_a_followers_text() -> None:
    """Texts are cleared after their time and reasons stay: they quote our words alone."""
    profile = replace(PERSON, name="Zyxxy Acme", username="zyxxy", description="zyxxy airdrop reseller t.me/zyxxy")
    assert not any("zyxxy" in reason.text.lower() for reason in READER.read(profile).reasons)


@given(
    st.floats(0.0, 1.0),
    st.lists(st.floats(-30.0, 30.0), min_size=1, max_size=3),
)
def test_weights_add_up(p_spam: float, weights: list[float]) -> None:
    """For every score and weight the reasons' sum is logit(p_spam) - base_logit, also at the ends."""
    reading = Reading(reasons=tuple(Reason(f"own_words:{n}", "x", weight) for n, weight in enumerate(weights)))
    found = with_words(verdict(p_spam), reading)
    assert 0.0 <= found.p_spam <= 1.0
    assert sum(reason.weight for reason in found.reasons) == pytest.approx(
        logit(found.p_spam) - found.base_logit, abs=1e-6
    )


def test_marks_move_no_score() -> None:
    """The score of somebody who is only marked is the very same number."""
    before = verdict(0.009)
    after = with_words(before, read("send 1 BTC get 2 back, t.me/x"))
    assert after.p_spam == before.p_spam
    assert [mark.code for mark in after.look] == ["words_giveaway", "words_contact"]
    assert after.reasons[-1].weight == before.reasons[-1].weight


def test_beside_a_mark_nothing_speaks_for_genuine() -> None:
    """What the model takes for a good sign is told as a fact without a side, of name and profile nothing; sums hold."""
    said = (
        Reason("audience", "follows 900 (of 100 such accounts about 60 are spam, of all 20)", 1.5),
        Reason("activity", "posts about 3 times a day (of 100 such accounts about 1 is spam, of all 20)", -4.0),
        Reason("name", "has a username made of its name (of 100 such accounts about 9 are spam, of all 20)", -1.0),
        Reason("other", "everything else taken together", 0.25),
    )
    before = replace(verdict(probability(-3.25)), reasons=said, base_logit=0.0)
    after = with_words(before, read("send 1 BTC get 2 back"))
    told = [(reason.code, reason.text, reason.weight) for reason in after.reasons]
    assert told[0] == ("audience", said[0].text, 1.5)
    assert told[1] == ("activity", "posts about 3 times a day", 0.0)
    assert [code for code, _, _ in told] == ["audience", "activity", "words_giveaway", "other"]
    assert sum(weight for _, _, weight in told) == pytest.approx(logit(after.p_spam), abs=1e-9)
    assert with_words(before, read("Gardens")) is before


def test_a_verdict_without_words_is_the_same() -> None:
    """Nothing read, nothing changed."""
    before = verdict()
    assert with_words(before, read("Gardens")) is before


@pytest.mark.parametrize(
    "sign", ["tokenomics ", "acme", "support", "rn", "a.", "a@", "\u0301", "空", "1a", "\U0001f468\u200d"]
)
def test_ten_megabytes_everywhere_are_read_at_once(sign: str) -> None:
    """Name, username, bio and link of ten megabytes each, with many phrases and names: under two seconds."""
    lists = [WordList(f"list {n}", tuple(f"tokenomics {k}" for k in range(100)), Says.SPAM) for n in range(10)]
    reader = TextReader(lists, Imitation(["acme"], [f"Brand {n} Bank" for n in range(50)]))
    reader.read(PERSON)
    huge = sign * (10_000_000 // len(sign.encode()))
    started = time.process_time()
    reader.read(replace(PERSON, name=huge, username=huge, description=huge, url=huge))
    assert time.process_time() - started < 2.0


def test_a_signature_names_what_is_looked_for() -> None:
    """The same for the same words, another for another list or name; learned weights change nothing in it."""
    assert READER.signature == TextReader(LISTS, Imitation(["acme"], [])).signature
    assert READER.signature == READER.with_records({"tokens": ListRecord(2.0)}).signature
    others = (TextReader(LISTS[:2], Imitation(["acme"], [])), TextReader(LISTS, Imitation(["acme"], ["Nova"])))
    assert len({READER.signature, TextReader().signature, *(other.signature for other in others)}) == 4
