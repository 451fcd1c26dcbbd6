"""Canaries: the shipped model knows them, honest learning keeps them, a hostile person alone is noticed."""

from dataclasses import replace

import numpy as np
import pytest

from followguard.classifier.columns import ProfileColumns
from followguard.classifier.features import extract, schema_hash
from followguard.classifier.model import Model, probabilities
from followguard.sandbox.population import IS_SPAM, Population
from followguard.testing import START
from followguard.training.house.decisions import DecisionArrays, capped_weights
from followguard.training.house.model import train_house
from followguard.training.models.folders import Registry, shipped_base
from followguard.training.retrain.refusals import canaries, canaries_on_wrong_side

EACH, NIGHT = 200, 25


@pytest.fixture(scope="module")
def base() -> Model:
    """The model in the package."""
    return Model.of_parts(Registry(schema_hash()).load(shipped_base()).parts)


def decisions(people: int, hostile: int) -> DecisionArrays:
    """200 decisions of each person about the sandbox's followers, 20 % spam; the first `hostile` say the opposite."""
    population = Population(3, hostile_share=0.0)
    numbers = population.grow(people * EACH, START, spam_share=0.2)
    persons = [population.person(number) for number in numbers]
    spam = np.array([bool(IS_SPAM[population.kind_of(number)]) for number in numbers], dtype=bool)
    who = np.arange(len(persons)) % people
    rows = len(persons)
    decided = DecisionArrays(
        matrix=extract(ProfileColumns.from_profiles([person.profile for person in persons])),
        spam=np.where(who < hostile, ~spam, spam),
        weight=np.ones(rows),
        night=np.array([f"acme {row // NIGHT}" for row in range(rows)]),
        batch=np.full(rows, "", dtype=np.str_),
        person=np.array([f"p{each}" for each in who]),
        key=np.arange(rows).astype(np.str_),
    )
    capped = capped_weights(decided.weight, decided.spam, decided.night, decided.batch, decided.person)
    return replace(decided, weight=capped.weights)


def test_there_are_forty_on_each_side_and_no_two_are_the_same() -> None:
    """Eighty made-up accounts with names of their own."""
    flock = canaries()
    assert (int(flock.spam.sum()), int((~flock.spam).sum()), len(set(flock.names))) == (40, 40, 80)
    assert len(np.unique(np.nan_to_num(flock.matrix, nan=-1.0), axis=0)) > 70


def test_the_shipped_model_has_them_well_on_their_side(base: Model) -> None:
    """Genuine ones below .1, spam above .9: nothing hangs in the balance."""
    flock = canaries()
    p_spam = probabilities(base, flock.matrix)
    assert p_spam[~flock.spam].max() < 0.1
    assert p_spam[flock.spam].min() > 0.9
    assert canaries_on_wrong_side(base) == ()


def test_which_side_is_wrong() -> None:
    """A real one at .5 is on the wrong side, spam at .15 isn't: only what would be called genuine is."""
    flock = canaries()
    level = np.where(flock.spam, 0.15, 0.4999)
    assert flock.wrong_under(level) == ()
    level[[0, -1]] = 0.5, 0.1499
    assert flock.wrong_under(level) == (flock.names[0], flock.names[-1])


def test_honest_decisions_keep_them(base: Model) -> None:
    """A thousand right decisions of five people move no canary across."""
    assert canaries_on_wrong_side(train_house(base, decisions(people=5, hostile=0), seed=1)) == ()


def test_one_of_five_cannot_move_them(base: Model) -> None:
    """One flips 200 labels, four don't: under the caps all canaries stay where they belong."""
    assert canaries_on_wrong_side(train_house(base, decisions(people=5, hostile=1), seed=1)) == ()


def test_one_who_decides_alone_and_lies_is_noticed(base: Model) -> None:
    """200 flipped labels of the only person move canaries across, so that the model is refused."""
    assert canaries_on_wrong_side(train_house(base, decisions(people=1, hostile=1), seed=1)) != ()
