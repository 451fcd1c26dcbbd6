"""The report's part about trust: figures beside the base rate, blind tests, and nothing where there is nothing."""

from followguard.domain.policy import HoldingBack
from followguard.reports.html import html_of
from followguard.screening.holding_back import Earned
from followguard.screening.standing import Standing
from followguard.trust.told import Trust, trust_of
from tests.builders.blind import blind_test
from tests.builders.html_page import Seen
from tests.builders.report_page import account_page, night
from tests.builders.reviewing import SPAM, House


def told(house: House) -> Trust:
    """What there is to tell of acme."""
    with house.store.begin() as work:
        return trust_of(work, house.settings["acme"], house.now)


def test_the_report_tells_what_was_wrong_and_who_was_tested(lite_house: House) -> None:
    """A card called spam that people rejected, one they approved, and Ada's test."""
    house = lite_house
    house.p_spam = {"101": 0.99, "102": 0.99}
    house.read("101", "102", "103")
    house.night()
    house.decide("101", SPAM)
    blind_test(house.store, "acme", "rule-1", house.now)
    trust = told(house)
    text = Seen(html_of(night(account_page(trust=trust)))).text
    assert "How often was it wrong?" in text
    assert "rule-1 1 100 % 0 of 1 0 of 0" in " ".join(text.split()).replace("100.0 %", "100 %")
    assert "Blind test of rule-1 by Ada" in text
    assert "2 were called spam and 0 real; below it 0 spam and 1 real" in text


def test_without_decisions_it_says_so(lite_house: House) -> None:
    """Also for an account that has no row yet."""
    text = Seen(html_of(night(account_page(trust=told(lite_house))))).text
    assert "Nothing was decided in the 28 days" in text
    assert Standing(HoldingBack.EARNED, Earned(60, 0, 0.0487), 0.05, model="m").waits_for_test
