"""Cards in words: what the list, `review show` and the desk say of a follower. Text from X is made safe here."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from followguard.cli import output
from followguard.cli.next_steps import completed
from followguard.domain.card import Card, ItemState, name_of, profile_url
from followguard.domain.decision import Decision, DecisionResult
from followguard.domain.follower import Profile
from followguard.domain.labels import REASON_WORDS, Kind
from followguard.domain.note import CardNote, Routing
from followguard.domain.policy import Reason
from followguard.domain.wording import counted, safe_text
from followguard.errors import FollowguardError
from followguard.screening.plan import closing_words

if TYPE_CHECKING:
    from followguard.review.decide import Failed
    from followguard.review.dossier import Dossier
    from followguard.review.route_by_hand import Routed

DAYS_A_YEAR = 365.25
OTHER = "other"
_DONE = {
    Kind.PROPOSE: "proposed",
    Kind.APPROVE: "approved",
    Kind.REJECT: "rejected",
    Kind.LATER: "put off",
    Kind.UNDO: "took that back",
    Kind.OVERRULE: "overruled that",
}
_COUNTS = (
    ("followers_count", ("follower",)),
    ("following_count", ("following", "following")),
    ("tweet_count", ("post",)),
    ("like_count", ("like",)),
    ("listed_count", ("list",)),
)


def who(card: Card) -> str:
    """Returns `Ada Lane @ada_lane`."""
    return who_is(card.profile)


def who_is(look: Profile) -> str:
    """Returns `Ada Lane @ada_lane`, or with the id where there is no username."""
    name = safe_text(look.name, 60) or "(no name)"
    return f"{name} @{safe_text(look.username, 40)}" if look.username else f"{name} (id {look.id})"


def named(decided: DecisionResult) -> str:
    """Returns `item:12 @ada_lane`."""
    username = f" @{safe_text(decided.username, 40)}" if decided.username else ""
    return f"item:{decided.item}{username}"


def score_words(card: Card) -> str:
    """Returns `unsure, 34 % spam`; beside a look mark that the share is what the numbers alone say."""
    if card.p_spam is None:
        return "unsure, could not be scored"
    alone = " by the numbers alone" if card.look else ""
    return f"{card.band.value}, {percent(card.p_spam)} spam{alone}"


def percent(share: float) -> str:
    """Returns whole percents; `< 1 %` and `> 99 %` stand near the ends."""
    if 0.0 < share < 0.01:
        return "< 1 %"
    if 0.99 < share < 1.0:
        return "> 99 %"
    return f"{share:.0%}".replace("%", " %")


def counts_words(profile: Profile) -> str:
    """Tells the known counts: `120 followers, 180 following, 900 posts`."""
    known = [(getattr(profile, field), word) for field, word in _COUNTS]
    words = [counted(number, *word) for number, word in known if number is not None]
    return ", ".join(words) or "counts unknown"


def age_words(profile: Profile) -> str:
    """Tells how old the account was when it was read."""
    if profile.created_at is None:
        return "age unknown"
    days = (profile.observed_at - profile.created_at).days
    old = counted(days, "day") if days < DAYS_A_YEAR else f"{days / DAYS_A_YEAR:.1f} years"
    return f"on X since {profile.created_at:%Y-%m-%d} ({old})"


def reason_words(reasons: Sequence[Reason], *, weights: bool = False) -> list[str]:
    """Returns the reasons, heaviest first, with direction; the remainder if alone or if weights are shown."""
    told = [each for each in reasons if weights or each.code != OTHER] or list(reasons)
    return [_reason(each, weights) for each in sorted(told, key=lambda each: -abs(each.weight))]


def _reason(reason: Reason, weights: bool) -> str:
    weight = f" ({reason.weight:+.2f})" if weights else ""
    return f"{reason.direction}{safe_text(reason.text, 200)}{weight}"


def state_words(card: Card, now: datetime) -> str:
    """Tells where the card stands, and who has it: `in Ben's hands until 09:40 UTC`."""
    state = card.state_at(now)
    if state is ItemState.CLAIMED and card.claim:
        return f"in {card.claim.person}'s hands until {card.claim.until:%H:%M} UTC"
    if state is ItemState.CLOSED:
        return f"closed: {closing_words(card.closed_why)}"
    hidden = ", held back" if card.hidden else ""
    day = f", due {card.due}" if card.due and state in (ItemState.WAITING, ItemState.LATER) else ""
    return f"{state.value}{hidden}{day}"


def decision_words(decision: Decision) -> str:
    """Returns `2026-11-20 09:12 Ada rejected: spam`."""
    words = f"{decision.at:%Y-%m-%d %H:%M} {decision.person} {_DONE[decision.kind]}"
    if decision.reason:
        words += f": {REASON_WORDS[decision.reason]}" + (", a real account" if decision.real else "")
    elif decision.kind is Kind.OVERRULE:
        words += ": a real account"
    if decision.until:
        words += f" until {decision.until}"
    order = f" (order {decision.order_state})" if decision.order_state else ""
    marks = ((" - taken back", decision.undone), (" - not trusted", decision.distrusted))
    return words + order + "".join(mark for mark, holds in marks if holds)


def profile_lines(card: Card) -> list[str]:
    """Returns what X shows of the follower."""
    return shown_lines(card.profile)


def shown_lines(look: Profile) -> list[str]:
    """Returns bio, counts, age, place and link of a profile."""
    marks = [word for word, holds in (("protected", look.protected), ("verified", look.verified)) if holds]
    place = f"in {safe_text(look.location, 60)}" if (look.location or "").strip() else ""
    lines = [
        f"“{safe_text(look.description, 400)}”" if (look.description or "").strip() else "(no bio)",
        ", ".join(part for part in (counts_words(look), age_words(look), place, *marks) if part),
    ]
    if (look.url or "").strip():
        lines.append(f"link: {safe_text(look.url, 200)}")
    return lines


def judgement_lines(card: Card, *, weights: bool = False) -> list[str]:
    """Returns band and reasons."""
    lines = [score_words(card), *look_lines(card)]
    marked = {mark.code for mark in card.look}
    reasons = [each for each in card.reasons if each.code not in marked]
    lines += [f"- {words}" for words in reason_words(reasons, weights=weights)]
    return lines + ([f"- {safe_text(card.parked, 200)}"] if card.parked else [])


def look_lines(card: Card) -> list[str]:
    """Returns why a person should look twice, whatever the score is."""
    return [f"look twice: {safe_text(mark.text, 300)}" for mark in card.look]


def context_lines(card: Card, routes: Iterable[str], history: Iterable[Decision]) -> list[str]:
    """Returns batch, whom to tell, why it is back, and earlier decisions."""
    lines = []
    if card.batch is not None:
        many = counted(card.batch_size or 1, "look-alike")
        lines.append(f"one of {many} (batch {card.batch}): {safe_text(card.batch_alike, 300)}")
    lines += [f"tell: {safe_text(route, 60)}" for route in routes]
    lines += [f"note: {safe_text(card.note, 300)}"] if card.note else []
    if card.returned_at is not None:
        lines.append(f"had left, and follows again since {card.returned_at:%Y-%m-%d}")
    return lines + [f"before: {safe_text(decision_words(each), 200)}" for each in history]


NOTE_SHOWN = 12_000
"""Letters of a note when it is shown: more than it may have, for some are shown by name."""


def note_words(note: CardNote) -> str:
    """Returns `2026-11-20 09:12 Ana asks Ben: Do you know her?`."""
    asks = f" asks {note.asked}" if note.asked else ""
    text = "(the text was cleared)" if note.text is None else safe_text(note.text, NOTE_SHOWN)
    ended = f" (answered {note.answered_at:%Y-%m-%d %H:%M})" if note.answered_at else ""
    return f"{note.at:%Y-%m-%d %H:%M} {note.person}{asks}: {text}{ended}"


def dossier_lines(found: "Dossier") -> list[str]:
    """Returns batch, whom to tell, why it is back, earlier decisions, then what people wrote about it."""
    return context_lines(found.card, found.routes, found.history) + note_lines(found.notes, found.by_hand)


def note_lines(notes: Iterable[CardNote], by_hand: Iterable[Routing] = ()) -> list[str]:
    """Returns who chose a route, and the notes, the newest last."""
    chosen = [f"sent to {safe_text(r.route, 60)} by {r.person} ({r.at:%Y-%m-%d %H:%M})" for r in by_hand]
    return chosen + [note_words(each) for each in notes]


def routed_words(done: "Routed", taken_back: bool) -> str:
    """Tells what came of a route by hand, and where the follower is sent now."""
    to = safe_text(done.route, 60)
    what = f"no longer sent to {to} by hand" if taken_back else f"sent to {to}" + (" already" if done.already else "")
    now = ", ".join(safe_text(each, 60) for each in done.routes) or "none"
    return f"{name_of(done.card)}: {what}. Routes now: {now}."


def address_line(card: Card) -> str:
    """Returns the profile's address, for a person to open."""
    return f"{profile_url(card.profile)}"


_OUTCOMES = {
    Kind.PROPOSE: "proposed; a second person must approve",
    Kind.APPROVE: "approved; the follow order is made.",
    Kind.REJECT: "rejected",
    Kind.LATER: "put off until {until}",
    Kind.UNDO: "taken back",
    Kind.OVERRULE: "overruled.",
}


_NEXT = "Next: followguard follow-back"


_FEWEST = 4
"""So many rows with the same fault are told in one line."""


_NAMED = 5
"""How many of their lines are named."""


def outcome_line(decided: "DecisionResult", paused: str = "") -> str:
    """Returns one line for one decision. `paused`: why nobody is followed for the account now, if so."""
    done = _OUTCOMES[decided.decision].format(until=decided.until)
    if decided.already:
        return f"{named(decided)} (follower {decided.follower_id} of @{decided.account}): {done.rstrip('.')} already"
    then = f" {_follow_words(decided, paused)}" if decided.decision is Kind.APPROVE else f" {decided.then}".rstrip()
    return f"{named(decided)} (follower {decided.follower_id} of @{decided.account}): {done}{then}"


def _follow_words(decided: "DecisionResult", paused: str) -> str:
    """Tells when an approved follower is followed; the command to run, if that is today."""
    if paused or (decided.follow_from and decided.follow_from <= decided.on):
        return completed(paused or _NEXT)
    if decided.follow_from is None:
        return decided.warning
    return f"Our pace lets the follow go on {decided.follow_from}. {decided.warning}".rstrip()


def print_outcomes(outcomes: "Sequence[DecisionResult | Failed]", json: bool, paused: str = "") -> int:
    """Prints rows on stdout, failures on stderr; returns 0, 3 when some failed, 1 when all did."""
    from followguard.errors import FAILED, PARTLY
    from followguard.review.decide import Failed

    failed = [each for each in outcomes if isinstance(each, Failed)]
    if len(outcomes) == len(failed) == 1 and failed[0].line is None:
        raise failed[0].error
    if json:
        output.document([each.as_row() for each in outcomes])
    for each in outcomes:
        if not isinstance(each, Failed) and not json:
            output.line(outcome_line(each, paused))
    for error in failures(failed):
        output.failure(error)
    if not failed:
        return 0
    return FAILED if len(failed) == len(outcomes) else PARTLY


def failures(failed: Sequence["Failed"]) -> Iterator[FollowguardError]:
    """Yields the failures; many rows of a file with the same fault share a line."""
    groups: dict[str, list[Failed]] = {}
    for each in failed:
        groups.setdefault(each.error.message, []).append(each)
    for group in groups.values():
        if len(group) < _FEWEST or group[0].line is None:
            yield from (each.error_with_line() for each in group)
        else:
            yield _together(group)


def _together(group: Sequence["Failed"]) -> FollowguardError:
    lines = ", ".join(str(each.line) for each in group[:_NAMED])
    more = f" and {len(group) - _NAMED:,} more" if len(group) > _NAMED else ""
    error = group[0].error
    alike = all(each.error.next_step == error.next_step for each in group)
    next_step = error.next_step if alike else f"For the first of them: {error.next_step}"
    return FollowguardError(f"{len(group):,} rows (lines {lines}{more}): {error.message}", next_step)
