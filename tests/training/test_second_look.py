"""Decisions offered for a second look, and the figures of audit and agreement, in a real database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followguard.accounts.store import Accounts
from followguard.domain.follower import Profile
from followguard.domain.labels import Label, RejectReason
from followguard.domain.policy import HoldingBack
from followguard.reports.status import look
from followguard.review.overrule import Turn, overrule
from followguard.review.undo import undo
from followguard.screening.audit import NOTHING_AUDITED
from followguard.screening.queue import queue_account, share_held_back
from followguard.screening.score import score_account
from followguard.testing import made_up_profile, record_followers
from followguard.training.models.serving import TrainingContext, load_scorer
from followguard.training.second_look import HURRY, PEOPLE, REST, TWIN, second_look
from tests.builders.reviewing import APPROVE, SPAM

CONFIG = """
[accounts.acme]
training_basis = "{basis}"
[accounts.beta]
training_basis = "none"
"""
OWN = CONFIG.format(basis="own-decisions")


def a_face(number: int, now: datetime) -> Profile:
    """Makes a plain spammer for an even number, a busy person for an odd one."""
    plain, spam = made_up_profile(str(1_000_000 + number), now), number % 2 == 0
    return replace(
        plain,
        username=f"qx{number * 7919 % 100_000:05}" if spam else plain.username,
        description="" if spam else f"{plain.description} In town {number}.",
        created_at=datetime(2025, 6 if spam else 1, 1 + number % 28, tzinfo=UTC)
        if spam
        else datetime(2012, 1 + number % 12, 1 + number % 28, tzinfo=UTC),
        followers_count=number % 9 if spam else 150 + 7 * number,
        following_count=1500 + 11 * number if spam else 200 + 3 * number,
        tweet_count=number % 4 if spam else 3000 + 41 * number,
        like_count=0 if spam else 4000 + 53 * number,
        listed_count=0 if spam else 4 + number % 7,
    )


def decided(house: Any, wrong: set[int], nights: int = 6) -> None:
    """Ten followers a night, each decided by what they are but for those in `wrong`."""
    scorer, policy = load_scorer(), house.settings["acme"].policy
    for night in range(nights):
        faces = [a_face(number, house.now) for number in range(night * 10, night * 10 + 10)]
        account = record_followers(house.store, "acme", faces, house.now)
        score_account(house.store, account, policy, scorer, house.now)
        queue_account(house.store, account, policy, house.now, 0)
        for number, face in enumerate(faces, night * 10):
            house.decide(face.id, SPAM if (number % 2 == 0) != (number in wrong) else APPROVE)
        house.next_day()


def offered(workshop: TrainingContext) -> dict[str, set[str]]:
    """Follower -> why."""
    accounts = list(workshop.installation.accounts.values())
    return {each.follower_id: {why.code for why in each.why} for each in second_look(workshop, accounts)}


def test_a_slip_is_offered_and_right_decisions_are_not(lite_house: Any, tmp_path: Path) -> None:
    """One of sixty decisions approves plain spam: it is offered, because all the others speak against it."""
    decided(lite_house, wrong={24})
    found = offered(lite_house.workshop(tmp_path, OWN))
    assert REST in found[a_face(24, lite_house.now).id]
    assert all(REST not in whys for follower, whys in found.items() if follower != a_face(24, lite_house.now).id)


def test_approvals_faster_than_anybody_looks_are_named(house: Any, tmp_path: Path) -> None:
    """Ten by one person in ten seconds, over two accounts: each that still stands, with whose they are and when."""
    faces = [str(number) for number in range(501, 512)]
    for account, ids in (("acme", faces[:6]), ("beta", faces[6:])):
        house.read(*ids, account=account)
        house.night(account)
    for face in faces[:10]:
        house.decide(face, APPROVE)
        house.now += timedelta(seconds=1)
    house.decide(faces[10], APPROVE, "Ben")
    undo(house.hand("Ada"), faces[3])
    overrule(house.hand("Ben"), faces[4], Turn(reason=RejectReason.SPAM))
    workshop = house.workshop(tmp_path, CONFIG.format(basis="none"))
    found = second_look(workshop, list(workshop.installation.accounts.values()))
    hurried = {each.follower_id: each for each in found if any(why.code == HURRY for why in each.why)}
    assert set(hurried) == {*faces[:3], *faces[5:10]}
    assert [why.text for why in hurried[faces[0]].why] == [
        "one of 10 approvals by Ada within 9 seconds (2026-01-05 00:10 UTC)"
    ]
    assert all(each.by == "Ada" for each in hurried.values())


def test_proposals_faster_than_anybody_looks_are_named(house: Any, tmp_path: Path) -> None:
    """Where two people approve, ten first voices in ten seconds are named until somebody decided about them."""
    settings = house.settings["acme"]
    house.settings["acme"] = replace(settings, policy=replace(settings.policy, two_person_approval=True))
    faces = [str(number) for number in range(501, 511)]
    house.read(*faces)
    house.night()
    for face in faces:
        house.decide(face, APPROVE)
        house.now += timedelta(seconds=1)
    undo(house.hand("Ada"), faces[3])
    house.decide(faces[4], SPAM, "Ben")
    house.decide(faces[5], APPROVE, "Ben")
    workshop = house.workshop(tmp_path, CONFIG.format(basis="none"))
    found = second_look(workshop, list(workshop.installation.accounts.values()))
    hurried = {each.follower_id: each for each in found if any(why.code == HURRY for why in each.why)}
    assert set(hurried) == {*faces[:3], *faces[6:]}
    assert {each.by for each in hurried.values()} == {"Ada"}
    assert "proposed: one of 10 approvals by Ada within 9 seconds" in hurried[faces[0]].why[0].text
    assert second_look(workshop, [workshop.installation.accounts["beta"]]) == []


def test_without_a_training_basis_only_people_are_compared(lite_house: Any, tmp_path: Path) -> None:
    """Under `none` nothing is fitted to decisions, not even to look for slips."""
    decided(lite_house, wrong={24}, nights=3)
    assert offered(lite_house.workshop(tmp_path, CONFIG.format(basis="none"))) == {}


def test_twins_decided_differently_are_both_offered(lite_house: Any, tmp_path: Path) -> None:
    """Two followers with the same numbers, one rejected and one approved: both, each naming the other."""
    decided(lite_house, wrong=set(), nights=3)
    one = a_face(7, lite_house.now)
    twin = replace(one, id="5000001")
    account = record_followers(lite_house.store, "acme", [twin], lite_house.now)
    policy = lite_house.settings["acme"].policy
    score_account(lite_house.store, account, policy, load_scorer(), lite_house.now)
    queue_account(lite_house.store, account, policy, lite_house.now, 0)
    lite_house.decide(twin.id, SPAM)
    found = offered(lite_house.workshop(tmp_path, OWN))
    assert TWIN in found[twin.id]
    assert TWIN in found[one.id]


@pytest.mark.parametrize("how", ["undo", "other account"])
def test_where_two_people_differ_it_is_offered(house: Any, tmp_path: Path, how: str) -> None:
    """Ada's approval was taken back by Ben, who rejects; or Ben rejects the same follower of another account."""
    house.read("11")
    house.night()
    house.decide("11", APPROVE, by="Ada")
    if how == "undo":
        undo(house.hand("Ben"), "11")
        house.decide("11", SPAM, by="Ben")
    else:
        house.read("11", account="beta")
        house.night("beta")
        house.decide(f"item:{house.card('11', 'beta').item}", SPAM, by="Ben")
    workshop = house.workshop(tmp_path, OWN)
    found = second_look(workshop, list(workshop.installation.accounts.values()))
    assert {(each.follower_id, each.why[0].code) for each in found} == {("11", PEOPLE)}
    assert found[-1].label is Label.SPAM
    assert "Ada said genuine" in found[-1].why[0].text
    assert "Ben said spam" in found[-1].why[0].text


def test_a_slip_taken_back_by_the_same_person_is_none(house: Any, tmp_path: Path) -> None:
    """Ada corrects herself: nobody differs from anybody."""
    house.read("11")
    house.night()
    house.decide("11", APPROVE)
    undo(house.hand("Ada"), "11")
    house.decide("11", SPAM)
    assert offered(house.workshop(tmp_path, OWN)) == {}


def test_the_audit_tells_how_many_of_those_held_back_are_real(house: Any, tmp_path: Path) -> None:
    """Four held back, one drawn and found to be real: a share of 1, with a bound that tells how little it is."""
    house.policy(holding_back=HoldingBack.ON, audit_cards_per_day=1)
    house.p_spam = dict.fromkeys(("11", "12", "13", "14"), 0.99)
    house.read(*house.p_spam)
    house.night()
    with house.store.begin() as work:
        account = Accounts(work).ensure("acme", house.now).id
        assert share_held_back(work, account).share is None
    (audited,) = house.cards()
    house.decide(audited.follower_id, APPROVE)
    installation = house.workshop(tmp_path, OWN).installation
    with house.store.begin() as work:
        found = share_held_back(work, account)
        status = look(work, installation, house.now)
    assert (found.drawn, found.real, found.share, found.bound) == (1, 1, 1.0, 1.0)
    assert [each.real_people_held_back for each in status.accounts] == [found, NOTHING_AUDITED]
