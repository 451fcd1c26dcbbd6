"""Scoring a profile file offline, with a scorer made for the test."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from followguard.domain.follower import Profile
from followguard.domain.policy import Cutoffs, Reason, Verdict
from followguard.files.profile_row import ProfileRow, RowError
from followguard.training.score_file import CHUNK, RowTally, score_file

NOW = datetime(2026, 2, 1, tzinfo=UTC)
CUTOFFS = Cutoffs(unsure_from=0.15, spam_from=0.95)


class LastDigit:
    """Scores an account by the last digit of its id, and remembers how many it was given at once."""

    def __init__(self):
        self.asked = []

    def verdicts(self, profiles):
        self.asked.append(len(profiles))
        reason = Reason("digit", "The id ends so.", 0.5)
        return [
            Verdict(p_spam=int(p.id[-1]) / 10, base_logit=0.0, reasons=(reason,), model="m1", features=b"")
            for p in profiles
        ]


def good(line, follower_id):
    return ProfileRow(line=line, profile=Profile(id=follower_id, observed_at=NOW))


def bad(line):
    return RowError(line=line, id="x", error=f"line {line}: no")


def test_every_row_is_answered_in_its_place():
    """Good rows get score, band, reasons and model; a bad one its error."""
    answers = list(score_file(LastDigit(), [good(2, "19"), bad(3), good(4, "20")], CUTOFFS))
    reasons = [{"code": "digit", "text": "The id ends so.", "weight": 0.5}]
    told = {"reasons": reasons, "look": [], "base_logit": 0.0, "model": "m1"}
    assert answers == [
        {"id": "19", "p_spam": 0.9, "band": "unsure", **told},
        {"id": "x", "error": "line 3: no"},
        {
            "id": "20",
            "p_spam": 0.0,
            "band": "genuine",
            "reasons": reasons,
            "look": [],
            "base_logit": 0.0,
            "model": "m1",
        },
    ]


def test_memory_is_bounded_by_chunks():
    """The scorer never gets more than a chunk, and the file isn't drawn ahead of the answers."""
    drawn = []

    def rows():
        for n in range(1, 2 * CHUNK + 11):
            drawn.append(n)
            yield good(n, str(n))

    scorer = LastDigit()
    answers = score_file(scorer, rows(), CUTOFFS)
    next(answers)
    assert len(drawn) == CHUNK
    assert [answer["id"] for answer in answers] == [str(n) for n in range(2, 2 * CHUNK + 11)]
    assert scorer.asked == [CHUNK, CHUNK, 10]


@pytest.mark.parametrize(
    ("rows", "failed", "code"),
    [([good(2, "1")], 0, 0), ([good(2, "1"), bad(3)], 1, 3), ([bad(2), bad(3)], 2, 1), ([], 0, 0)],
)
def test_the_tally_gives_the_exit_code(rows, failed, code):
    """0 for all, 3 for a mixture, 1 when no row could be scored; a scorer isn't asked for nothing."""
    tally, scorer = RowTally(), LastDigit()
    list(score_file(scorer, rows, CUTOFFS, tally))
    assert (tally.rows, tally.failed, tally.exit_code) == (len(rows), failed, code)
    assert 0 not in scorer.asked


def test_a_scam_is_never_genuine():
    """A low score stays as it is, and its band is unsure; the row says why."""
    row = good(2, "10")
    scam = ProfileRow(
        line=row.line, profile=replace(row.profile, name="Elon Giveaway", description="Send 1 BTC, get 2 back")
    )
    answer = next(score_file(LastDigit(), [scam], CUTOFFS))
    assert (answer["p_spam"], answer["band"]) == (0.0, "unsure")
    assert [mark["code"] for mark in answer["look"]] == ["words_giveaway"]
