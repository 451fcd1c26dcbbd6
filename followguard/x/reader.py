"""Three of the four calls: who we are, who follows us, and recorded followers by id."""

from followguard.domain.wording import counted
from followguard.errors import AddressRefused, WrongCredentials
from followguard.x.address import FIELDS, is_id
from followguard.x.answers import gone_of, me_of, next_token_of, refuse_only_errors, rows_of
from followguard.x.contract import LookedUp, Me, Page
from followguard.x.line import Content, Line
from followguard.x.refusals import Asked
from followguard.x.session import Response

_FIELDS = list(FIELDS)


class XReader:
    """`ports.FollowerReader`: reads, and can't follow anybody."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def calls(self) -> int:
        """Requests sent so far, retries and failures included."""
        return self._line.adapter.calls

    @property
    def account_id(self) -> str | None:
        """Our account's id, once told or learned."""
        return self._line.adapter.own

    def bind(self, account_id: str) -> None:
        """Ties the reader to our account. Raises WrongCredentials when it is tied to another one."""
        own = self._line.adapter.own
        if not is_id(account_id):
            raise AddressRefused(f"{account_id!r} isn't an account id.", "An id is made of digits; handles aren't ids.")
        if own not in (None, account_id):
            raise WrongCredentials(
                f"The credentials of {self._line.whom()} belong to account id {account_id}, not to {own}.",
                "Put the credentials of the configured account in place, then run followguard doctor.",
            )
        self._line.adapter.own = account_id

    def me(self) -> Me:
        """Reads the account that the credentials belong to, and binds the reader to it."""
        asked = Asked("me", self._line.whom())

        def parse(content: Content) -> Me:
            refuse_only_errors(content, asked.whom)
            return me_of(content)

        me = self._line.read(asked, lambda: self._line.client.get_me(user_fields=_FIELDS), parse)
        self.bind(me.id)
        return me

    def followers(self, account_id: str, max_results: int, token: str | None) -> Page:
        """Reads one page of our own account's followers; `max_results` in 1..1000."""
        asked = Asked("followers", self._line.whom(), token=token is not None)
        before = self.calls

        def send() -> Response:
            return self._line.client.get_users_followers(
                account_id, max_results=max_results, pagination_token=token, user_fields=_FIELDS, user_auth=True
            )

        def parse(content: Content) -> Page:
            refuse_only_errors(content, asked.whom)
            rows = rows_of(content, self._line.clock())
            return Page(
                profiles=rows.profiles,
                rejected=rows.rejected,
                next_token=next_token_of(content),
                returned=rows.returned,
                requests=self.calls - before,
            )

        return self._line.read(asked, send, parse)

    def look_up(self, follower_ids: list[str]) -> LookedUp:
        """Reads current profiles of at most 100 recorded followers. Without ids nothing is sent."""
        ids = list(dict.fromkeys(follower_ids))
        if not ids:
            return LookedUp(profiles=(), gone={}, returned=0, requests=0)
        asked = Asked("look_up", f"{counted(len(ids), 'follower')} of {self._line.whom()}")
        before = self.calls

        def send() -> Response:
            return self._line.client.get_users(ids=ids, user_fields=_FIELDS, user_auth=True)

        def parse(content: Content) -> LookedUp:
            rows = rows_of(content, self._line.clock())
            gone = gone_of(content, ids)
            if not gone:
                refuse_only_errors(content, asked.whom)
            return LookedUp(profiles=rows.profiles, gone=gone, returned=rows.returned, requests=self.calls - before)

        return self._line.read(asked, send, parse)

    def close(self) -> None:
        """Gives the connection back."""
        self._line.client.close()
