"""How one exchange with X goes: the limit is heeded, the call made, its answer read or refused, and tried again."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from followguard.domain.credentials import Credentials
from followguard.errors import RateLimited
from followguard.x.answers import UnreadableAnswer, content_of, problems_of
from followguard.x.errors import error_for, platform_down, rate_limited_unasked, refusal_for, time_used_up
from followguard.x.refusals import Asked
from followguard.x.retry import Patience, RateLimits, block_of, with_patience
from followguard.x.session import Answer, GuardedAdapter, Response, Unanswered, answer_of

Clock = Callable[[], datetime]
"""Gives the time now, aware and in UTC."""
Send = Callable[[], Response]
Content = dict[str, object]
Result = TypeVar("Result")


class FourCalls(Protocol):
    """The part of tweepy's client that is used."""

    def get_me(self, *, user_fields: list[str]) -> Response:
        """Calls GET /2/users/me."""
        ...

    def get_users_followers(self, account_id: str, /, **params: object) -> Response:
        """Calls GET /2/users/:id/followers."""
        ...

    def get_users(self, *, ids: list[str], user_fields: list[str], user_auth: bool) -> Response:
        """Calls GET /2/users?ids=."""
        ...

    def follow_user(self, follower_id: str, /) -> Response:
        """Calls POST /2/users/:id/following."""
        ...

    def close(self) -> None:
        """Gives the connections back."""


@dataclass(frozen=True, slots=True)
class Line:
    """The tools that reader and writer share: the client, and the way an exchange with X goes."""

    client: FourCalls
    adapter: GuardedAdapter
    credentials: Credentials
    clock: Clock
    patience: Patience
    ledger: RateLimits
    handle: str

    def whom(self) -> str:
        """Gives our account's name for messages."""
        named = f"@{self.handle}" if self.handle else self.adapter.own
        return f"account {named}" if named else "the account of these credentials"

    def read(self, asked: Asked, send: Send, parse: Callable[[Content], Result]) -> Result:
        """Makes one read, tried again within the bounds of `patience`. Raises an error of the closed tree."""

        def attempt() -> Result:
            try:
                answer = self.exchange(send)
                self.refuse_unless_2xx(answer, asked)
                return parse(content_of(answer.body))
            except Unanswered as error:
                raise platform_down(error.why, asked) from error
            except UnreadableAnswer as error:
                raise platform_down(str(error), asked) from error

        with self.time_for(asked):
            self.wait_for_limit(asked)
            return with_patience(attempt, self.patience, lambda: self.seconds_blocked(asked.call))

    def exchange(self, send: Send) -> Answer:
        """Makes one request and reads its answer, within what is left of the account's time. Raises `Unanswered`."""
        patience = self.patience
        return answer_of(send, self.adapter.watch, min(patience.timeouts.whole, patience.account.left))

    @contextmanager
    def time_for(self, asked: Asked) -> Iterator[None]:
        """Times the block as time that the account spends on X. Raises TimeUsedUp when none is left."""
        account = self.patience.account
        if account.left <= 0.0:
            raise time_used_up(asked, account.seconds)
        with account.spent():
            yield

    def seconds_blocked(self, call: str) -> float:
        """Gives the seconds until X's limit on this call starts anew; 0.0 when there is none."""
        block = self.ledger.block(call)
        return block.seconds if block else 0.0

    def wait_for_limit(self, asked: Asked) -> None:
        """Waits when X said before that no call is left. Raises RateLimited when that would take too long."""
        block = self.ledger.block(asked.call)
        if block is None:
            return
        if block.seconds > min(self.patience.max_wait_seconds, self.patience.account.left):
            raise rate_limited_unasked(asked, block.reset_at)
        self.patience.sleep(block.seconds)
        self.ledger.waited(asked.call)

    def refuse_unless_2xx(self, answer: Answer, asked: Asked) -> None:
        """Notes what the headers say of limits, and raises the error of the table for anything but a 2xx."""
        fine = 200 <= answer.status < 300
        text = "{}" if fine else self.credentials.redact(answer.body.decode(errors="replace"))
        problems = problems_of(text.encode())
        refused = not fine and refusal_for(answer.status, problems, asked).error is RateLimited
        block = block_of(answer.headers, refused=refused, now=self.clock())
        self.ledger.note(asked.call, block)
        if not fine:
            raise error_for(answer.status, problems, asked, block.reset_at if block else None)
