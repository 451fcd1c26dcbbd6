"""The fourth call. It is made once: whether to make it again, only reading can tell."""

from followguard.errors import AddressRefused, PlatformDown, TargetRefused
from followguard.x.address import is_id
from followguard.x.answers import UnreadableAnswer, content_of, follow_answer_of, only_errors
from followguard.x.contract import FollowAnswer
from followguard.x.errors import answer_lost, error_for, platform_down, refusal_for
from followguard.x.line import Content, Line
from followguard.x.refusals import Asked
from followguard.x.session import Answer, Unanswered


class XWriter:
    """`ports.FollowWriter`: follows, and can do nothing else."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def calls(self) -> int:
        """Requests sent so far, failures included."""
        return self._line.adapter.calls

    def follow(self, account_id: str, follower_id: str) -> FollowAnswer:
        """Follows one follower, once. Raises AnswerLost when X may have done it all the same."""
        line = self._line
        asked = Asked("follow", f"follower {follower_id} of {line.whom()}")
        if account_id != line.adapter.own or not is_id(follower_id):
            raise AddressRefused(
                f"Nothing was sent: account id {account_id} may not follow {follower_id!r} here.",
                "A writer follows for the one account it was opened for, and by an id made of digits.",
            )
        try:
            with line.time_for(asked):
                line.wait_for_limit(asked)
                answer = line.exchange(lambda: line.client.follow_user(follower_id))
        except Unanswered as error:
            lost = answer_lost if error.sent else platform_down
            raise lost(error.why, asked) from error
        finally:
            # A kept connection may be dead, and then nobody knows whether a follow arrived: each gets a new one.
            line.client.close()
        return self._outcome(answer, asked)

    def _outcome(self, answer: Answer, asked: Asked) -> FollowAnswer:
        """Reads the outcome from the answer. Raises AnswerLost where it says neither yes nor no."""
        if 300 <= answer.status < 400:
            raise answer_lost("it points to another address", asked)
        try:
            self._line.refuse_unless_2xx(answer, asked)
            content = content_of(answer.body)
            self._refuse_target(content, asked)
            return follow_answer_of(content)
        except PlatformDown as error:
            raise answer_lost(f"it answered {answer.status}", asked) from error
        except UnreadableAnswer as error:
            raise answer_lost(str(error), asked) from error

    def _refuse_target(self, content: Content, asked: Asked) -> None:
        """Raises the refusal for a 200 that has only a complaint about this follower."""
        problems = only_errors(content)
        if problems is not None and refusal_for(403, problems, asked).error is TargetRefused:
            raise error_for(403, problems, asked)

    def close(self) -> None:
        """Gives the connection back."""
        self._line.client.close()
