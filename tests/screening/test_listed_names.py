"""Usernames in never_follow and never_hold_back hold to the follower whom they first met."""

from dataclasses import replace
from typing import Any

import pytest

from followguard.accounts.names_store import ListedNames
from followguard.accounts.policy_in_force import hold_names, policy_in_force
from followguard.accounts.store import Accounts
from followguard.domain.policy import HoldingBack
from followguard.errors import NeverFollow
from followguard.privacy.disclose_store import Disclosing
from followguard.privacy.store import Forgetting
from followguard.replay.settings import Others, replay_account
from followguard.testing import made_up_profile
from tests.builders.reviewing import APPROVE


def named(follower_id: str, username: str, house: Any) -> Any:
    """A follower with that username."""
    return replace(made_up_profile(follower_id, house.now), username=username, observed_at=house.now)


def test_a_rename_doesnt_escape_and_the_names_next_owner_isnt_barred(house: Any) -> None:
    """The entry met one follower; it holds to them under any name, and to nobody else."""
    house.policy(never_follow=("rival",))
    house.read(named("11", "Rival", house), "12")
    house.night()
    assert house.card("11").closed_why == "never_follow"
    house.next_day()
    house.see_again(named("11", "fresh_start", house))
    house.read(named("13", "rival", house))
    house.night()
    assert house.card("11").closed_why == "never_follow"
    assert house.card("13").closed_why is None
    house.decide("13", APPROVE)


def test_an_entry_holds_back_nobody_but_whom_it_met(house: Any) -> None:
    """The same for never_hold_back: the friend is shown after a rename, the name's next owner is held back."""
    house.policy(never_hold_back=("friend",), holding_back=HoldingBack.ON, audit_cards_per_day=0)
    house.p_spam |= {"11": 0.99, "12": 0.99}
    house.read(named("11", "friend", house))
    house.night()
    house.next_day()
    house.see_again(named("11", "newname", house))
    house.read(named("12", "Friend", house))
    house.night()
    assert (house.card("11").hidden, house.card("12").hidden) == (False, True)


def test_an_entry_that_met_nobody_takes_the_first_who_comes(house: Any) -> None:
    """An entry takes the first who came with the name, or took it, since it stands, whatever they are called now."""
    house.policy(never_follow=("rival",))
    house.read("21", named("22", "other", house))
    house.night()
    house.next_day()
    house.see_again(named("22", "rival", house))
    house.see_again(named("22", "again_new", house))
    house.read(named("23", "rival", house))
    house.night()
    assert house.card("22").closed_why == "never_follow"
    assert house.card("23").closed_why is None


def test_of_two_on_record_the_one_last_seen_has_the_name(house: Any) -> None:
    """A name that is listed late means its owner now, not one whose old look nobody has read again."""
    house.read(named("31", "rival", house))
    house.night()
    house.next_day()
    house.read(named("32", "rival", house))
    house.night()
    house.policy(never_follow=("rival",))
    house.night()
    assert (house.card("31").closed_why, house.card("32").closed_why) == (None, "never_follow")


def test_taken_off_the_list_and_put_on_again_it_starts_anew(house: Any) -> None:
    """After a night without the entry its follower is free, and it means the name's owner of the day."""
    house.policy(never_follow=("rival",))
    house.read(named("11", "rival", house))
    house.night()
    house.next_day()
    house.see_again(named("11", "fresh_start", house))
    house.policy(never_follow=())
    house.night()
    assert house.card("11").closed_why is None
    house.read(named("13", "rival", house))
    house.policy(never_follow=("rival",))
    house.night()
    assert (house.card("11").closed_why, house.card("13").closed_why) == (None, "never_follow")


def test_each_account_has_lists_of_its_own(house: Any) -> None:
    """A follower met by one account's entry isn't met by another's."""
    house.policy(never_follow=("rival",))
    house.read(named("11", "rival", house))
    house.read(named("11", "rival", house), account="beta")
    house.night()
    house.night("beta")
    assert house.card("11").closed_why == "never_follow"
    assert house.card("11", "beta").closed_why is None


@pytest.mark.parametrize("entry", ["person_11", "@Person_11", "11"])
def test_nobody_on_the_list_can_be_approved(house: Any, entry: str) -> None:
    """Approving is refused before the night closes the card, and to a first of two people; a rejection goes through."""
    house.read("11", "12")
    house.night()
    house.policy(never_follow=(entry.lower().removeprefix("@"),))
    for two in (True, False):
        house.policy(two_person_approval=two)
        with pytest.raises(NeverFollow, match="never_follow") as refused:
            house.decide("11", APPROVE)
        assert "policy.never_follow" in refused.value.next_step
    assert house.rows("SELECT count(*) FROM orders") == [(0,)]
    house.decide("12", APPROVE)
    house.decide("11")


def test_a_rename_before_the_approval_doesnt_help(house: Any) -> None:
    """The entry met them while the card stood; under the new name the approval is refused too."""
    house.read("11")
    house.night()
    house.policy(never_follow=("person_11",))
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
        hold_names(work, account.id, house.settings["acme"].policy, house.now)
    house.see_again(named("11", "fresh_start", house))
    with pytest.raises(NeverFollow):
        house.decide("11", APPROVE)


def test_a_killed_night_lets_nobody_escape(house: Any) -> None:
    """Read, renamed and read again before the entry was bound: the look that it met is still on record."""
    policy = replace(house.settings["acme"].policy, never_follow=("rival",))
    with house.store.begin() as work:
        hold_names(work, Accounts(work).ensure("acme", house.now).id, policy, house.now)
    house.read(named("11", "rival", house))
    house.see_again(named("11", "fresh_start", house))
    house.settings["acme"] = replace(house.settings["acme"], policy=policy)
    house.night()
    assert house.card("11").closed_why == "never_follow"


def test_a_username_of_digits_isnt_an_id(house: Any) -> None:
    """12 is an id, @12 a username."""
    house.policy(never_follow=("@12",))
    house.read(named("11", "12", house), named("12", "somebody", house))
    house.night()
    assert (house.card("11").closed_why, house.card("12").closed_why) == ("never_follow", None)


def test_a_replay_takes_the_lists_as_the_night_did(house: Any) -> None:
    """The renamed rival stays out of a replay, and the name's next owner in it."""
    house.policy(never_follow=("rival",))
    house.read(named("11", "rival", house))
    house.night()
    house.next_day()
    house.see_again(named("11", "fresh_start", house))
    house.read(named("13", "rival", house))
    house.night()
    others = Others(max_cards_per_day=[10])
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now)
        assert policy_in_force(work, account.id, house.settings["acme"].policy).never_follow == ("11",)
        assert ListedNames(work).holders(account.id) == {"rival": "11"}
    found = replay_account(house.store, house.settings["acme"], others, house.seed)
    assert len(found.policies) == 2


def test_forgetting_takes_the_name_along(house: Any) -> None:
    """Nothing says any more who had the name."""
    house.policy(never_follow=("rival",))
    house.read(named("11", "rival", house))
    house.night()
    assert house.rows("SELECT name, follower_id FROM listed_names") == [("rival", "11")]
    with house.store.begin() as work:
        rows = Disclosing(work).rows("11")
    assert rows["listed_names"][0]["name"] == "rival"
    from followguard.followers.tombstone_store import Pending

    pending = Pending(follower_id="11", usernames=("rival",), accounts=("acme",), groups=(), started_at=house.now)
    with house.store.begin() as work:
        Forgetting(work).begin(pending)
        Forgetting(work).erase(pending)
    assert house.rows("SELECT name FROM listed_names") == []
