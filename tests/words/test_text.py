"""Disguises are undone before words are compared, in a time that the width of a text bounds."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followguard.words.text import WIDTH, squashed, tokens, username_tokens


@pytest.mark.parametrize(
    "written",
    [
        "giveaway",
        "GIVEAWAY!!!",
        "g1veaw4y",
        "give\u200baw\u00aday",
        "gіvеаwау",  # Cyrillic
        "𝓖𝓲𝓿𝓮𝓪𝔀𝓪𝔂",
        "ｇｉｖｅａｗａｙ",
        "🅖🅘🅥🅔🅐🅦🅐🅨",
        "g i v e a w a y",
        "g.i.v.e.a.w.a.y",
        "g\u0336i\u0336v\u0336e\u0336a\u0336w\u0336a\u0336y\u0336",
        "ɢɪᴠᴇᴀᴡᴀʏ",
        "giveaw@y",
        "#giveaway",
    ],
)
def test_a_disguise_is_undone(written: str) -> None:
    """Look-alikes, invisible signs, digits for letters and spaced letters give the same word."""
    assert tokens(written) == tokens("giveaway")


def test_numbers_stay_numbers() -> None:
    """Digits are letters only among letters."""
    assert tokens("send 0.5 BTC, get 1,000") == ["send", "0.5", "btc", "get", "1,000"]


def test_words_are_single_signs_where_a_script_has_no_spaces() -> None:
    """So a phrase of such a script is found in the middle of a sentence."""
    assert tokens("我爱空投啊") == list("我爱空投啊")


def test_a_mail_address_is_no_word() -> None:
    """Neither its name nor its host says what the account is."""
    assert tokens("write jo@acme.example today") == ["write", "exampie", "today"]


@pytest.mark.parametrize(
    ("username", "parts"),
    [
        ("CryptoGiveaway2024", ["crypto", "giveaway", "2024"]),
        ("ACMESupport", ["acme", "support"]),
        ("acme_news_7", ["acme", "news", "7"]),
        ("n0va2024", ["nova", "2024"]),
    ],
)
def test_a_username_is_taken_apart(username: str, parts: list[str]) -> None:
    """At underscores, humps and numbers."""
    assert username_tokens(username) == parts


@given(st.text(max_size=400))
def test_any_text_gives_words_without_blanks(text: str) -> None:
    """No text of any plane breaks the reading, and no word is empty."""
    assert all(word and not word.isspace() for word in tokens(text))


def test_every_character_of_unicode_is_read() -> None:
    """Seventeen planes, block by block, surrogates too."""
    for start in range(0, 0x110000, WIDTH):
        block = "".join(map(chr, range(start, min(start + WIDTH, 0x110000))))
        assert all(tokens(block)) or tokens(block) == []


@pytest.mark.parametrize("sign", ["a", "a ", "\u0301", "\ufdfa", "@", "a@", ".", "1", "\U0001f170", "\u202e", "rn"])
def test_a_text_of_ten_megabytes_takes_no_longer_than_its_first_letters(sign: str) -> None:
    """The text is cut before anything else is done with it: no second goes by."""
    text = sign * (10_000_000 // len(sign.encode("utf-8", "surrogatepass")))
    started = time.process_time()
    found = squashed(text)
    assert time.process_time() - started < 1.0
    assert len(found) <= WIDTH


def test_nothing_depends_on_the_form_of_an_accent() -> None:
    """Composed and decomposed letters are one."""
    assert tokens(unicodedata.normalize("NFD", "Ácmé Ünited")) == tokens("Ácmé Ünited") == ["acme", "united"]
