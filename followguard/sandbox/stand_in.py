"""X as one object: takes a request, gives the answer and how it is to be delivered. No sockets here."""

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from followguard.sandbox.answers import REFUSALS, SandboxAnswer, not_found, too_many_requests, unauthorized
from followguard.sandbox.billing import Bills
from followguard.sandbox.calls import Done, Platform, SandboxCall
from followguard.sandbox.faults import Fault, FaultBox, Occasion, Stage
from followguard.sandbox.limits import DAY, QUARTER, SandboxLimits
from followguard.sandbox.oauth import Caller, Signed, visitor
from followguard.sandbox.world import World

ROUTES = (
    ("GET", re.compile(r"/2/users/me"), "me"),
    ("GET", re.compile(r"/2/users/(\d{1,19})/followers"), "followers"),
    ("GET", re.compile(r"/2/users"), "lookup"),
    ("POST", re.compile(r"/2/users/(\d{1,19})/following"), "follow"),
)


class Manner(StrEnum):
    """How an answer reaches the client."""

    WHOLE = "whole"
    CUT = "cut"
    RESET = "reset"
    HEADERS = "drip_headers"
    CHUNKS = "drip_chunks"
    TRAILERS = "drip_trailers"
    BODY = "drip_body"
    CONTINUE = "endless_continue"
    SILENCE = "never_answers"


DRIPS = frozenset(Manner) - {Manner.WHOLE, Manner.CUT, Manner.RESET}
"""Manners that go by the name of their fault, and last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request, read. `query` in the order sent, decoded."""

    method: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    authorization: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """`delay` before it, and how long it `lasts` where it comes in drips, in seconds."""

    answer: SandboxAnswer
    delay: float = 0.0
    manner: Manner = Manner.WHOLE
    lasts: float = 0.0


class StandIn:
    """Authenticates, counts, limits, lets faults befall, carries out, bills. Safe to call from several threads."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ledger = Bills(world.plan.prices)
        self.faults = FaultBox(world.plan.faults)
        self.lock = threading.RLock()
        self._limits = SandboxLimits()
        self._platform = Platform(world)

    def set_faults(self, faults: Sequence[Mapping[str, object]]) -> None:
        """Sets these faults instead of those set before."""
        box = FaultBox(faults)
        with self.lock:
            self.faults = box

    def take(self, request: Request) -> Delivery:
        """Gives the answer to one request."""
        with self.lock:
            return self._take(request)

    def _take(self, request: Request) -> Delivery:
        name, subject = _route(request)
        if name is None:
            return Delivery(not_found())
        signed = Signed(method=request.method, host=request.host, path=request.path, query=request.query)
        caller = visitor(request.authorization, signed, self.world.accounts.values())
        if caller is None:
            return Delivery(unauthorized())
        due = self.faults.due(self._occasion(name, caller, request))
        call = SandboxCall(
            name=name,
            visitor=caller,
            subject=subject,
            query=dict(request.query),
            body=request.body,
            faults={fault.fault for fault in due},
            number_of={fault.fault: fault.number for fault in reversed(due)},
        )
        answer = self._answer(call, {fault.kind.stage: fault for fault in reversed(due)})
        refused = answer.status != 200
        self.ledger.count(caller.account.handle, self.world.night, name, refused=refused)
        return _delivered(answer, due)

    def _occasion(self, name: str, caller: Caller, request: Request) -> Occasion:
        body = request.body.decode(errors="replace") if name == "follow" else ""
        target = re.search(r'"target_user_id"\s*:\s*"(\d+)"', body)
        with_token = any(key == "pagination_token" for key, _ in request.query)
        return Occasion(call=name, account=caller.account.handle, target=target and target[1], with_token=with_token)

    def _answer(self, call: SandboxCall, first: Mapping[Stage, Fault]) -> SandboxAnswer:
        """Answers by a fault, by the rate limit, or as it should be; with the rate headers that go with it."""
        if Stage.LIMIT in first:
            return self._limited(first[Stage.LIMIT].fault)
        now = self.world.now().timestamp()
        allowed, headers = self._limits.take(call.visitor.account.id, call.name, now)
        if Stage.REFUSE in first:
            answer = REFUSALS[first[Stage.REFUSE].fault]
        elif not allowed:
            answer = too_many_requests()
        elif "connection_reset" in call.faults:
            answer = SandboxAnswer(200, {})
        else:
            done = self._platform.carry_out(call)
            self._charge(call, done)
            answer = done.answer
        return SandboxAnswer(answer.status, answer.body, headers)

    def _charge(self, call: SandboxCall, done: Done) -> None:
        account = call.visitor.account
        own_list = call.name == "followers" and call.subject == account.id and call.visitor.as_account
        self.ledger.charge(
            account.handle,
            self.world.night,
            self.world.now().date(),
            list(done.paid_for),
            owned=own_list and account.plan.owns_developer_app,
            looked_up=call.name == "lookup",
        )

    def _limited(self, fault: str) -> SandboxAnswer:
        """Makes one of the three kinds of 429 that don't come from the count."""
        now = int(self.world.now().timestamp())
        short = {"x-rate-limit-limit": "300", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(now + QUARTER)}
        day = {"limit": "400", "remaining": "0", "reset": str(now + DAY)}
        headers: dict[str, dict[str, str]] = {
            "rate_limited": short,
            "rate_limited_no_reset": {},
            "rate_limited_24h": short
            | {"x-rate-limit-remaining": "37"}
            | {f"x-user-limit-24hour-{name}": value for name, value in day.items()},
        }
        return SandboxAnswer(429, too_many_requests().body, headers[fault])


def _route(request: Request) -> tuple[str | None, str]:
    for method, path, name in ROUTES:
        found = path.fullmatch(request.path)
        if found and request.method == method:
            return name, found[1] if found.groups() else ""
    return None, ""


def _delivered(answer: SandboxAnswer, due: Sequence[Fault]) -> Delivery:
    names = {fault.fault for fault in due}
    delay = sum(fault.seconds for fault in due if fault.fault == "slow")
    if names & {"connection_reset", "lost_answer"}:
        return Delivery(answer, delay, Manner.RESET)
    drip = next((fault for fault in due if fault.fault in DRIPS), None)
    if drip is not None:
        return Delivery(answer, delay, Manner(drip.fault), drip.seconds)
    return Delivery(answer, delay, Manner.CUT if "cut_json" in names else Manner.WHOLE)
