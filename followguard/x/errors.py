"""From X's answer to one error of the closed tree."""

from collections.abc import Iterator
from datetime import UTC, datetime

from followguard.errors import AnswerLost, PlatformDown, RateLimited, TimeUsedUp, XError
from followguard.x.answers import Problems
from followguard.x.refusals import REFUSALS, RESUME, Asked, Refusal


def refusal_for(status: int, problems: Problems, asked: Asked) -> Refusal:
    """Finds the first row of the table that matches; the last row matches everything."""
    return next(row for row in REFUSALS if row.matches(status, problems, asked))


def error_for(status: int, problems: Problems, asked: Asked, reset_at: int | None = None) -> XError:
    """Makes the error for an answer that isn't 2xx. `reset_at`, in epoch seconds, goes into a `RateLimited`."""
    row = refusal_for(status, problems, asked)
    said = f": {problems.said}" if problems.said else ""
    message = f"{row.what} ({status}, {asked.call} for {asked.whom}{said})."
    if row.error is RateLimited:
        return RateLimited(message, f"{_when(reset_at)}{row.next_step}", reset_at)
    return row.error(message, row.next_step)


def rate_limited_unasked(asked: Asked, reset_at: int | None) -> RateLimited:
    """Makes the error for a call that wasn't tried, since X said before that none is left."""
    message = f"X's rate limit is used up ({asked.call} for {asked.whom}; nothing was sent)."
    return RateLimited(message, f"{_when(reset_at)}{RESUME}", reset_at)


def platform_down(why: str, asked: Asked) -> PlatformDown:
    """Makes the error for an answer that never came, or that can't be read."""
    message = f"X is down or can't be understood: {why} ({asked.call} for {asked.whom})."
    return PlatformDown(message, f"{RESUME} Look at the network and at X's status page if it lasts.")


def time_used_up(asked: Asked, seconds: float) -> TimeUsedUp:
    """Makes the error for a call that wasn't made because X took all the time that an account may spend on it."""
    message = f"X took all the {seconds:.0f} s that an account may wait for it in one run"
    return TimeUsedUp(f"{message} ({asked.call} for {asked.whom}; nothing was sent).", RESUME)


def answer_lost(why: str, asked: Asked) -> AnswerLost:
    """Makes the error for a follow that X may or may not have carried out."""
    message = f"X may have taken the follow or not: {why} ({asked.call} for {asked.whom})."
    return AnswerLost(message, "It isn't repeated blindly: the next run reads the follower and settles it.")


def _when(reset_at: int | None) -> str:
    if reset_at is None:
        return ""
    return f"It starts anew at {datetime.fromtimestamp(reset_at, UTC):%Y-%m-%d %H:%M} UTC. "


def markdown_rows() -> Iterator[str]:
    """Yields the table for docs/x-gateway.md, in the order in which it is read."""
    yield "| case | status | on | when X's text holds | error | exit | what it says | next step |"
    yield "|---|---|---|---|---|---|---|---|"
    for row in REFUSALS:
        low, high = row.statuses
        status = str(low) if low == high else f"{low}-{high}"
        on = ", ".join(row.calls) or ("a page token" if row.with_token else "any call")
        cells = [row.name, status, on, _wording(row), f"`{row.error.code}`", str(row.error.exit_code)]
        yield f"| {' | '.join([*cells, row.what, row.next_step])} |".replace("<", "&lt;")


def _wording(row: Refusal) -> str:
    """Tells how a row is recognised: quoted words, or X's numbers."""
    words = [f'"{word}"'.replace("`", "") for word in row.words if word]
    return ", ".join(words + [f"code {code}" for code in row.codes]) or "anything"
