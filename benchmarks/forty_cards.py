"""Forty cards of every kind as a person reads them: `python -m benchmarks.forty_cards [--write]`.

People are made up by the sandbox, some pass themselves off as the account @acme; a test keeps `docs/cards.md` equal to
what this prints, so that a change of a reason's words shows in review.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from benchmarks.pages import DOCS, write_part
from followguard.domain.follower import Profile
from followguard.domain.policy import Policy, Says, Verdict, WordList
from followguard.domain.wording import safe_text
from followguard.review.words import age_words, counts_words
from followguard.sandbox.population import Population
from followguard.training.models.serving import load_scorer
from followguard.words.imitation import Imitation
from followguard.words.reading import TextReader, with_words

PAGE = DOCS / "cards.md"
NOW = datetime(2026, 11, 1, 2, 30, tzinfo=UTC)
EACH, MOST = 3, 36
"""Cards of each kind of person that the sandbox knows, and how many of them in all; four more are impostors."""
OWN = (WordList("our trade", any_of=("baker", "bakery", "engineer"), says=Says.GENUINE),)
"""A list of the company's own, as `[[accounts.acme.words]]` has it."""
IMPOSTORS = (
    {"username": "acme_support7", "name": "ACME Support", "description": "official support for @acme, write to us"},
    {"username": "acrne", "name": "Acme", "description": "We bake engineering."},
    {"username": "helpdesk_2291", "name": "Acme Official Help"},
    {"username": "marta_bakes", "name": "Marta", "description": "I like acme and cake."},
)
"""What they change of ordinary people; the last one only speaks of us."""


def people() -> Iterator[tuple[str, Profile]]:
    """Yields kind and profile: a few of each kind that the sandbox draws, then impostors."""
    crowd = Population(seed=10, hostile_share=0.0)
    numbers = [*crowd.grow(600, NOW, spam_share=0.5), *crowd.grow(EACH, NOW, attack=True)]
    seen: Counter[str] = Counter()
    for number in numbers:
        kind = crowd.kind_of(number)
        if seen[kind] < EACH and seen.total() < MOST:
            seen[kind] += 1
            yield kind, replace(crowd.person(number).profile, observed_at=NOW)
    ordinary = next(n for n in numbers if crowd.kind_of(n) == "casual")
    for shown in IMPOSTORS:
        yield "impostor", replace(crowd.person(ordinary).profile, observed_at=NOW, **shown)  # type: ignore[arg-type]


def verdicts(profiles: Sequence[Profile]) -> list[Verdict]:
    """Scores by the shipped model, with the words of the account @acme."""
    reader = TextReader(OWN, Imitation(("acme",), ()))
    found = load_scorer().verdicts(profiles)
    return [with_words(each, reading) for each, reading in zip(found, reader.readings(profiles), strict=True)]


def page_part() -> str:
    """Writes all cards in Markdown."""
    found = list(people())
    judged = verdicts([profile for _, profile in found])
    rows = enumerate(zip(found, judged, strict=True), start=1)
    return "\n\n".join(_card(number, kind, profile, verdict) for number, ((kind, profile), verdict) in rows)


def _card(number: int, kind: str, profile: Profile, verdict: Verdict) -> str:
    band = Policy().cutoffs.band_of(verdict.p_spam, look=bool(verdict.look))
    lines = [
        f"### {number}. {kind}: {band.value}, {verdict.p_spam:.2f}",
        f"{safe_text(profile.name or '', 60)} @{profile.username}: {safe_text(profile.description or '(no bio)', 160)}",
        f"{counts_words(profile)}, {age_words(profile)}",
    ]
    marks = [f"- look twice: {mark.text}" for mark in verdict.look]
    marked = {mark.code for mark in verdict.look}
    reasons = [f"- {each.direction}{each.text}" for each in verdict.reasons[:-1] if each.code not in marked]
    return "\n\n".join([*lines, "\n".join([*marks, *reasons])])


def main(arguments: Sequence[str] = ()) -> int:
    """Prints the cards, and writes them into the page with --write."""
    part = page_part()
    print(part)
    if "--write" in arguments:
        write_part(PAGE, "cards", part)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
