"""Why a group doesn't learn today: each refusal says what is missing, and about when it will be there.

Canaries are made-up followers, plainly real or plainly spam, which every model must keep on their side. A challenger
that calls a plainly real account spam, or plain spam genuine, has learned something that no company's decisions should
teach, whatever it gains elsewhere. They are written out here; none is anybody's.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil

import numpy as np

from followguard.classifier.columns import Flags, Floats, Matrix, ProfileColumns
from followguard.classifier.features import extract
from followguard.classifier.model import Model, probabilities
from followguard.domain.follower import Profile
from followguard.domain.labels import Label
from followguard.domain.wording import counted
from followguard.store.proofs import Proofs
from followguard.training.house.decisions import Capped, Shortfall
from followguard.training.models.serving import TrainingContext
from followguard.training.retrain.exports import LabelledDecision
from followguard.training.store import UsableLabels

SEEN = datetime(2026, 1, 1, tzinfo=UTC)
"""When canaries were observed: ages count from here, so no clock is read."""
GENUINE_BELOW = 0.5
SPAM_FROM = 0.15


@dataclass(frozen=True, slots=True)
class Canary:
    """One kind of canary: its counts (followers, following, posts, lists, likes) and age in days, and who they are."""

    name: str
    spam: bool
    counts: tuple[int, int, int, int, int]
    days: int
    bio: str
    people: tuple[tuple[str, str], ...]
    """(name, username) of each."""


KINDS: Sequence[Canary] = (
    Canary("teacher", False, (340, 410, 5200, 9, 8100), 3300, "Teaches chemistry, sings alto, bakes badly.", (
        ("Miriam Alder", "miriamalder"), ("Joan Pettifer", "joan_pettifer"), ("Oskar Lindqvist", "oskarlindqvist"),
        ("Beth Marlowe", "bethmarlowe"), ("Ruth Okonedo", "ruth_okonedo"))),
    Canary("engineer", False, (620, 530, 9400, 22, 15300), 4100, "Builds bridges by day and synthesizers by night.", (
        ("Tomas Varga", "tomasvarga"), ("Ines Calderon", "inescalderon"), ("Henry Aldous", "henryaldous"),
        ("Priya Raman", "priyaraman"), ("Lukas Brandt", "lukasbrandt"))),
    Canary("nurse", False, (210, 280, 2900, 3, 6400), 2600, "Night shifts, strong tea, two greyhounds.", (
        ("Carol Winslow", "carolwinslow"), ("Amara Nwosu", "amaranwosu"), ("Jill Thackeray", "jillthackeray"),
        ("Petra Novak", "petra_novak"), ("Dana Whitlock", "danawhitlock"))),
    Canary("student", False, (430, 390, 7600, 5, 12800), 1700, "History student. Rowing. Opinions about soup.", (
        ("Milo Ferrante", "miloferrante"), ("Sara Lindholm", "saralindholm"), ("Kofi Mensah", "kofimensah"),
        ("Elise Duval", "eliseduval"), ("Noah Pritchard", "noahpritchard"))),
    Canary("reporter", False, (5200, 1400, 21400, 160, 9800), 4600, "Reporter. Courts and councils. Tips welcome.", (
        ("Helen Garrity", "helengarrity"), ("Marcus Oyelaran", "marcusoyelaran"), ("Anna Wexler", "annawexler"),
        ("David Kestrel", "davidkestrel"), ("Lena Hofstad", "lenahofstad"))),
    Canary("shopkeeper", False, (880, 610, 4300, 17, 3900), 3000, "Second-hand books and a slow cat in the window.", (
        ("Peter Hawthorne", "peterhawthorne"), ("Maud Ellery", "maudellery"), ("Clara Benedetti", "clarabenedetti"),
        ("Ivor Sandison", "ivorsandison"), ("Nell Farrow", "nellfarrow"))),
    Canary("runner", False, (290, 350, 3700, 4, 7200), 2200, "Trail runner, father of three, terrible at chess.", (
        ("Simon Ashdown", "simonashdown"), ("Pavel Dvorak", "paveldvorak"), ("Jonas Eklund", "jonaseklund"),
        ("Martin Gallagher", "martingallagher"), ("Hugo Lemaire", "hugolemaire"))),
    Canary("musician", False, (1900, 780, 11200, 48, 10500), 3900, "Cellist. Rehearsals, trains, and too much coffee.",
           (
        ("Greta Solberg", "gretasolberg"), ("Adam Fairweather", "adamfairweather"), ("Rosa Quintero", "rosaquintero"),
        ("Emil Jansson", "emiljansson"), ("Freya Holloway", "freyaholloway"))),
    Canary("bought", True, (3, 1450, 1, 0, 0), 210, "", (
        ("Kx Vmq", "bx83920174"), ("Rtq Lzw", "qzt7719203"), ("Wpk Xvn", "wpkx40918"), ("Zjf Qrt", "zjfq88213"),
        ("Hvx Bnk", "hvxb55102"))),
    Canary("empty", True, (1, 2100, 0, 0, 0), 120, "", (
        ("Qwz Prt", "qwzp91827364"), ("Xcv Mnb", "xcvm10293847"), ("Jkl Trw", "jklt56473829"),
        ("Vbn Qsx", "vbnq66554433"), ("Plk Zxc", "plkz77889900"))),
    Canary("crowd", True, (14, 1900, 6, 0, 0), 330, "", (
        ("Dfg Wrt", "dfgw20391845"), ("Nmq Xzp", "nmqx38475610"), ("Ghz Lkv", "ghzl92837465"),
        ("Bvq Trp", "bvqt01928374"), ("Swx Kjn", "swxk65748392"))),
    Canary("winner", True, (11, 1950, 5, 0, 0), 70, "WIN!!! FREE phones!!! http://win.example http://get.example", (
        ("Prize Qx 771", "pxq77123904"), ("Gift Zt 902", "gzt90211873"), ("Win Kv 330", "wkv33049165"),
        ("Promo Bd 555", "pbd55582017"), ("Cash Rm 118", "crm11846239"))),
    Canary("followback", True, (35, 1990, 18, 0, 0), 150, "1000 followers!!! http://grow.example http://up.example", (
        ("Grow 1k 552", "growfast55217"), ("Follow 881", "follow88190"), ("Boost 204", "boostme20435"),
        ("Fans 667", "fans4all66712"), ("Gain 339", "gainnow33958"))),
    Canary("coin", True, (18, 1700, 12, 0, 0), 60, "10x profit daily!!! http://coin.example http://earn.example", (
        ("Coin 10x 446", "coinx44681"), ("Earn Daily 723", "earnd72305"), ("Profit 911", "profit91163"),
        ("Crypto Gains 28", "cgains28417"), ("Double It 650", "doubleit65092"))),
    Canary("hollow", True, (6, 1820, 2, 0, 0), 400, "", (
        ("Trz Pqm", "trzp83746501"), ("Kvb Nwx", "kvbn29384756"), ("Lqz Hjt", "lqzh47561029"),
        ("Xrp Dsv", "xrpd10293485"), ("Mzk Bqf", "mzkb98765012"))),
    Canary("dating", True, (9, 1880, 8, 0, 0), 45, "Hot single here!!! http://meet.example http://chat.example", (
        ("Sxy Anna 88", "sxyanna88231"), ("Lola 4 U 19", "lola4u19384"), ("Cutie 773", "cutie77350"),
        ("Bby Girl 62", "bbygirl62915"), ("Hot Mia 41", "hotmia41078"))),
)  # fmt: skip
"""Eight kinds on each side, five of each."""


@dataclass(frozen=True, slots=True)
class Canaries:
    """n canaries: names such as "teacher 3", (n, features) values, and which are spam."""

    names: tuple[str, ...]
    matrix: Matrix
    spam: Flags

    def wrong_under(self, p_spam: Floats) -> tuple[str, ...]:
        """Names those that these (n,) probabilities put on the wrong side."""
        wrong = ((p_spam < SPAM_FROM) & self.spam) | ((p_spam >= GENUINE_BELOW) & ~self.spam)
        return tuple(name for name, one in zip(self.names, wrong.tolist(), strict=True) if one)


def canaries_on_wrong_side(model: Model) -> tuple[str, ...]:
    """Names the canaries that a model puts on the wrong side; a model with any is refused.

    A real one is on the wrong side from p_spam .5, a spam one below .15: both were chosen by what honest learning and
    hostile labels do (`docs/audit.md`).
    """
    flock = canaries()
    return flock.wrong_under(probabilities(model, flock.matrix))


def canaries() -> Canaries:
    """Returns all canaries, always the same."""
    rows = [(kind, number) for kind in KINDS for number in range(len(kind.people))]
    columns = ProfileColumns.from_profiles([_profile(kind, number) for kind, number in rows])
    names = tuple(f"{kind.name} {number + 1}" for kind, number in rows)
    return Canaries(names, extract(columns), np.array([kind.spam for kind, _ in rows], dtype=bool))


def _profile(kind: Canary, number: int) -> Profile:
    """Makes a profile: the counts of each next one are a tenth greater, and every fifth one's likes are unknown."""
    name, username = kind.people[number]
    followers, following, posts, lists, likes = (round(count * 1.1**number) for count in kind.counts)
    return Profile(
        id=str(number + 1),
        observed_at=SEEN,
        username=username,
        name=name,
        description=kind.bio,
        created_at=SEEN - timedelta(days=kind.days),
        followers_count=followers,
        following_count=following,
        tweet_count=posts,
        listed_count=lists,
        like_count=None if number == len(kind.people) - 1 else likes,
    )


LEAST_LABELS = 25
LEAST_OF_EACH = 5
"""A batch of look-alikes counts as one."""
PACE_DAYS = 14
MOST_DAYS = 365
"""Beyond a year a forecast says nothing."""
SHOWN = 3
"""Canaries named in a refusal."""
MOST_OF_A_CLASS = 0.5
"""More than this share of a class's weight, after the caps, from one night, batch or person: that one would decide."""
READ_ON = "as read on 2026-11-22 in X's documentation of 2026-08-22"
RULES = (
    "X's developer agreement forbids training a foundation or frontier model; its developer guidelines say that "
    f"storing X's data to train machine-learning models is prohibited (both {READ_ON})"
)


def basis_refusal(handle: str) -> str:
    """Says why nothing is learned under `training_basis = "none"`."""
    return (
        f'@{handle} has training_basis = "none": nothing is learned from its decisions. {RULES}. '
        'Where the company decides otherwise, set "own-decisions" or "written-permission"'
    )


def not_vouched(workshop: TrainingContext, at_hand: UsableLabels) -> str | None:
    """Says why nothing is learned from these decisions; None where the log vouches for all of them."""
    with workshop.store.begin() as work:
        odd = Proofs(work).unproved_decisions([each.decision_id for each in at_hand.decisions])
    if not odd:
        return None
    if len(odd) == 1:
        return f"decision {odd[0]} isn't the log's: see `followguard prove`"
    return f"{len(odd):,} decisions aren't the log's, the first is decision {odd[0]}: see `followguard prove`"


def too_few(at_hand: UsableLabels, now: datetime) -> str | None:
    """Says what is missing of the least that a model can learn from, and about when it is there; None without need."""
    found = {label: _counted(at_hand.decisions, (label,)) for label in Label}
    missing = {label: max(0, LEAST_OF_EACH - number) for label, number in found.items()}
    total = max(sum(missing.values()), LEAST_LABELS - sum(found.values()))
    if total <= 0:
        return None
    out = f"; {counted(at_hand.left_out, 'label')} of another feature table left out" if at_hand.left_out else ""
    return (
        f"too few labels: {found[Label.GENUINE]} genuine and {found[Label.SPAM]} spam, a batch counted as one; it "
        f"takes {LEAST_LABELS}, {LEAST_OF_EACH} of each kind at least. Missing: {_wanted(missing, total)}, "
        f"{_when(at_hand, missing, total, now)}{out}"
    )


def _wanted(missing: Mapping[Label, int], total: int) -> str:
    lacking = [f"{number} {label.value}" for label, number in missing.items() if number]
    rest = total - sum(missing.values())
    *first, last = [*lacking, f"{rest} of either kind"] if rest else lacking
    return f"{', '.join(first)} and {last}" if first else last


def _counted(decisions: Iterable[LabelledDecision], labels: Collection[Label]) -> int:
    """Counts decisions with one of these labels, a batch of look-alikes as one."""
    chosen = [each for each in decisions if each.label in labels]
    batches = {(each.account, each.batch, each.label) for each in chosen if each.batch is not None}
    return sum(each.batch is None for each in chosen) + len(batches)


def _when(at_hand: UsableLabels, missing: Mapping[Label, int], total: int, now: datetime) -> str:
    """Says about when it will be there, at the pace of the last fortnight."""
    recent = [each for each in at_hand.decisions if now - timedelta(days=PACE_DAYS) <= each.at <= now]
    needs = [(total, _counted(recent, tuple(Label)))]
    needs += [(number, _counted(recent, (label,))) for label, number in missing.items() if number]
    if any(pace == 0 for _, pace in needs):
        return f"of which too little was decided in the last {PACE_DAYS} days to say when"
    days = max(ceil(number * PACE_DAYS / pace) for number, pace in needs)
    if days > MOST_DAYS:
        return f"more than a year away at the pace of the last {PACE_DAYS} days"
    return f"there about {(now + timedelta(days=days)).date().isoformat()} at the pace of the last {PACE_DAYS} days"


def one_sided(capped: Capped) -> str | None:
    """Says which night, batch or person would decide a class alone, caps or not; None when nobody does."""
    worst = max(_shortfalls(capped.short_of), key=lambda each: each.share, default=None)
    if worst is None:
        return None
    label = "spam" if worst.spam else "genuine"
    return (
        f"all that is known of {label} comes from one {worst.what}, which would decide alone; "
        f"decide followers of other {_PLURAL[worst.what]} too"
    )


_PLURAL = {"night": "nights", "batch": "batches", "person": "people"}


def _shortfalls(short_of: Iterable[Shortfall]) -> list[Shortfall]:
    return [each for each in short_of if each.share > MOST_OF_A_CLASS]


def moved_canaries(model: Model) -> str | None:
    """Says which canaries the model puts on the wrong side; None where all are on their side."""
    wrong = canaries_on_wrong_side(model)
    if not wrong:
        return None
    named = f"{', '.join(wrong[:SHOWN])}{' and others' if len(wrong) > SHOWN else ''}"
    return (
        f"{len(wrong)} of the canaries, made-up followers of whom nobody doubts what they are, came out on the wrong "
        f"side ({named}); look through the newest labels for slips, or for somebody who means harm, and overrule them"
    )
