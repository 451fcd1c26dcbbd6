"""How often the machine's word and a person's differed, counted by hand beside the base rate."""

from dataclasses import replace

import pytest

from followguard.domain.labels import Label
from followguard.domain.policy import Band, Reason
from followguard.screening.audit_interval import held_back_share
from followguard.screening.holding_back import upper_bound
from followguard.trust.figures import JudgedCard, model_records, track_record, word_records

SPAM, GENUINE = Label.SPAM, Label.GENUINE


def card(item: int, band: Band, label: Label, model: str = "m", **more: object) -> JudgedCard:
    """A decided card."""
    return JudgedCard(item=item, band=band, label=label, model=model, **more)  # type: ignore[arg-type]


FOUR = [
    card(1, Band.SPAM, SPAM),
    card(2, Band.SPAM, GENUINE),
    card(3, Band.GENUINE, GENUINE),
    card(4, Band.UNSURE, SPAM),
]


def test_words_that_differed_are_counted_by_side() -> None:
    """Of two called spam one was real; nobody called genuine was spam; one was left to people; half are spam."""
    found = track_record("m", FOUR, held_back_share)
    assert (found.decided, found.base_rate, found.unsure) == (4, 0.5, 1)
    assert (found.spam_was_real.said, found.spam_was_real.wrong, found.spam_was_real.share) == (2, 1, 0.5)
    assert (found.genuine_was_spam.said, found.genuine_was_spam.wrong) == (1, 0)


def test_nothing_decided_has_no_rate() -> None:
    """No share of nothing, rather than none at all."""
    found = track_record("m", [], held_back_share)
    assert (found.base_rate, found.spam_was_real.share, found.held_back.share) == (None, None, None)


def test_of_cards_that_were_asked_for_only_mistakes_count() -> None:
    """Whoever looks among those held back picks: a real one found there counts, spam confirmed there doesn't."""
    asked = [card(5, Band.SPAM, SPAM, asked=True), card(6, Band.SPAM, GENUINE, asked=True)]
    found = track_record("m", [*FOUR, *asked], held_back_share)
    assert (found.spam_was_real.said, found.spam_was_real.wrong) == (3, 2)
    assert (found.decided, found.base_rate) == (4, 0.5)


def test_real_people_held_back_come_with_the_exact_bound() -> None:
    """Twenty drawn alike, one real: Clopper and Pearson's bound, the same that holding back is earned by."""
    drawn = [card(n, Band.SPAM, GENUINE if n == 0 else SPAM, draw_probability=0.1) for n in range(20)]
    found = track_record("m", drawn, held_back_share).held_back
    assert (found.drawn, found.real, found.share) == (20, 1, pytest.approx(0.05))
    assert found.bound == pytest.approx(upper_bound(1, 20), abs=1e-6)


def test_each_model_has_a_record_of_its_own() -> None:
    """By name, each with the base rate of its own cards."""
    cards = [*FOUR, card(9, Band.SPAM, SPAM, model="house-1")]
    found = {each.name: each for each in model_records(cards, held_back_share)}
    assert list(found) == ["house-1", "m"]
    assert (found["house-1"].base_rate, found["m"].base_rate) == (1.0, 0.5)


def test_a_word_list_has_its_track_record() -> None:
    """By the reason's code; its side by the sign of its weight; a list that only marks claims nothing."""

    def hit(each: JudgedCard, code: str, weight: float) -> JudgedCard:
        return replace(each, reasons=(*each.reasons, Reason(code, "…", weight)))

    cards = [hit(each, "own_words:giveaways", 0.7) for each in FOUR[:2]] + FOUR[2:]
    cards[2] = hit(hit(cards[2], "own_words:colleagues", -0.7), "followers_count", -1.0)
    cards[3] = hit(cards[3], "own_words:wallets", 0.0)
    found = {each.name: (each.says, each.right, each.hits, each.base_rate) for each in word_records(cards)}
    assert found == {
        "colleagues": ("genuine", 1, 1, 0.5),
        "giveaways": ("spam", 1, 2, 0.5),
        "wallets": ("look", 1, 1, 0.5),
    }


def test_without_word_lists_there_is_nothing_to_tell() -> None:
    """Reasons of the model aren't the company's words."""
    assert word_records([replace(FOUR[0], reasons=(Reason("age", "young", 1.0),))]) == ()
