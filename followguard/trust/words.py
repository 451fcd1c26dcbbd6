"""Trust in words: how often machine and people were wrong, and what a blind test came to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from followguard.domain.wording import counted, safe_text
from followguard.review.words import percent
from followguard.screening.audit import HeldBackShare
from followguard.screening.blind_test import BlindAnswer, BlindTest, blind_test_command
from followguard.screening.holding_back import FEWEST_DECIDED
from followguard.trust.figures import TrackRecord, TrustFigures, Turned, WordRecord

if TYPE_CHECKING:
    from followguard.screening.standing import Standing
    from followguard.trust.told import TakenTest, Trust

REAL, SPAM = "real", "spam"
NOBODY = "nothing was decided in that time"


def trust_lines(trust: "Trust") -> Iterator[str]:
    """Yields everything about one account, the machine first."""
    figures = trust.figures
    yield f"@{figures.account}, {figures.since:%Y-%m-%d} to {figures.until:%Y-%m-%d}"
    yield from _machine_lines(figures)
    yield f"  {_turned_words(figures.turned)}"
    if figures.ever.share is not None:
        yield f"  Of all ever held back: {held_words(figures.ever)}"
    yield from (f"  {word_words(each)}" for each in figures.words)
    yield f"  {standing_words(trust.standing, figures.account)}"
    yield from (f"  {taken_words(each)}" for each in trust.tests)


def _machine_lines(figures: TrustFigures) -> Iterator[str]:
    if not figures.machine.decided:
        yield f"  Machine: {NOBODY}."
        return
    several = len(figures.models) > 1
    for record in (figures.machine, *figures.models) if several else figures.models or (figures.machine,):
        yield from (f"  {line}" for line in record_lines(record))


def record_lines(record: TrackRecord) -> list[str]:
    """Tells of a model how often it was wrong, and beside it how common spam was at all."""
    base, name = record.base_rate, safe_text(record.name, 60)
    if base is None:
        return [f"{name}: {NOBODY}."]
    spam, genuine = record.spam_was_real, record.genuine_was_spam
    lines = [
        f"{name}: {counted(record.decided, 'card')} decided, {percent(base)} of them spam (the base rate)",
        f"  said spam of {spam.said:,}: a person said real of {spam.wrong:,}{_of(spam.share, 1 - base, REAL)}",
        f"  said genuine of {genuine.said:,}: a person said spam of {genuine.wrong:,}{_of(genuine.share, base, SPAM)}",
        f"  left {record.unsure:,} to people as unsure",
    ]
    if record.held_back.share is not None:
        lines.append(f"  held back: {held_words(record.held_back)}")
    return lines


def _of(share: float | None, of_all: float, word: str) -> str:
    return "" if share is None else f" ({percent(share)}; of all cards {percent(of_all)} were {word})"


def held_words(share: HeldBackShare) -> str:
    """Tells how many real people are among those held back, with the exact bound."""
    if share.share is None:
        return "nobody was drawn for the audit yet"
    return (
        f"about {percent(share.share)} real people, with 95 % confidence at most {percent(share.bound)} "
        f"({share.real:,} of {counted(share.drawn, 'audited card')})"
    )


def _turned_words(turned: Turned) -> str:
    if not turned.decisions:
        return "People: nobody decided anything in that time."
    return (
        f"People: of {counted(turned.decisions, 'decision')} {turned.by_author:,} were turned by whoever made them "
        f"({percent(turned.by_author / turned.decisions)}), {turned.by_others:,} by somebody else"
    )


def word_words(record: WordRecord) -> str:
    """Tells how often a word list of the company was right, beside the base rate."""
    name, base = safe_text(record.name, 60), percent(record.base_rate)
    if record.says == "look":
        return f"Word list “{name}” (look): {record.right:,} of {record.hits:,} were spam; of all cards {base}"
    of_all = base if record.says == "spam" else percent(1 - record.base_rate)
    return f"Word list “{name}” ({record.says}): right {record.right:,} of {record.hits:,} times; of all cards {of_all}"


def standing_words(standing: "Standing", account: str) -> str:
    """Tells whether likely spam is held back, and what is missing where it isn't."""
    if standing.mode.value != "earned":
        return f'Holding back: {standing.mode.value} by the configuration (holding_back = "{standing.mode.value}").'
    so_far = standing.earned
    known = f"{so_far.decided} of at least {FEWEST_DECIDED} decided, {so_far.wrong} of them real"
    if standing.missing:
        return f"Holding back: not earned yet, {known}."
    if not so_far.allows(standing.limit):
        return f"Holding back: not earned, {known}: at most {percent(so_far.bound)}, allowed {percent(standing.limit)}."
    if standing.waits_for_test:
        return f"Holding back: earned but for a blind test of {standing.model}: {blind_test_command(account)}"
    return f"Holding back: earned ({known}; at most {percent(so_far.bound)}), and a blind test of it was passed."


def taken_words(taken: "TakenTest") -> str:
    """Tells what a finished test came to, in one line."""
    test = taken.test
    day = f"{test.finished_at:%Y-%m-%d}" if test.finished_at else "unfinished"
    what = "passed" if taken.passed else "not passed"
    what += "" if taken.serves else ", and another model serves now"
    return f"Blind test {day} by {safe_text(test.person, 40)} of {test.model}: {sides_words(test)}; {what}"


def sides_words(test: BlindTest) -> str:
    """Tells what was said on the two sides of the cutoff."""
    above, below = _said(test, above=True), _said(test, above=False)
    return f"above the cutoff {above}; below it {below}"


def _said(test: BlindTest, *, above: bool) -> str:
    words = ((BlindAnswer.SPAM, "spam"), (BlindAnswer.REAL, "real"), (BlindAnswer.UNSURE, "can't tell"))
    return ", ".join(f"{test.said(answer, above=above)} {word}" for answer, word in words)


def result_lines(test: BlindTest, *, passed: bool) -> list[str]:
    """Tells at the end of a test what it came to, and what follows."""
    lines = [f"You said: {sides_words(test)}."]
    own = sum(card.own for card in test.cards)
    if own:
        lines.append(f"{counted(own, 'card')} you had judged before, more than two weeks ago.")
    if len({card.answer for card in test.cards}) == 1:
        lines.append("One answer for every card: such a test says little about who would be held back.")
    if passed:
        return [*lines, f"Passed for {test.model}. From the next night on it counts for holding back."]
    real = test.said(BlindAnswer.REAL, above=True)
    why = (
        f"{counted(real, 'card')} above the cutoff {'is' if real == 1 else 'are'} real to you"
        if real
        else "too few of those above the cutoff are spam to you"
    )
    lines += [f"To look at one of them: followguard review show {each}" for each in _called_real(test)[:3]]
    rest = "Likely spam stays on the list; the answers are kept, and you can take another test."
    return [*lines, f"Not passed: {why}. {rest}"]


def _called_real(test: BlindTest) -> list[str]:
    return [card.follower_id for card in test.cards if card.above and card.answer is BlindAnswer.REAL]
