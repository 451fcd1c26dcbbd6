"""Who passes themselves off as us is found, by name, username or bio; namesakes and staff are not."""

from dataclasses import replace

import pytest

from benchmarks.words.impostors import HANDLES, OWN_NAMES, impostors
from followguard.testing import made_up_profile
from followguard.words.imitation import Imitation, one_slip_apart

OURS = Imitation(["acme", "northwindbank"], ["Contoso Cloud", "Nova", "Jane Fairweather"])
BASE = replace(made_up_profile("1"), username="person_1", name="Person", description="")


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("name", "ACME"),
        ("name", "АСМЕ"),  # Cyrillic
        ("name", "A C M E"),
        ("name", "Acme ✔ Official"),
        ("name", "ACME | 24/7 Help"),
        ("name", "The real Acme Support Team"),
        ("name", "Contoso-Cloud Giveaway"),
        ("name", "C0ntoso Cl0ud"),
        ("name", "Contosso Cloud"),
        ("name", "Jane Fairweahter"),
        ("name", "Nova Customer Service"),
        ("name", "Northwind Bank"),
        ("username", "acme_support"),
        ("username", "AcmeHelpDesk24"),
        ("username", "officialacme"),
        ("username", "acme__1"),
        ("username", "acrne_"),
        ("username", "a_c_m_e"),
        ("username", "contosocIoud"),
        ("username", "northwindbnak"),
        ("username", "team_n0rthwindbank"),
        ("username", "nova_official7"),
        ("bio", "Official support of Acme"),
        ("bio", "Customer service for @acme, write to us"),
        ("bio", "Contoso Cloud help desk, here day and night"),
        ("bio", "оffісіаl ассоunt of Northwind Bank"),
    ],
)
def test_an_impostor_is_found(field: str, written: str) -> None:
    """In each of the three places, whatever was added or disguised."""
    found = OURS.found_in(replace(BASE, **{{"bio": "description"}.get(field, field): written}))
    assert found is not None
    assert found.where == field


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("name", "Novak"),
        ("name", "Nora"),
        ("name", "Jane"),
        ("name", "Mac Me"),
        ("name", "Nova Fairchild"),
        ("name", "Support"),
        ("name", "24"),
        ("username", "academy"),
        ("username", "novato"),
        ("username", "janef"),
        ("description", "Engineer at Acme. Cats."),
        ("description", "I bank with Northwind Bank and support the arts"),
        ("description", "Unofficial fan page of Contoso Cloud support"),
        ("description", "Support engineer at Contoso Cloud"),
    ],
)
def test_other_people_are_left_alone(field: str, written: str) -> None:
    """Who only has a part of our name, works for us or says that they are fans isn't marked."""
    assert OURS.found_in(replace(BASE, **{field: written})) is None


def test_our_own_accounts_imitate_nobody() -> None:
    """X gives a username once: whoever has one of our handles is us."""
    assert OURS.found_in(replace(BASE, username="NorthwindBank", name="Acme")) is None


def test_without_names_nobody_imitates() -> None:
    """Nothing is compared with nothing."""
    assert Imitation([], []).found_in(BASE) is None


def test_a_follower_without_any_text_is_nobody() -> None:
    """Unknown name, username and bio."""
    assert OURS.found_in(replace(BASE, name=None, username=None, description=None)) is None


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("contoso", "contoso", False),
        ("contoso", "contosso", True),
        ("contoso", "cntoso", True),
        ("contoso", "conotso", True),
        ("contoso", "cantoso", True),
        ("contoso", "cantosa", False),
        ("", "a", True),
        ("", "", False),
        ("ab", "ba", True),
        ("abc", "cba", False),
    ],
)
def test_one_slip(one: str, other: str, apart: bool) -> None:
    """Either way round: a letter more, less, another, or two swapped."""
    assert one_slip_apart(one, other) is one_slip_apart(other, one) is apart


def test_made_up_impostors_are_found() -> None:
    """Of some hundreds, made by a generator with other words than the list's, 19 of 20; the same ones each time."""
    made = impostors(each=20, seed=20_261_128)
    assert len(made) >= 200
    assert made == impostors(each=20, seed=20_261_128)
    ours = Imitation(HANDLES, OWN_NAMES)
    assert sum(ours.found_in(one.profile) is not None for one in made) >= 0.95 * len(made)
