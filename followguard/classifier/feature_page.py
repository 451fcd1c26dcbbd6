"""`docs/features.md`, written from the feature table so that the two can't disagree."""

from followguard.classifier.columns import DAYS_TO_SETTLE
from followguard.classifier.facts import ENOUGH
from followguard.classifier.features import FEATURES, Feature
from followguard.classifier.reasons import AGAINST, KINDS, NOTES, STRONGEST, TELLING, UNLIKE, UNLIKE_SENTENCE

HEAD = """# Features

Generated from the feature table (`followguard.classifier.feature_page`); a test keeps the two equal.

What the classifier looks at, all of it from what X shows of a follower. What is missing contributes exactly 0 to the
score, in neither direction.

- **Age** is the time from `created_at` to the moment the profile was read.
- A **young** account is younger than {days:.0f} days; its rates are taken over {days:.0f} days. A **silent** one has
  neither posted nor liked. Small counts of either are unknown, and so are age, an empty bio and a missing link or
  picture: it has had no time, or only reads, as many real people do. Small is below {enough}.
- A protected profile, `verified`, place, language and length of names aren't looked at. Which letters a name is
  written with isn't either: accents are taken off, and a name without Latin letters is unknown where the username is
  compared with it.

The model has two parts with a table for each feature that they look at, one for followers whose likes are known
and one for all others. Beyond the least and greatest value that training saw, a table adds nothing. Boosted trees look
at all features; they count the more, the more a follower resembles the newest set in age, followers, following and
posts, at most .75, and 0 for a young or silent account.

Likeness to others of the same night isn't a feature: the public sets have no nights to learn it from, and a follower
alone must score as in a crowd. Look-alikes that arrive together become a batch instead (`screening/lookalikes.py`).

## Reasons

Each feature adds to the reason of its kind. A reason's weight is the sum, its sentence names the facts that add most.
The strongest is told from a weight of {strongest} on, the strongest against the verdict from {against}, others from
{telling}. Some facts are told without a side, with weight 0, and `other` bears theirs: 20 posts or 50 likes a day and
more, or a username that looks generated, where the model counts them as genuine; fewer than 100 followers and 300
followed, where it counts them as spam against its own verdict; and activity that speaks for genuine beside a
[look mark](words.md).
Name, profile and audience that do so aren't told there at all.

| code | what it is about |
|---|---|
{kinds}
## The table

| name | unit | what it is | missing rule | kind of reason |
|---|---|---|---|---|
"""

NOTES_HEAD = """
## Notes

Where reasons have fewer than three things to say, a card says with weight 0 what it couldn't judge by.

| code | when |
|---|---|
"""


def feature_page(features: tuple[Feature, ...] = FEATURES) -> str:
    """Returns the page as Markdown."""
    enough = ", ".join(f"{count:,.0f} {field}" for field, count in ENOUGH.items())
    rows = "".join(f"| `{row.name}` | {row.unit} | {row.sentence} | {row.missing} | {row.kind} |\n" for row in features)
    notes = f"| `{UNLIKE.code}` | {UNLIKE_SENTENCE} |\n"
    notes += "".join(f"| `{note.code}` | {note.sentence} |\n" for note in NOTES)
    kinds = "".join(f"| `{kind.code}` | {kind.sentence} |\n" for kind in KINDS)
    told = {"strongest": STRONGEST, "against": AGAINST, "telling": TELLING}
    return HEAD.format(days=DAYS_TO_SETTLE, enough=enough, kinds=kinds, **told) + rows + NOTES_HEAD + notes
