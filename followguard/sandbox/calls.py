"""The four calls as X carries them out: what is asked, what comes back, and which profiles have to be paid for."""

import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from followguard.sandbox.accounts import SandboxAccount
from followguard.sandbox.answers import SandboxAnswer, app_only_forbidden, invalid, missing, problem
from followguard.sandbox.follower_list import ORDERS
from followguard.sandbox.oauth import Caller
from followguard.sandbox.pages import Bookmark, TokenPress, ended_after, turn_page
from followguard.sandbox.population import SandboxPerson
from followguard.sandbox.rows import FIELDS, ODDITIES, Row, row
from followguard.sandbox.world import World

_ANY = frozenset({"user.fields", "expansions", "tweet.fields"})
PARAMETERS = {
    "me": _ANY,
    "followers": _ANY | {"max_results", "pagination_token"},
    "lookup": _ANY | {"ids"},
    "follow": frozenset[str](),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxCall:
    """One call, authenticated. `subject` is the `:id` of its path; `faults` are names, of the stages page to act."""

    name: str
    visitor: Caller
    subject: str
    query: Mapping[str, str]
    body: bytes
    faults: AbstractSet[str]
    number_of: Mapping[str, int] = field(default_factory=dict)
    """The numbers that faults brought with them, by the names of these."""

    @property
    def fields(self) -> list[str]:
        """The `user.fields` asked for."""
        return [name for name in self.query.get("user.fields", "").split(",") if name]


@dataclass(frozen=True, slots=True)
class Done:
    """An answer and the ids of the profiles in it, as often as they stand there."""

    answer: SandboxAnswer
    paid_for: tuple[str, ...] = ()


class Platform:
    """Carries out calls on a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._press = TokenPress(f"tokens {world.plan.seed}".encode())
        self._table: dict[str, Callable[[SandboxCall], Done]] = {
            "me": self._me,
            "followers": self._followers,
            "lookup": self._look_up,
            "follow": self._follow,
        }

    def carry_out(self, call: SandboxCall) -> Done:
        """Gives the right answer to a call, or X's 400 for one that is badly put."""
        for parameter in call.query:
            if parameter not in PARAMETERS[call.name]:
                message = f"The query parameter [{parameter}] is not one of [{','.join(sorted(PARAMETERS[call.name]))}]"
                return Done(invalid(parameter, call.query[parameter], message))
        for name in call.fields:
            if name not in FIELDS:
                message = f"The `user.fields` query parameter value [{name}] is not one of [{','.join(FIELDS)}]"
                return Done(invalid("user.fields", name, message))
        return self._table[call.name](call)

    def _me(self, call: SandboxCall) -> Done:
        if not call.visitor.as_account:
            return Done(app_only_forbidden())
        own = self._own_row(call.visitor.account, call)
        if "no_count" in call.faults:
            own.pop("public_metrics", None)
        return Done(SandboxAnswer(200, {"data": self._rows([own], frozenset())[0]}))

    def _own_row(self, account: SandboxAccount, call: SandboxCall) -> Row:
        profile = account.profile(self._world.now(), self._world.people.suspended)
        counts = {"count_lags": account.count_before, "count_says": call.number_of.get("count_says")}
        said = next((count for fault, count in counts.items() if fault in call.faults), profile.followers_count)
        return row(SandboxPerson(replace(profile, followers_count=said), "account"), call.fields)

    def _followers(self, call: SandboxCall) -> Done:
        asked = call.query.get("max_results", "100")
        if not asked.isdigit() or not 1 <= int(asked) <= 1000:
            message = f"The `max_results` query parameter value [{asked}] is not between 1 and 1000"
            return Done(invalid("max_results", asked, message))
        account = self._world.account_by_id(call.subject)
        if account is None:
            return Done(SandboxAnswer(200, {"errors": [missing(call.subject, "id", suspended=False)]}))
        token = call.query.get("pagination_token")
        order = next((name for name in ORDERS if name in call.faults), "newest_first")
        mark = self._press.read(token, account.id) if token else Bookmark(account.id, order, -1)
        if mark is None or "token_expired" in call.faults:
            message = f"The `pagination_token` query parameter value [{token}] is not valid"
            return Done(invalid("pagination_token", str(token), message))
        leaf = turn_page(account.followers, mark, int(asked), call.faults)
        if "list_ends" in call.faults:
            leaf = ended_after(call.number_of["list_ends"], account.followers, mark, leaf)
        next_token = leaf.following and self._press.print(leaf.following)
        if token and "repeated_token" in call.faults:
            next_token = token
        return self._page(call, leaf.people, {"next_token": next_token} if next_token else {})

    def _page(self, call: SandboxCall, numbers: list[int], meta: Mapping[str, str]) -> Done:
        people = [number for number in numbers if number not in self._world.people.suspended]
        rows = self._rows(self._shown(call, people), call.faults)
        body: dict[str, object] = {"data": rows} if rows else {}
        paid = tuple(map(_paid_id, rows))
        return Done(SandboxAnswer(200, body | {"meta": {"result_count": len(rows), **meta}}), paid)

    def _look_up(self, call: SandboxCall) -> Done:
        ids = list(dict.fromkeys(call.query.get("ids", "").split(",")))
        if len(ids) > 100 or not all(one.isascii() and one.isdigit() for one in ids):
            message = f"The `ids` query parameter holds {len(ids)} values; 1 to 100 ids of digits are allowed"
            return Done(invalid("ids", call.query.get("ids", "")[:100], message))
        world = self._world
        numbers = {one: world.people.number_of(one) for one in ids}
        gone = {one for one, number in numbers.items() if number in world.people.suspended}
        there = [number for number in numbers.values() if number is not None and number not in world.people.suspended]
        ours = [self._own_row(account, call) for account in map(world.account_by_id, ids) if account]
        rows = self._rows([*self._shown(call, there), *ours], call.faults)
        lost = [one for one in ids if one in gone or (numbers[one] is None and world.account_by_id(one) is None)]
        errors = [missing(one, "ids", suspended=one in gone) for one in lost]
        body = {name: part for name, part in (("data", rows), ("errors", errors)) if part}
        return Done(SandboxAnswer(200, body), tuple(map(_paid_id, rows)))

    def _follow(self, call: SandboxCall) -> Done:
        account, people = call.visitor.account, self._world.people
        if not call.visitor.as_account:
            return Done(app_only_forbidden())
        if call.subject != account.id:
            return Done(problem(403, "Forbidden", "The `id` in the path must be the authenticating account's own."))
        target = _target(call.body)
        if target is None:
            return Done(invalid("target_user_id", "", 'The body must be {"target_user_id": "digits"}'))
        number = people.number_of(target)
        if number is None or number in people.suspended:
            return Done(
                SandboxAnswer(200, {"errors": [missing(target, "target_user_id", suspended=number is not None)]})
            )
        pending = bool(people.person(number).profile.protected) and number not in account.following
        if "without_effect" not in call.faults:
            (account.requested if pending else account.following).add(number)
        return Done(SandboxAnswer(200, {"data": {"following": not pending, "pending_follow": pending}}))

    def _shown(self, call: SandboxCall, numbers: list[int]) -> list[object]:
        """Gives rows of people, with `connection_status` where an account asks for it."""
        people, account, fields = self._world.people, call.visitor.account, call.fields
        rows = [row(people.person(number), fields) for number in numbers]
        if "connection_status" in fields and call.visitor.as_account:
            for number, shown in zip(numbers, rows, strict=True):
                shown["connection_status"] = account.connection(number)
        return list(rows)

    def _rows(self, rows: list[object], faults: AbstractSet[str]) -> list[object]:
        names = [name for name in ODDITIES if name in faults]
        if self._world.plan.spec == "2.167" and "post_count" not in names:
            names.append("post_count")
        for name in names:
            rows = ODDITIES[name](rows)
        return rows


def _paid_id(shown: object) -> str:
    """Gives the id a row is billed by; a row without one is billed as itself."""
    return str(shown.get("id", "no id")) if isinstance(shown, dict) else repr(shown)


def _target(body: bytes) -> str | None:
    try:
        asked = json.loads(body)
    except ValueError:
        return None
    target = asked.get("target_user_id") if isinstance(asked, dict) else None
    return target if isinstance(target, str) and target.isascii() and target.isdigit() else None
