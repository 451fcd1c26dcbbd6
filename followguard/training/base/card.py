"""The card of a base model: what it is for, what it isn't for, what it was trained on and how far to trust it."""

from typing import Any

from followguard.classifier.base_rate import HIGHEST
from followguard.domain.manifest import Manifest
from followguard.training.base.protocol import OTHER_SETS
from followguard.training.base.training import RECIPE

COMMAND = "followguard model train-base --datasets DIR"

HEAD = """# Base model {name}

Scores how much a new follower looks like spam from its public profile alone: age, counts, rates, ratios, shape of
username, whether bio, link and picture are there ({features} features, `docs/features.md`). Look-up tables, one for a
feature, are summed; boosted trees, which see how features go together, are summed along the path that a follower
takes through them. How much the trees count is told by a gate: {least:.0%} for followers unlike the newest set in age,
followers, following and posts, {most_weight:.0%} for those most like it, nothing for an account that is young or
silent. What each feature adds is exact, and makes up the reasons on a card. The tables have two parts: one for
followers whose likes are known, one for those whose likes X leaves out.

## For
The first nights of an account that has decided nothing yet: an order for the list, an honest "unsure", and
reasons that a person can check. A person decides about every follower.

## Not for
- Deciding alone: blocking, reporting or rejecting anybody. A score isn't a finding about a person.
- Telling bots from people in general. Only what the sets below call spam was learned, from 2010 to 2020;
  spammers who imitate busy genuine accounts pass.
- Judging who shows nothing. What is unknown contributes exactly 0, and the card says so. An account younger than 30
  days, or one that never posted or liked, is judged only by counts too large for a newcomer; its empty bio and missing
  picture count for nothing, and a protected profile never counts. Who shows nothing gets p_spam {prevalence:.2f}, the
  assumed share of spam.

## How to read a score
A reason's weight is in log-odds: +0.69 doubles the odds of spam, -0.69 halves them. Each reason is the sum of a kind:
age and activity, audience, name, profile. The weights on a card and `other`, the rest, add up to the score less what
everybody starts from (`base_logit`). "Of 100 such accounts about 83 are spam, of all 20" is what the model would say
of somebody of whom only this is known. A reason says what the follower does and which way such accounts leaned in
training; it isn't why they do it. Notes weigh 0 and say what couldn't be judged.

p_spam of .3 means that of ten such followers about three are spam, among {prevalence:.0%} of spam, if spam is like
what training saw. It is provisional until 25 followers of the account, drawn at random, were decided; from then on
these decisions move it (`docs/first-mornings.md`). Before that, from 300 scored followers on, an account's own share of
spam is estimated from their scores, without a label; it is only ever raised, to {highest:.0%} at most. The bands are
the policy's. Likely spam is held back only once people have decided enough cards like it.

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
- Age is observed minus created, row by row. Age and plain counts name the year a set was collected in: only the trees
  look at them, and the gate holds the trees back where a follower isn't like the newest set.
- A set must not give its rows away. Within each family of sets spam and genuine weigh the same and each group
  weighs the same within its label. A value that a set lacks (Caverlee has no texts, likes or lists; the 2020 set no
  lists and names) has no bin in any table and adds nothing; 30 % of the known values are struck out at random the
  same way, so that no single feature carries the model. A family left with one label is not trained on.
- Trees get the missing cells of a row drawn from known ones, twice, and at scoring send an unknown value both ways.
- Genuine accounts of the sets were picked for being active, so silence would pass for spam. It counts as
  unknown.
- What lies beyond the least and greatest value of training adds nothing, so that the answer moves to "unsure", and the
  card says so.
- Words, language, place, the letters and length of names, and pictures aren't features: they say who people are. Nor
  is `verified`. Of a name it is only asked how much of the username stands in it, accents aside; a name without Latin
  letters is unknown there.
- INT of Cresci 2015 is a key to rows that are already there, and is not added.

## How the probability was checked
Inside the training rows whole spam groups are left out, ten parts, each scored by a model that saw none of it; two
slopes, above and below nothing said, are the likeliest with 5 % of labels taken for wrong, and a third, far above,
lets .18 % of those real people pass .95. Then the model is judged as a
whole on populations that neither the model nor its slopes saw: Brier, ECE and reliability plots at 5, 20 and 50 % spam,
which it isn't told (last part of this card, `docs/accuracy.md`). It is meant where the population resembles some
that it knows. Of real people of a kind that no training set holds (the volunteers of E13, with both their set and
the vendor left out) it would hold back one in twenty and more: the reason why holding back has to be earned.

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
Where the ranking is good, p_spam stays modest: most spam of an unseen kind stays below .95. Most of the ranking
stands on likes given and lists, which X may leave out and a vendor can fake; the third column is what remains
without.

The table is printed and kept in `manifest.json` by
```
{command}
```

## The same, measured apart
<!-- accuracy -->
Not measured yet for this model; `python -m benchmarks.accuracy --card models/base/CARD.md` fills in this part.
<!-- end of accuracy -->
"""
MEASURED = "<!-- accuracy -->"
"""Where the part begins that another command fills in."""


def card_of(manifest: Manifest) -> str:
    """Writes `CARD.md` from what is on record."""
    figures: dict[str, dict[str, Any]] = manifest.metrics["held_out"]
    hold_out = f" --hold-out {manifest.held_out}" if manifest.held_out else ""
    return HEAD.format(
        name=manifest.name,
        features=len(manifest.features),
        prevalence=manifest.prevalence,
        highest=HIGHEST,
        least=RECIPE.least_weight,
        most_weight=RECIPE.least_weight + RECIPE.more_weight,
        rows="\n".join(f"- {group}: {count:,} accounts" for group, count in manifest.training_rows.items()),
        most=RECIPE.most_rows_a_group,
        seed=manifest.seed,
        held_out=manifest.held_out or "nothing",
        figures="\n".join(_line(name, figures[name]) for name in sorted(figures, key=_sets_last)),
        summary=summary_line(manifest.metrics["summary"]),
        command=COMMAND + hold_out,
    )


def keeping(card: str, earlier: str) -> str:
    """Returns the card with what was measured apart on record in an earlier card, where both are of the same model."""
    if MEASURED not in earlier or card.partition("\n")[0] != earlier.partition("\n")[0]:
        return card
    return card.partition(MEASURED)[0] + MEASURED + earlier.partition(MEASURED)[2]


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
    """Returns the mean and worst over the groups of Cresci 2017 that were held out."""
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
