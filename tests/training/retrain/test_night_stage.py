"""The night's last stage: who is due, and that nothing that goes wrong in it stops the night."""

from pathlib import Path
from typing import Any

import pytest

from followguard.errors import FollowguardError, PartlyDone
from followguard.night.retrain import RetrainStep
from followguard.reports.receipt import Receipt
from followguard.training.retrain.own_process import retrain_apart

POLICY = '[accounts.acme]\ntraining_basis = "{basis}"\n[accounts.acme.policy]\nretrain_after_decisions = {after}\n'
SAID = {"outcome": "kept", "why": "no better"}


def stage(school: Any, answer: Any = None) -> tuple[RetrainStep, list[str]]:
    """The stage with a retraining of the test's own; and for whom it was asked."""
    asked: list[str] = []

    def retrain(handle: str) -> dict[str, Any]:
        asked.append(handle)
        if isinstance(answer, FollowguardError):
            raise answer
        return SAID

    workshop = school.workshop
    made = RetrainStep(installation=workshop.installation, store=school.store, retrain=retrain, say=lambda _: None)
    return made, asked


@pytest.mark.parametrize(
    ("after", "basis", "due"),
    [(120, "own-decisions", True), (121, "own-decisions", False), (0, "own-decisions", False), (1, "none", False)],
)
def test_who_is_due(decided: Any, after: int, basis: str, due: bool) -> None:
    """A group is due with as many new labels as the policy says; 0 means never, and `none` learns nothing."""
    decided.configure(POLICY.format(after=after, basis=basis))
    made, asked = stage(decided)
    receipt = Receipt(account="acme", began=True)
    assert bool(made.run([receipt])) is due
    assert (asked, receipt.retrain) == ((["acme"], SAID) if due else ([], None))


def test_labels_count_from_the_last_attempt(learned: Any) -> None:
    """Whatever came of it."""
    learned.configure(POLICY.format(after=10, basis="own-decisions"))
    made, asked = stage(learned)
    made.run([Receipt(account="acme", began=True)])
    learned.weeks(nights=1, real=8, spam=2)
    made.run([Receipt(account="acme", began=True)])
    assert asked == ["acme"]


def test_a_retraining_that_fails_is_a_note_in_the_receipt(decided: Any) -> None:
    """The night is done in part, and goes on."""
    made, _ = stage(decided, PartlyDone("@acme: retraining took longer than 120 s and was stopped."))
    receipt = Receipt(account="acme", began=True)
    assert made.run([receipt]) == [receipt]
    assert (receipt.status, [error.code for error in receipt.errors]) == ("partial", ["partly"])


def test_an_account_without_a_night_learns_nothing(decided: Any) -> None:
    """An account held by another run is left to that run to learn."""
    made, asked = stage(decided)
    assert made.run([Receipt(account="acme")]) == []
    assert asked == []


def test_a_process_that_hangs_is_stopped(decided: Any) -> None:
    """Beyond its time the retraining ends, and the error says so."""
    with pytest.raises(PartlyDone, match=r"longer than 0\.001 s") as caught:
        retrain_apart(decided.config, "acme", seconds=0.001)
    assert "retrain --account acme" in caught.value.next_step


def test_a_process_that_fails_says_why(tmp_path: Path) -> None:
    """The last line of its stderr is in the error."""
    with pytest.raises(PartlyDone, match=r"followguard\.toml"):
        retrain_apart(tmp_path / "followguard.toml", "acme")


def test_a_process_of_its_own_learns(decided: Any) -> None:
    """The whole way: another process, the same installation, and the champion serves here."""
    done = retrain_apart(decided.config, "acme")
    assert done["outcome"] == "promoted"
    assert decided.champion() == done["model"] == "house-1"
