"""Labels, names, order, routes and the cells of a sheet."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followguard.domain.card import Card, ItemState, profile_url
from followguard.domain.labels import REASON_WORDS, RejectReason, label_of
from followguard.domain.place import list_order
from followguard.domain.policy import Band, Reason, Route
from followguard.errors import UsageError
from followguard.files.csv_table import guarded, unguarded
from followguard.followers.find_store import FollowerRef, RefKind, parse_follower
from followguard.review.desk.order import chance, is_blind
from followguard.review.routes import routes_matching
from followguard.review.sheets.rows import COLUMNS, sheet_row
from followguard.review.words import reason_words
from followguard.testing import START, made_up_profile

CARD = Card(
    item=1,
    account="acme",
    account_id=1,
    profile=made_up_profile("11"),
    appearance_hash="0" * 64,
    state=ItemState.WAITING,
    held_back=False,
    audit=False,
    first_seen_at=START,
    p_spam=0.1,
    band=Band.GENUINE,
)


@pytest.mark.parametrize(
    ("kind", "reason", "real", "label"),
    [
        ("approve", None, False, "genuine"),
        ("reject", "spam", False, "spam"),
        ("reject", "impersonation", False, "spam"),
        ("reject", "not_relevant", False, None),
        ("reject", "not_relevant", True, "genuine"),
        ("reject", "competitor", False, None),
        ("reject", "brand_risk", True, "genuine"),
        ("reject", "private_person", False, None),
        ("later", None, False, None),
        ("propose", None, False, None),
        ("undo", None, False, None),
        ("overrule", "spam", False, "spam"),
        ("overrule", "not_relevant", False, None),
        ("overrule", "competitor", True, "genuine"),
        ("overrule", None, True, "genuine"),
    ],
)
def test_what_a_decision_teaches(kind: str, reason: str | None, real: bool, label: str | None) -> None:
    """Only approvals, spam, impersonation and `--real` are labels."""
    assert label_of(kind, reason, real) == label


def test_every_reason_has_words() -> None:
    """No reason code is ever shown bare."""
    assert set(REASON_WORDS) == set(RejectReason)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("123", FollowerRef(RefKind.ID, "123")),
        (" 123 ", FollowerRef(RefKind.ID, "123")),
        ("@123", FollowerRef(RefKind.USERNAME, "123")),
        ("Ada_1", FollowerRef(RefKind.USERNAME, "ada_1")),
        ("@Ada", FollowerRef(RefKind.USERNAME, "ada")),
        ("item:7", FollowerRef(RefKind.ITEM, "7")),
        ("Item:7", FollowerRef(RefKind.ITEM, "7")),
        ("١٢٣", FollowerRef(RefKind.USERNAME, "١٢٣")),
    ],
)
def test_names_of_followers(text: str, ref: FollowerRef) -> None:
    """Digits only are an id, item:N an item, anything else a username."""
    assert parse_follower(text) == ref


@pytest.mark.parametrize("text", ["", " ", "@", "item:", "item:x", "item:-1", "item:²", "item:" + "9" * 30])
def test_names_that_are_none(text: str) -> None:
    """Refused with the ways to write one."""
    with pytest.raises(UsageError):
        parse_follower(text)


def test_the_order_of_the_list() -> None:
    """Put-off, genuine, unsure, spam that isn't held back, audited; by p_spam, then by id as a number."""
    cards = [
        replace(CARD, audit=True, held_back=True, band=Band.SPAM, p_spam=0.96, item=1),
        replace(CARD, band=Band.SPAM, p_spam=0.99, item=2),
        replace(CARD, band=Band.UNSURE, p_spam=None, item=3),
        replace(CARD, band=Band.UNSURE, p_spam=0.2, item=4),
        replace(CARD, profile=made_up_profile("100"), item=5),
        replace(CARD, profile=made_up_profile("20"), item=6),
        replace(CARD, state=ItemState.LATER, band=Band.SPAM, p_spam=0.97, item=7),
    ]
    assert [card.item for card in sorted(cards, key=list_order)] == [7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("username", "url"),
    [
        ("ada_1", "https://x.com/ada_1"),
        (None, "https://x.com/i/user/11"),
        ("../evil", "https://x.com/i/user/11"),
        ("a@b.example/", "https://x.com/i/user/11"),
        ("аda", "https://x.com/i/user/11"),
        ("a" * 16, "https://x.com/i/user/11"),
    ],
)
def test_addresses_of_profiles(username: str | None, url: str) -> None:
    """A username that X couldn't have given never gets into an address."""
    assert profile_url(replace(made_up_profile("11"), username=username)) == url


def test_routes_look_for_whole_words() -> None:
    """In any case, also of several words; never inside another word, never as a pattern."""
    routes = (Route("press", ("journalist", "News Desk")), Route("dev", ("c++", "rust")), Route("none", ("", ".")))
    assert routes_matching("JOURNALIST and trustworthy", routes) == ("press",)
    assert routes_matching("At the news desk; C++ on Sundays", routes) == ("press", "dev")
    assert routes_matching("photojournalists", routes) == routes_matching(None, routes) == ()


@given(st.text(max_size=30))
def test_guarded_cells_come_back(text: str) -> None:
    """No cell begins with what a spreadsheet runs, and taking the guard off gives the text back."""
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert unguarded(guarded(text)) == text


def test_a_sheet_row_is_safe_and_whole() -> None:
    """A formula for a name is text; the answers are empty."""
    profile = replace(made_up_profile("11"), name="=HYPERLINK(1)", description="-1+1", username="@x")
    row = dict(zip(COLUMNS, sheet_row(replace(CARD, profile=profile), START), strict=True))
    assert (row["name"], row["bio"], row["username"]) == ("'=HYPERLINK(1)", "'-1+1", "'@x")
    assert (row["follower_id"], row["item"], row["decision"], row["until"]) == ("11", "1", "", "")


def test_blind_cards_are_drawn_by_share() -> None:
    """About half of them at 0.5, none at 0, all at 1, and the same ones each time."""
    cards = [replace(CARD, profile=made_up_profile(str(n))) for n in range(1, 1001)]
    assert 420 < sum(is_blind(card, 0.5, 1) for card in cards) < 580
    assert not any(is_blind(card, 0.0, 1) for card in cards)
    assert all(is_blind(card, 1.0, 1) for card in cards)
    assert chance(CARD, 1, "place") == chance(CARD, 1, "place") != chance(CARD, 2, "place")


def test_reasons_in_words() -> None:
    """Heaviest first with its direction; the remainder only when it is all there is, or with weights."""
    heavy, light, rest = Reason("a", "likes much", -2.0), Reason("b", "no bio", 0.5), Reason("other", "the rest", 0.1)
    assert reason_words([light, rest, heavy]) == ["genuine: likes much", "leans to spam: no bio"]
    weighed = ["leans to spam: no bio (+0.50)", "leans to spam: the rest (+0.10)"]
    assert reason_words([light, rest], weights=True) == weighed
    assert reason_words([replace(light, weight=1.5)]) == ["spam: no bio"]
    assert reason_words([replace(rest, text="shows nothing yet", weight=0.0)]) == ["shows nothing yet"]


@pytest.mark.parametrize("text", ["x;=1+1;", "a\n=1", "a\n'-1", ";''@x", "a;b", "don't;'", "\t\t+1", "';=1"])
def test_no_formula_begins_where_other_programs_begin_a_cell(text: str) -> None:
    """Excel in German splits a file of commas at semicolons, and takes a line's end for a row's."""
    assert not re.search(r"[;\t\r\n][=+\-@]", guarded(text))
    assert unguarded(guarded(text)) == text
