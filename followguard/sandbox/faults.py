"""Faults on demand: which call goes wrong, how, from when and how often."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from followguard.errors import ConfigurationError

CALLS = ("me", "followers", "lookup", "follow")


class Stage(StrEnum):
    """Where in an answer a fault takes effect."""

    REFUSE = "refuse"
    """Another answer; nothing is done."""
    LIMIT = "limit"
    """A 429 with rate headers of its own; nothing is done."""
    PAGE = "page"
    """The page is cut in another way; only calls that ask for a page."""
    NEXT = "next"
    """The same, but only calls that bring a pagination token, and only these are counted."""
    COUNT = "count"
    """X says something else about how many followers the account has."""
    ROWS = "rows"
    """The rows look odd."""
    ACT = "act"
    """The follow isn't carried out."""
    DELIVER = "deliver"
    """The right answer arrives late, cut or never."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A row of the table of faults."""

    name: str
    stage: Stage
    calls: tuple[str, ...]
    sentence: str


_READS = ("followers", "lookup")
FAULTS: dict[str, FaultKind] = {}
for _name, _stage, _calls, _sentence in (
    ("http_400", Stage.REFUSE, CALLS, "400: the request itself is wrong."),
    ("http_401", Stage.REFUSE, CALLS, "401: the credentials aren't taken."),
    ("http_404", Stage.REFUSE, CALLS, "404: nothing there."),
    ("http_500", Stage.REFUSE, CALLS, "500 with X's body."),
    ("http_502", Stage.REFUSE, CALLS, "502 with an HTML body."),
    ("http_503", Stage.REFUSE, CALLS, "503 with X's body."),
    ("http_504", Stage.REFUSE, CALLS, "504 with an empty body."),
    ("credits_depleted", Stage.REFUSE, CALLS, "402 CreditsDepleted."),
    ("spending_cap", Stage.REFUSE, CALLS, "403: the spending cap of the billing cycle is reached."),
    ("feature_not_permitted", Stage.REFUSE, CALLS, "403 for the whole plan: the feature isn't sold to this account."),
    ("client_not_enrolled", Stage.REFUSE, CALLS, "403 for the whole app: it belongs to no project."),
    ("access_level", Stage.REFUSE, CALLS, "403 with code 453: another access level is needed."),
    ("unknown_403", Stage.REFUSE, CALLS, "403 of a kind that nobody has written down."),
    ("blocked_by_target", Stage.REFUSE, ("follow",), "403 for this target: it has blocked the account."),
    ("already_requested", Stage.REFUSE, ("follow",), "403 for this target: a request is waiting already."),
    ("code_88", Stage.REFUSE, CALLS, "429 with code 88 in a list of errors."),
    ("html_200", Stage.REFUSE, CALLS, "200 with an HTML page."),
    ("error_body_list", Stage.REFUSE, CALLS, "500 whose body is a list."),
    ("error_body_null", Stage.REFUSE, CALLS, "500 whose body is null."),
    ("errors_null", Stage.REFUSE, CALLS, '500 with `"errors": null`.'),
    ("subject_not_found", Stage.REFUSE, ("followers", "me"), "200 with only `errors`: the account doesn't exist."),
    ("subject_suspended", Stage.REFUSE, ("followers", "me"), "200 with only `errors`: the account is suspended."),
    ("rate_limited", Stage.LIMIT, CALLS, "429 with the time of the reset."),
    ("rate_limited_no_reset", Stage.LIMIT, CALLS, "429 without any rate header."),
    ("rate_limited_24h", Stage.LIMIT, CALLS, "429 by the 24-hour limit, while x-rate-limit-remaining is positive."),
    ("short_page", Stage.PAGE, ("followers",), "84 of 100 asked for, with a next_token; nobody is left out."),
    ("empty_page", Stage.PAGE, ("followers",), "No `data` at all, with a next_token; nobody is left out."),
    ("list_ends", Stage.PAGE, ("followers",), "The list ends after `number` followers, though more follow."),
    ("empty_end", Stage.PAGE, ("followers",), "The list ends here, without a row, though more follow."),
    ("count_lags", Stage.COUNT, ("me",), "followers_count is as it was before the last night."),
    ("count_says", Stage.COUNT, ("me",), "followers_count is `number`."),
    ("no_count", Stage.COUNT, ("me",), "No public_metrics."),
    ("duplicates", Stage.PAGE, ("followers",), "The page begins with the last three of the page before."),
    ("oldest_first", Stage.PAGE, ("followers",), "A list read from the start comes oldest follower first."),
    ("shuffled", Stage.PAGE, ("followers",), "A list read from the start comes in no order."),
    ("token_expired", Stage.NEXT, ("followers",), "400 for the pagination token; only calls with one count."),
    ("repeated_token", Stage.NEXT, ("followers",), "The next_token is the one just used; only calls with one count."),
    ("odd_rows", Stage.ROWS, _READS, "Every fourth row is odd: no name, no username, no part of a second, new keys."),
    ("nonsense_rows", Stage.ROWS, ("followers",), "A null, a number and a row without an id among the rows, paid for."),
    ("null_counts", Stage.ROWS, _READS, "like_count and media_count are null."),
    ("post_count", Stage.ROWS, _READS, "public_metrics says post_count, as spec 2.167 does."),
    ("no_metrics", Stage.ROWS, _READS, "No public_metrics and no created_at."),
    ("without_effect", Stage.ACT, ("follow",), "200, following true, and nothing done."),
    ("slow", Stage.DELIVER, CALLS, "The right answer after `seconds` (default 120)."),
    ("drip_headers", Stage.DELIVER, CALLS, "All is done and billed; the headers come a byte at a time, for `seconds`."),
    ("drip_chunks", Stage.DELIVER, CALLS, "The same with the body in chunks: the first one's size never ends."),
    ("drip_trailers", Stage.DELIVER, CALLS, "The same with the whole body in a chunk, and then trailers without end."),
    ("drip_body", Stage.DELIVER, CALLS, "The same with the body, a byte at a time."),
    ("endless_continue", Stage.DELIVER, CALLS, "All is done and billed; `100 Continue` again and again."),
    ("never_answers", Stage.DELIVER, CALLS, "All is done and billed; the request is taken, and nothing comes back."),
    ("cut_json", Stage.DELIVER, CALLS, "The right answer, billed, cut in the middle of its JSON."),
    ("connection_reset", Stage.DELIVER, CALLS, "The connection is reset; nothing was done."),
    ("lost_answer", Stage.DELIVER, CALLS, "All is done and billed, and the connection drops before the answer."),
):  # fmt: skip
    FAULTS[_name] = FaultKind(_name, _stage, _calls, _sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`fault` befalls calls of the kind `on` (or `any`): the first `after` are spared, then `times` are hit.

    `times` 0 is for ever. `account` (handle) and `target` (id, follow calls only) narrow it. `seconds` is for
    `slow` and for what comes in drips: how long it lasts. `number` is for `list_ends` and `count_says`.
    """

    on: str
    fault: str
    after: int = 0
    times: int = 1
    account: str | None = None
    target: str | None = None
    seconds: float = 120.0
    number: int = 0

    @property
    def kind(self) -> FaultKind:
        """Its row in the table."""
        return FAULTS[self.fault]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """A call that a fault may befall."""

    call: str
    account: str
    target: str | None
    with_token: bool


class FaultBox:
    """The faults that are set, and how many calls each has seen."""

    def __init__(self, faults: Sequence[Mapping[str, object]] = ()) -> None:
        self._faults = [parse(fault) for fault in faults]
        self._seen = [0] * len(self._faults)

    def __len__(self) -> int:
        return len(self._faults)

    def due(self, occasion: Occasion) -> list[Fault]:
        """Gives the faults that befall this call, in the order they were set; counts the call."""
        due = []
        for place, fault in enumerate(self._faults):
            if _concerns(fault, occasion):
                self._seen[place] += 1
                number = self._seen[place] - fault.after
                if number > 0 and (fault.times == 0 or number <= fault.times):
                    due.append(fault)
        return due

    def state(self) -> list[dict[str, object]]:
        """Lists each fault with the calls it saw and those it hit."""
        rows = []
        for fault, seen in zip(self._faults, self._seen, strict=True):
            hit = max(0, seen - fault.after)
            rows.append(
                {
                    "on": fault.on,
                    "fault": fault.fault,
                    "seen": seen,
                    "hit": min(hit, fault.times) if fault.times else hit,
                }
            )
        return rows


def _concerns(fault: Fault, occasion: Occasion) -> bool:
    return (
        fault.on in {occasion.call, "any"}
        and occasion.call in fault.kind.calls
        and (fault.account is None or fault.account.lower() == occasion.account.lower())
        and (fault.target is None or fault.target == occasion.target)
        and (occasion.with_token or fault.kind.stage is not Stage.NEXT)
    )


def parse(row: object) -> Fault:
    """Reads one fault from JSON.

    Raises ConfigurationError for an unknown name, key or call, or a wrong type.
    """
    if not isinstance(row, Mapping):
        raise ConfigurationError(
            f"A fault is an object, not {row!r}.", 'Write {"on": "followers", "fault": "http_500"}.'
        )
    wrong = sorted(set(row) - {field.name for field in fields(Fault)})
    if wrong or not {"on", "fault"} <= set(row):
        raise ConfigurationError(
            f"A fault has an unknown key or no `on` and `fault`: {dict(row)!r}.", "See docs/sandbox.md."
        )
    if str(row["fault"]) not in FAULTS:
        raise ConfigurationError(f"There is no fault {row['fault']!r}.", f"There are: {', '.join(FAULTS)}.")
    return _checked(Fault(**row))


def _checked(fault: Fault) -> Fault:
    if fault.on != "any" and fault.on not in fault.kind.calls:
        raise ConfigurationError(
            f"{fault.fault} can't happen on {fault.on!r}.", f"It can on {', '.join(fault.kind.calls)}."
        )
    for key in ("after", "times", "number"):
        if type(getattr(fault, key)) is not int or getattr(fault, key) < 0:
            raise ConfigurationError(
                f"`{key}` of {fault.fault} must be a whole number >= 0.", "Change it in the faults."
            )
    if (
        not isinstance(fault.seconds, int | float)
        or not isinstance(fault.account, str | None)
        or not isinstance(fault.target, str | None)
    ):
        raise ConfigurationError(
            f"`seconds`, `account` or `target` of {fault.fault} has a wrong type.", "See docs/sandbox.md."
        )
    return fault


def markdown_rows() -> Iterator[str]:
    """Yields the table of faults for docs/sandbox.md."""
    yield "| fault | on | what happens |"
    yield "|---|---|---|"
    for kind in FAULTS.values():
        on = "any call" if kind.calls == CALLS else ", ".join(kind.calls)
        yield f"| `{kind.name}` | {on} | {kind.sentence} |"
