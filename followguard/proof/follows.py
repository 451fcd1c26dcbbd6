"""Every follow: of a recorded follower, by a named approver, once, and while nothing barred it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from followguard.domain.order import AttemptOutcome, OrderState
from followguard.domain.person import APPROVER, roles_from
from followguard.proof.finding import ProofFinding, Row, Rows, person_of
from followguard.proof.vouching import Vouched

ACTS = frozenset({AttemptOutcome.HANDED_OFF.value, AttemptOutcome.SENDING.value})
"""What the program does to follow: it shows the link, or calls X."""
BEYOND = frozenset({OrderState.HANDED_OFF, OrderState.SENDING, OrderState.SENT, OrderState.CONFIRMED})
APPROVING = roles_from(APPROVER)
PAUSE, RESUME = "account.pause", "account.resume"


@dataclass(frozen=True, slots=True)
class Act:
    """A link shown or a call begun, by the entry that wrote it."""

    order: str
    attempt: str
    seq: int
    outcome: str


@dataclass(slots=True, kw_only=True)
class Follows:
    """The orders with what was done for each."""

    rows: Rows
    vouched: Vouched
    strangers: set[str]
    acts: dict[str, list[Act]] = field(default_factory=dict)
    tries: dict[str, list[Act]] = field(default_factory=dict)
    turned: dict[str, list[str]] = field(default_factory=dict)
    undone: dict[str, str] = field(default_factory=dict)
    roles: dict[str, list[str]] = field(default_factory=dict)
    brakes: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._index_tries()
        self._index_decisions()
        for key, row in self.rows["roles"].items():
            self.roles.setdefault(row["person_id"] or "", []).append(key)
        for seq, entry in sorted(self.vouched.entries.items()):
            if entry.kind in {PAUSE, RESUME}:
                self.brakes.setdefault(entry.account, []).append((seq, entry.kind == PAUSE))

    def _index_tries(self) -> None:
        for key, row in self.rows["attempts"].items():
            seq = self.vouched.first("attempts", key)
            if seq is not None:
                act = Act(row["order_id"] or "", key, seq, row["outcome"] or "")
                self.tries.setdefault(act.order, []).append(act)
                if act.outcome in ACTS:
                    self.acts.setdefault(act.order, []).append(act)

    def _index_decisions(self) -> None:
        for key, row in self.rows["decisions"].items():
            if row["kind"] == "overrule":
                self.turned.setdefault(row["item_id"] or "", []).append(key)
            if row["undoes"] is not None:
                self.undone[row["undoes"]] = key

    def check(self) -> Iterator[ProofFinding]:
        """Yields what is wrong, order by order."""
        for key, order in self.rows["orders"].items():
            if key in self.acts or order["state"] in BEYOND:
                for text in self._order(key, order):
                    yield _finding(self.rows, key, "follow", text)
        yield from self._twice()

    def _order(self, key: str, order: Row) -> Iterator[str]:
        if key in self.strangers:
            yield f"follower {order['follower_id']} isn't a recorded follower of the account"
        decision = self.rows["decisions"].get(order["decision_id"] or "")
        if decision is None:
            yield "no decision stands behind this follow"
            return
        same = all(decision[name] == order[name] for name in ("account_id", "follower_id"))
        if decision["kind"] != "approve" or not same:
            yield f"decision {order['decision_id']} isn't an approval of this follower"
        if decision["person_id"] not in self.rows["people"]:
            yield f"nobody is named by decision {order['decision_id']}"
        decided = self.vouched.first("decisions", order["decision_id"])
        if decided is not None and not self._held_role(decision, decided):
            yield "whoever approved it was no approver at that time"
        for act in self.acts.get(key, ()):
            yield from self._act(act, order, decision, decided)

    def _act(self, act: Act, order: Row, decision: Row, decided: int | None) -> Iterator[str]:
        what = "the call" if act.outcome == AttemptOutcome.SENDING else "the hand-off"
        if decided is not None and decided > act.seq:
            yield f"{what} came before the decision"
        if not self._held_role(decision, act.seq):
            yield f"{what} came after the approver's role had ended"
        if self._stopped(order["decision_id"] or "", decision, act.seq):
            yield f"{what} came after the approval was taken back or overruled"
        if self._paused(order["account_id"] or "", act.seq):
            yield f"{what} was made while the account was paused"
        end = self.vouched.last("orders", act.order)
        if order["state"] == OrderState.VOID and end is not None and act.seq > end:
            yield f"{what} came after the order was void"

    def _held_role(self, decision: Row, seq: int) -> bool:
        """Tells whether the approver was one for the account at that entry, by its own role where there was one."""
        held = self.roles.get(decision["person_id"] or "", ())
        standing = [self.rows["roles"][key] for key in held if self._role_stood(key, seq)]
        own = [role for role in standing if role["account_id"] == decision["account_id"]]
        everywhere = [role for role in standing if role["account_id"] is None]
        return any(role["role"] in APPROVING for role in own or everywhere)

    def _role_stood(self, key: str, seq: int) -> bool:
        given = self.vouched.first("roles", key)
        ended = None if self.rows["roles"][key]["withdrawn_at"] is None else self.vouched.last("roles", key)
        return given is not None and given <= seq and (ended is None or seq <= ended)

    def _stopped(self, key: str, decision: Row, seq: int) -> bool:
        """Tells whether an undo, or an overrule that stood, came between the decision and that entry."""
        if self._before("decisions", self.undone.get(key), seq):
            return True
        after = [each for each in self.turned.get(decision["item_id"] or "", ()) if int(each) > int(key)]
        return any(
            self._before("decisions", each, seq) and not self._before("decisions", self.undone.get(each), seq)
            for each in after
        )

    def _before(self, table: str, key: str | None, seq: int) -> bool:
        made = self.vouched.first(table, key)
        return made is not None and made < seq

    def _paused(self, account_id: str, seq: int) -> bool:
        handle = self.rows["accounts"].get(account_id, {}).get("handle") or ""
        earlier = [paused for at, paused in self.brakes.get(handle, ()) if at < seq]
        return bool(earlier and earlier[-1])

    def _twice(self) -> Iterator[ProofFinding]:
        """Yields a second call after X had taken the first; two orders under way at a time for one follower."""
        for key, tries in self.tries.items():
            taken = False
            for act in sorted(tries, key=lambda each: int(each.attempt)):
                if act.outcome == AttemptOutcome.SENDING and taken:
                    yield _finding(self.rows, key, "twice", "a second call was made after X had taken the first")
                taken = act.outcome == AttemptOutcome.SENT or (taken and act.outcome == AttemptOutcome.SENDING)
        yield from self._overlaps()

    def _overlaps(self) -> Iterator[ProofFinding]:
        by_follower: dict[tuple[str | None, str | None], list[str]] = {}
        for key, order in self.rows["orders"].items():
            by_follower.setdefault((order["account_id"], order["follower_id"]), []).append(key)
        for keys in by_follower.values():
            for one, other in ((one, other) for one in keys for other in keys if one != other):
                if any(self._under_way(one, act.seq) for act in self.acts.get(other, ())):
                    text = f"the follow was begun while order {one} for the same follower was under way"
                    yield _finding(self.rows, other, "twice", text)

    def _under_way(self, key: str, seq: int) -> bool:
        """Tells whether something had been done by an order, and it hadn't ended."""
        began = min((act.seq for act in self.acts.get(key, ())), default=None)
        ended = None if self.rows["orders"][key]["ended_at"] is None else self.vouched.last("orders", key)
        return began is not None and began < seq and (ended is None or seq < ended)


def check_models(rows: Rows, used: dict[str, tuple[int, int]], base: Iterable[str]) -> Iterator[ProofFinding]:
    """Yields scores by no model that is on record, and by no base model that the log knows."""
    known = {row["name"] for row in rows["models"].values()} | set(base)
    known |= {name.removeprefix("base:") for name in rows["settings"] if name.startswith("base:")}
    for model, (number, first) in sorted(used.items()):
        if model not in known:
            text = f"{number} scores, this one the first, are by {model}, a model that isn't on record"
            yield ProofFinding(rule="model", row=f"scores {first}", text=text)


def _finding(rows: Rows, order: str, rule: str, text: str) -> ProofFinding:
    return ProofFinding(rule=rule, row=f"orders {order}", text=text, person=person_of(rows, "orders", order))
