"""The desk never shows more than a day's cards, whatever has come due."""

from typing import Any


def test_days_without_a_night_don_t_pile_up_on_the_desk(lite_house: Any) -> None:
    """Twelve cards at five a day; two days later without a night: five, the longest due first, the rest waits."""
    lite_house.policy(max_cards_per_day=5)
    lite_house.read(*[str(number) for number in range(101, 113)])
    lite_house.night()
    first_day = lite_house.ids()
    assert len(first_day) == 5
    lite_house.next_day(2)
    assert sorted(lite_house.ids()) == sorted(first_day)
    assert len(lite_house.ids(everything=True)) == 12


def test_what_was_decided_today_counts(lite_house: Any) -> None:
    """Two of five decided leave three on the desk, though more have come due."""
    lite_house.policy(max_cards_per_day=5)
    lite_house.read(*[str(number) for number in range(101, 113)])
    lite_house.night()
    lite_house.next_day(2)
    for follower in lite_house.ids()[:2]:
        lite_house.decide(follower)
    assert len(lite_house.ids()) == 3


def test_the_end_of_the_desk_counts_what_the_desk_shows(lite_house: Any) -> None:
    """With today's share decided nothing is due today, though two days' cards have come due."""
    lite_house.policy(max_cards_per_day=5)
    lite_house.read(*[str(number) for number in range(101, 113)])
    lite_house.night()
    lite_house.next_day(2)
    for follower in lite_house.ids():
        lite_house.decide(follower)
    rest = next(each for each in lite_house.desk().rest() if each.account == "acme")
    assert (rest.due, rest.later) == (0, 7)
