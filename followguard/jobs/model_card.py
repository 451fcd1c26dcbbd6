"""The card of a base model: what it is for, what it isn't for, what it was trained on and how far to trust it."""

from typing import Any

from followguard.domain.manifest import Manifest
from followguard.learning.protocol import OTHER_SETS
from followguard.learning.training import RECIPE

COMMAND = "followguard model train-base --datasets DIR"

HEAD = """# Base model {name}

Scores how much a new follower looks like spam from its public profile alone: counts, rates over the account's
age, ratios, shape of username and bio. It is a look-up table for each of {features} features (`docs/features.md`);
the score is the sum of what the tables say, and what each says is the reason on a card, exactly. It has two parts:
one for followers whose likes are known, one that does without likes and lists for those whose likes X leaves out.

## For
The first nights of an account that has decided nothing yet: an order for the list, an honest "unsure", and
reasons that a person can check. A person decides about every follower.

## Not for
- Deciding alone: blocking, reporting or rejecting anybody. A score isn't a finding about a person.
- Telling bots from people in general. Only what the sets below call spam was learned, from 2010 to 2020;
  spammers who imitate busy genuine accounts pass.
- Judging who shows nothing. What is unknown contributes exactly 0, and the card says so. An account younger than 30
  days, or one that never posted or liked, is judged only by counts too large for a newcomer; an empty bio, a missing
  picture and a protected profile count for nothing. Of whom nothing is known gets p_spam {prevalence:.2f}, the
  assumed share of spam.

## Trained on
{rows}

At most {most:,} accounts of a group and label are drawn. Seed {seed}. Held out: {held_out}. Probabilities assume
that {prevalence:.0%} of new followers are spam.

- Cresci 2017: S. Cresci, R. Di Pietro, M. Petrocchi, A. Spognardi, M. Tesconi, "The paradigm-shift of social
  spambots", WWW 2017 Companion.
- Cresci 2015 (E13): the same authors, "Fame for sale", Decision Support Systems 80 (2015).
- Caverlee 2011: K. Lee, B. D. Eoff, J. Caverlee, "Seven months with the devils", ICWSM 2011.
- Human bots 2020: L. Martin-Gutierrez et al., "Twitter human bots", Kaggle, 2020.

No row of these sets is in the model or in this repository.

## Traps, and what was done
- Age is observed minus created, row by row, and only ever divides a count: neither age nor a raw count is a
  feature, as both name the year a set was collected in.
- A set must not give its rows away. Within each family of sets spam and genuine weigh the same and each group
  weighs the same within its label. A value that a set lacks (Caverlee has no texts, likes or lists; the 2020 set no
  lists and names) has no bin in any table and adds nothing; 30 % of the known values are struck out at random the
  same way, so that no single feature carries the model. A family left with one label is not trained on.
- Genuine accounts of the sets were picked for being active, so silence would pass for spam. It counts as
  unknown.
- What lies beyond the least and greatest value of training adds nothing, so that the answer moves to "unsure", and the
  card says so.
- Words, language, place, the letters and length of names, and pictures aren't features: they say who people are. Nor
  is `verified`. Of a name it is only asked how much of the username stands in it, accents aside; a name without Latin
  letters is unknown there.
- INT of Cresci 2015 is a key to rows that are already there, and is not added.

## What it makes of what it hasn't seen
Each line is a model trained without that spam group and without the half of Cresci's genuine accounts (odd last
byte of the id's sha256) that it is then measured on; a whole set is measured on its own rows. The calibration
saw neither: it is fitted on spam groups held out inside the training rows. "at .95" is where likely spam may be
held back, once earned. Brier and ECE (15 bins of equal mass) are at {prevalence:.0%} spam.

| held out | AUC | AUC, no likes, lists | recall at FPR 1 % | recall at .5 / .95 | genuine at .5 / .95 | Brier | ECE |
|---|---|---|---|---|---|---|---|
{figures}

Over the groups of Cresci 2017: {summary}.

Features and settings were chosen on inner splits: the same groups held out one at a time, but measured against other
genuine accounts, none of which is in this table (`docs/experiments.md`). The groups are the same, so the table still
flatters a little. Groups resemble each other more than the next vendor will resemble any
of them (the second and third traditional group share a campaign); the two whole sets are the better warning.
Where the ranking is good, p_spam stays modest: on unseen spam it seldom reaches .95. Most of the ranking stands on
likes given and lists, which X may leave out and a vendor can fake; the third column is what remains without.

The table is printed and kept in `manifest.json` by
```
{command}
```

## The same, measured apart
<!-- accuracy -->
Figures with intervals, by `python -m benchmarks.accuracy`: `docs/accuracy.md`.
<!-- end of accuracy -->
"""


def card_of(manifest: Manifest) -> str:
    """`CARD.md`, from what is on record."""
    figures: dict[str, dict[str, Any]] = manifest.metrics["held_out"]
    hold_out = f" --hold-out {manifest.held_out}" if manifest.held_out else ""
    return HEAD.format(
        name=manifest.name,
        features=len(manifest.features),
        prevalence=manifest.prevalence,
        rows="\n".join(f"- {group}: {count:,} accounts" for group, count in manifest.training_rows.items()),
        most=RECIPE.most_rows_a_group,
        seed=manifest.seed,
        held_out=manifest.held_out or "nothing",
        figures="\n".join(_line(name, figures[name]) for name in sorted(figures, key=_sets_last)),
        summary=summary_line(manifest.metrics["summary"]),
        command=COMMAND + hold_out,
    )


def _sets_last(name: str) -> tuple[bool, str]:
    return name in OTHER_SETS, name


def _line(name: str, figure: dict[str, Any]) -> str:
    half, sure = figure["reached"]["0.5"], figure["reached"]["0.95"]
    cells = (
        name,
        f"{figure['auc']:.3f}",
        f"{figure['auc_without_likes_and_lists']:.3f}",
        f"{figure['recall_at_fpr']['0.01']:.2f}",
        f"{half['spam']:.2f} / {sure['spam']:.2f}",
        f"{half['genuine']:.3f} / {sure['genuine']:.4f}",
        f"{figure['brier']:.3f}",
        f"{figure['ece']:.3f}",
    )
    return f"| {' | '.join(cells)} |"


def summary_line(summary: dict[str, Any]) -> str:
    """Mean and worst over the groups of Cresci 2017 that were held out."""
    if not summary:
        return "none held out"
    worst, plain = summary["worst"], "auc_without_likes_and_lists"
    return (
        f"AUC mean {summary['auc']:.3f}, worst {worst['auc']:.3f}; without likes and lists "
        f"{summary[plain]:.3f}, {worst[plain]:.3f}; recall at FPR 1 % mean "
        f"{summary['recall_at_fpr']['0.01']:.2f}, worst {worst['recall_at_fpr']['0.01']:.2f}; "
        f"Brier mean {summary['brier']:.3f}, worst {worst['brier']:.3f}; "
        f"ECE mean {summary['ece']:.3f}, worst {worst['ece']:.3f}"
    )
