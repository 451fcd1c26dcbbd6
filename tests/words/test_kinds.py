"""The built-in kinds find scams and leave people alone, and say nothing about what people are."""

import re
from dataclasses import replace

import pytest

from followguard.testing import made_up_profile
from followguard.words.kinds import TABLE, kinds
from followguard.words.phrases import PhraseBook, table_phrase
from followguard.words.reading import TextReader
from followguard.words.text import tokens

SCAMS = {
    "giveaway": ["Elon Giveaway, send 1 BTC get 2 back",
                 "Send 0.5 ETH and receive 1 ETH back", "D0uble your B1tcoin today", "claim your free prize"],
    "crypto": ["Free AIRDROP for holders", "best crypto signals", "I recover lost or stolen crypto", "next 100x gem"],
    "adult": ["my 0nlyfans is free", "hot singles waiting", "nudes in dm"],
    "promotion": ["buy real followers", "get 10,000 followers", "DM for paid promo"],
    "follow_back": ["#followback 100%", "follow = follow, gain 1k a day", "I always follow back", "F4F #teamfollowback",
                    "f0llow 4 follow", "following everyone back", "sigo de volta"],
    "lure": ["single & bored \U0001f97a click \U0001f447", "tap here for my pics", "click below"],
    "earn": ["Earn money online from home", "make $500 daily", "quick loans approved",
             "forex trading, guaranteed profit"],
    "contact": ["t.me/quickcash", "text me on WhatsApp", "WhatsApp +1 555 0100", "join our telegram"],
}  # fmt: skip
PEOPLE = [
    "Gardens, maps and slow trains.",
    "I write about money, markets and the Fed for a newspaper.",
    "Support engineer. Opinions mine. Coffee back at ten.",
    "Mother of two, follower of good books",
    "I earn my living as a carpenter",
    "Volunteer, giving back to the community",
    "Follow your heart and the tide tables",
    "I follow cricket, trains and the weather back home",
    "One click at a time: photographs of links courses",
    "Single mother, never bored. Newsletter below \U0001f447",
    "Security researcher: wallets, signals intelligence, radio",
]
SENSITIVE = re.compile(
    r"god|jesus|christ|muslim|islam|allah|jew|hindu|church|faith|democrat|republican|trump|biden|maga|labou?r|left|right"
    r"|cancer|hiv|depress|disab|autis|gay|lesbian|trans|queer|lgbt|black|white|asian|african|arab|mexican|immigrant"
    r"|english|spanish|russian|french|italian|chinese"
)


@pytest.mark.parametrize(("kind", "bio"), [(kind, bio) for kind, bios in SCAMS.items() for bio in bios])
def test_a_scam_is_marked(kind: str, bio: str) -> None:
    """Each kind finds its own, with a note of weight 0 and a mark of the same code."""
    found = TextReader().read(replace(made_up_profile("1"), description=bio))
    assert f"words_{kind}" in {mark.code for mark in found.look}
    assert {mark.code for mark in found.look} <= {reason.code for reason in found.reasons}
    assert found.shift == 0.0


@pytest.mark.parametrize("bio", PEOPLE)
def test_people_are_left_alone(bio: str) -> None:
    """An honest bio is marked by nothing."""
    assert TextReader().read(replace(made_up_profile("1"), description=bio)).look == ()


def test_a_username_is_read_too() -> None:
    """In parts, and for long words also in the middle."""
    for username in ("BTC_Giveaway_live", "mycryptoairdrops1"):
        assert TextReader().read(replace(made_up_profile("1"), username=username)).look


def test_nothing_sensitive_stands_in_the_table() -> None:
    """No faith, politics, health, origin, orientation or language."""
    words = {word for kind in kinds() for phrase in kind.phrases for place in phrase.places for word in place.words}
    assert not [word for word in words if SENSITIVE.fullmatch(word)]


def test_the_table_reads_well() -> None:
    """Names are unique, each kind has a version and a sentence, and none of its patterns stands twice."""
    assert len({kind.name for kind in kinds()}) == len(kinds()) == len(SCAMS)
    for kind in kinds():
        written = [phrase.written for phrase in kind.phrases]
        assert kind.version >= 1
        assert kind.sentence
        assert len(set(written)) == len(written), kind.name
    assert "version = " in TABLE.read_text(encoding="utf-8")


def test_every_word_of_the_table_can_be_met() -> None:
    """A word that no reading of a text gives would stand there for nothing."""
    for kind in kinds():
        places = [place for phrase in kind.phrases for place in phrase.places]
        words = {word for place in places for word in (*place.words, *place.beginnings)} | set(kind.inside)
        assert [word for word in sorted(words) if tokens(word) != [word]] == []


def test_a_pattern_begins_with_a_word() -> None:
    """Else it would have to be tried at every word of a text."""
    for written in ("", "# btc", ".. btc", "btc .."):
        with pytest.raises(ValueError, match="must begin"):
            table_phrase("k", written)


def test_a_gap_is_up_to_three_words() -> None:
    """Not four."""
    book = PhraseBook.of([table_phrase("k", "send .. back")])
    assert book.found_in(tokens("send back")) == {"k": "send .. back"}
    assert book.found_in(tokens("send one two three back"))
    assert not book.found_in(tokens("send one two three four back"))
