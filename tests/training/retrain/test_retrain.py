"""Retraining: what is promoted, kept and refused, and what becomes of the cards."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from followguard.accounts.store import Accounts
from followguard.domain.decision import Choice
from followguard.domain.labels import Kind, RejectReason
from followguard.errors import AlreadyRunning, StoreFailed
from followguard.review.decide import Hand
from followguard.review.undo import undo
from followguard.store import tables as t
from followguard.store.log import Log
from followguard.training.retrain.make import make_from_export
from followguard.training.store import Learning, Models


def test_a_better_model_is_promoted(decided: Any) -> None:
    """It goes on shelf with card and export, on record with its hashes, into the log, and scores from then on."""
    done = decided.retrain()
    assert (done.outcome, done.labels, done.model) == ("promoted", {"genuine": 84, "spam": 36}, "house-1")
    assert done.challenger["gate"]["lower_bound"] > 0
    assert decided.champion() == "house-1"
    folder = decided.folder / "models" / "house" / "house-1"
    assert {path.name for path in folder.iterdir()} == {"CARD.md", "manifest.json", "model.joblib"}
    manifest = json.loads((folder / "manifest.json").read_text())
    with decided.store.begin() as work:
        (model,) = Models(work).all("house")
        kinds = [entry.kind for entry in Log(work).entries()]
    assert (model.file_sha256, model.export_sha256) == (manifest["file_sha256"], manifest["export_sha256"])
    assert kinds[-1] == "model.promote"
    assert "84 said genuine" in " ".join((folder / "CARD.md").read_text().split())


def test_a_model_and_its_labels_are_its_owners(decided: Any) -> None:
    """A model and the labels it was learned from are read by nobody but their owner."""
    assert decided.retrain().model == "house-1"
    made = [path for name in ("models", "training_data") for path in (decided.folder / name).rglob("*")]
    assert {path.suffix for path in made} >= {".joblib", ".parquet", ".json", ".md"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()} == {0o700}


def test_what_waits_is_scored_again_and_what_is_decided_never(decided: Any) -> None:
    """Every waiting card gets a score of the new champion on the same snapshot; decided cards keep theirs."""
    decided.night(8, 4)
    done = decided.retrain()
    assert done.rescored == 12
    with decided.store.begin() as work:
        query = select(t.items.c.state, t.scores.c.model).join(t.scores, t.scores.c.id == t.items.c.score_id)
        models = {(row.state, row.model) for row in work.connection.execute(query)}
    assert models == {
        ("waiting", "house-1"),
        ("approved", done.champion["model"]),
        ("rejected", done.champion["model"]),
    }


def test_nothing_new_keeps_the_champion(learned: Any) -> None:
    """The same labels make the same model, which isn't put on shelf twice."""
    done = learned.retrain()
    assert (done.outcome, done.model) == ("kept", "house-1")
    with learned.store.begin() as work:
        assert len(Models(work).all()) == 1
        assert [each.outcome for each in Learning(work).retrainings("house")] == ["promoted", "kept"]


def test_a_damaged_export_of_the_champion_is_mended(learned: Any) -> None:
    """While the labels are the ones it was made of, the next retrain writes it anew, and the same model comes of it."""
    table = learned.folder / "training_data" / "house" / "house-1.parquet"
    whole = table.read_bytes()
    table.write_bytes(whole[:-5])
    assert learned.retrain().outcome == "kept"
    assert table.read_bytes() == whole
    with learned.store.begin() as work:
        on_record = Models(work).named("house-1")
    made = make_from_export(learned.workshop, "house", "house-1", on_record.export_sha256)
    assert made.manifest.content_sha256 == on_record.content_sha256


def test_a_challenger_that_isnt_surely_better_is_kept_in_the_list(learned: Any) -> None:
    """The champion serves on; the challenger is judged on decisions that the champion hadn't learned from, only."""
    learned.weeks(nights=1)
    done = learned.retrain()
    assert (done.outcome, done.model, done.challenger["model"]) == ("kept", "house-1", "house-2")
    assert done.challenger["gate"]["judged"] <= 20
    assert learned.champion() == "house-1"


@pytest.mark.parametrize(
    ("real", "spam", "said"),
    [
        (
            0,
            0,
            "Missing: 5 genuine, 5 spam and 15 of either kind, of which too little was decided in the last 14 days",
        ),
        (3, 3, "Missing: 2 genuine, 2 spam and 15 of either kind, there about 2026-02-20"),
        (40, 0, "Missing: 5 spam, of which too little was decided in the last 14 days to say when"),
    ],
)
def test_too_few_labels(school: Any, real: int, spam: int, said: str) -> None:
    """It says what is missing and about when it will be there, at the pace of the last fortnight; exit 1."""
    school.morning(school.night(real, spam))
    done = school.retrain()
    assert (done.outcome, done.exit_code) == ("refused", 1)
    assert said in done.why


def test_one_night_alone_teaches_nothing(school: Any) -> None:
    """Sixty decisions about one night's followers are refused: that night would decide alone."""
    school.morning(school.night(40, 20))
    done = school.retrain()
    assert done.outcome == "refused"
    assert "one night" in done.why


def test_upside_down_labels_are_refused(school: Any) -> None:
    """Somebody who calls all the real ones spam, and the other way round, is caught by the canaries."""
    for _ in range(8):
        school.morning([(follower, not spam) for follower, spam in school.night(14, 14)])
    done = school.retrain()
    assert (done.outcome, school.champion()) == ("refused", done.champion["model"])
    assert "canaries" in done.why
    assert not (school.folder / "training_data" / "house" / "house-1.parquet").exists()


def test_training_basis_none(decided: Any) -> None:
    """Nothing is learned, both texts of X's rules are named with their dates, and the base model serves."""
    decided.retrain()
    decided.configure('[accounts.acme]\ntraining_basis = "none"\n')
    done = decided.retrain()
    assert (done.outcome, done.exit_code) == ("refused", 1)
    for words in ("foundation or frontier model", "is prohibited", "2026-08-22", "2026-11-22"):
        assert words in done.why
    assert decided.champion().startswith("base-")


def test_a_group_learns_only_where_it_may(school: Any) -> None:
    """Decisions of an account with training basis none aren't among its group's labels."""
    school.configure(
        '[accounts.acme]\ntraining_basis = "own-decisions"\n[accounts.beta]\ntraining_basis = "none"\n'
        "[accounts.beta.policy]\nmax_cards_per_day = 1000\n"
    )
    school.weeks(nights=2)
    school.morning(school.night(14, 6, account="beta"), account="beta")
    assert sum(school.retrain("acme").labels.values()) == 40


def test_no_text_and_no_name_leaves_the_database(learned: Any) -> None:
    """An export holds pseudonyms and numbers: no id, no name, no word of a profile."""
    content = b"".join(path.read_bytes() for path in (learned.folder / "training_data").rglob("*") if path.is_file())
    export, rows = learned.workshop.exports.read("house", "house-1")
    assert (export.genuine, export.spam, len(rows)) == (84, 36, 120)
    said = content + repr(rows).encode()
    for word in (b"Person", b"person_1000", b"Gardens", b"'1000'", b"Ann"):
        assert word not in said


def test_two_at_once(school: Any) -> None:
    """The second is refused at once: another run learns for the group."""
    with school.store.lock("group-house"), pytest.raises(AlreadyRunning, match="model group house"):
        school.retrain()


@pytest.mark.parametrize("blocked", ["training_data", "models"])
def test_a_disk_that_takes_nothing(decided: Any, blocked: str) -> None:
    """The error says what to do, the champion stays, and nothing half-written is left."""
    (decided.folder / blocked).write_text("a file where a folder should be")
    with pytest.raises(StoreFailed, match="can't be written"):
        decided.retrain()
    assert decided.champion().startswith("base-")
    assert not list((decided.folder / "training_data").glob("house/*"))
    (decided.folder / blocked).unlink()
    assert decided.retrain().outcome == "promoted"


def test_labels_in_conflict_and_a_clock_that_went_back(school: Any) -> None:
    """Look-alikes decided differently, and decisions dated before earlier ones, are learned from; the clock is told."""
    school.weeks(nights=5)
    arrived = school.night(6, 6)
    school.now -= timedelta(days=4)
    school.morning([(follower, place % 2 == 0) for place, (follower, _) in enumerate(arrived)])
    school.told.clear()
    assert school.retrain().outcome in {"promoted", "kept"}
    assert ["Set this machine's clock" in error.next_step for error in school.told] == [True]


def test_the_newest_label_that_stands_counts(school: Any) -> None:
    """Undone decisions and put-offs give none, a rejection for another reason none, with `real` it says genuine."""
    (one, _), (two, _), (three, _), (four, _) = school.night(4, 0)
    school.decide(one, Choice(kind=Kind.REJECT, reason=RejectReason.SPAM))
    school.decide(two, Choice(kind=Kind.REJECT, reason=RejectReason.COMPETITOR))
    school.decide(three, Choice(kind=Kind.REJECT, reason=RejectReason.COMPETITOR, real=True))
    school.decide(four, Choice(kind=Kind.LATER, until="2026-03-01"))
    with school.store.begin() as work:
        ids = [row.id for row in Accounts(work).all()]
        assert {(each.follower_id, each.label) for each in Learning(work).labelled(ids)} == {
            (one, "spam"), (three, "genuine")}  # fmt: skip
    accounts = school.workshop.installation.accounts
    undo(Hand(store=school.store, accounts=accounts, by="Ann", now=school.now, account="acme"), one)
    with school.store.begin() as work:
        assert [each.follower_id for each in Learning(work).labelled(ids)] == [three]


def test_old_challengers_are_cleared_away(learned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of all but the newest that never served go; their rows stay, and what served stays whole."""
    monkeypatch.setattr("followguard.training.retrain.make.KEPT_CHALLENGERS", 1)
    for _ in range(3):
        learned.weeks(nights=1, real=2, spam=1)
        assert learned.retrain().outcome == "kept"
    kept = {path.name for path in (learned.folder / "models" / "house").iterdir()}
    assert kept == {"house-1", "house-4"}
    assert {Path(path.stem).name for path in (learned.folder / "training_data" / "house").iterdir()} == kept
