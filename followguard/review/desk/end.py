"""What the desk says at the end of a sitting."""

from collections import Counter
from collections.abc import Sequence

from followguard.cli import output
from followguard.review.desk.closing import Rest
from followguard.review.desk.session import Desk


def say_decided(name: str, desk: Desk) -> None:
    """What was decided, in one line."""
    output.line("")
    done = Counter(each.decision.value for each in desk.decided)
    made = ", ".join(f"{number} {kind}" for kind, number in sorted(done.items())) or "nothing"
    output.line(f"{name} decided: {made}.")


def say_end(name: str, desk: Desk, rest: Sequence[Rest]) -> None:
    """What was decided, what still waits and when it comes, and how many orders are ready."""
    say_decided(name, desk)
    for each in rest:
        next_day = f" (the next on {each.next_day})" if each.next_day else ""
        waits = f"{each.due} still due today, {each.later} on later days{next_day}, {each.held_back} held back"
        queued = f", {each.queued_later} on later days" if each.queued_later else ""
        output.line(f"@{each.account}: {waits}; {output.counted(each.ready, 'order')} ready to follow{queued}.")
        if each.slow:
            output.line(f"@{each.account}: {each.slow}")
