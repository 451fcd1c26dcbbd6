"""Counts of signs in texts, checked against a plain way of counting them."""

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followguard.classifier import columns

WIDTH = 24
texts = st.lists(
    st.one_of(
        st.none(),
        st.text(max_size=30),
        st.from_regex(r"[A-Za-z_]{0,6}[0-9]{0,9}", fullmatch=True),
        st.sampled_from(["https://a.b http://c", "\ud800#\x00@", "José_99", "://", ":/", "ÀÉ", "a1b2"]),
    ),
    min_size=1,
    max_size=7,
)


def cut(text: str | None) -> str:
    """The part of a text that is looked at."""
    return (text or "")[:WIDTH]


PLAIN = {
    "closing": (columns.closing_digits, lambda text: len(re.search(r"[0-9]*\Z", text)[0])),  # type: ignore[index]
    "latin": (columns.latin_letters, lambda text: len(re.findall("[A-Za-z]", text))),
    "links": (columns.links, lambda text: text.count("://")),
    "hash": (columns.count_of("#"), lambda text: text.count("#")),
}


@pytest.mark.parametrize("name", PLAIN)
@settings(max_examples=150, deadline=None)
@given(found=texts)
def test_counts_are_those_of_the_plain_way(name: str, found: list[str | None]) -> None:
    """Every measure says of each text what a loop over its letters says, whatever stands beside it."""
    fast, plain = PLAIN[name]
    assert fast(columns.texts_of(found, WIDTH)).tolist() == [plain(cut(text)) for text in found]


def pairs(text: str) -> list[str]:
    """Neighbouring Latin letters."""
    latin = re.sub("[^a-z]", "", text.lower() if text.isascii() else text.encode("ascii", "replace").decode().lower())
    return [latin[at : at + 2] for at in range(len(latin) - 1)]


@settings(max_examples=150, deadline=None)
@given(usernames=texts, names=texts)
def test_shared_pairs_are_those_of_the_plain_way(usernames: list[str | None], names: list[str | None]) -> None:
    """The share of a username's pairs that the name has, unknown where either is too short."""
    many = min(len(usernames), len(names))
    asked, other = ([cut(text) for text in side[:many]] for side in (usernames, names))
    found = columns.share_of_pairs_in(columns.texts_of(asked, WIDTH), columns.texts_of(other, WIDTH))
    for value, username, name in zip(found.tolist(), asked, other, strict=True):
        mine, theirs = pairs(username), set(pairs(name))
        if len(mine) < 2 or len(pairs(name)) < 2:
            assert np.isnan(value)
        else:
            assert value == pytest.approx(sum(pair in theirs for pair in mine) / len(mine))


@pytest.mark.parametrize("name", ["José Núñez", "Ｊｏｓé Nuñez"])
def test_accents_and_wide_letters_count_as_plain_ones(name: str) -> None:
    """A name is found in a username without its accents, however they are written."""
    both = columns.accents_apart([unicodedata.normalize(form, name) for form in ("NFC", "NFD")])
    asked = columns.texts_of(["josenunez", "josenunez"], WIDTH)
    one, other = columns.share_of_pairs_in(asked, columns.texts_of(both, WIDTH)).tolist()
    assert one == other == 1.0


def test_unknown_is_no_text() -> None:
    """Unknown stays unknown, and no text at all is no text."""
    assert columns.accents_apart([None]) == [None]
    assert len(columns.texts_of([], 4)) == 0
    assert columns.closing_digits(columns.texts_of(["", None], 4)).tolist() == [0.0, 0.0]
