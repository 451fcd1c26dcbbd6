"""A test message to every target there is, whoever it belongs to."""

from collections.abc import Iterable, Mapping, Sequence

from followguard.errors import ConfigurationError
from followguard.notify.delivery import Delivered, Letter, Message, deliver
from followguard.notify.targets import Addressee, Target, named, unnamed

TEST = Message(
    "followguard: a test",
    "This is a test of followguard. Whoever reads it will hear of the nights.",
)


def try_targets(targets: Sequence[Target], env: Mapping[str, str]) -> list[Delivered]:
    """Sends the test once to each address; returns what came of each target, in order."""
    return send_all(targets, env, TEST)


def send_all(targets: Sequence[Target], env: Mapping[str, str], message: Message) -> list[Delivered]:
    """Sends the message to each target; one whose variable isn't set is among the failures."""
    known, failed = resolved(targets, env)
    return failed + deliver([Letter(each, message) for each in known])


def resolved(targets: Iterable[Target], env: Mapping[str, str]) -> tuple[list[Addressee], list[Delivered]]:
    """Returns the addresses that are known, each once, and what to say of the other targets."""
    known: dict[str, Addressee] = {}
    failed: list[Delivered] = []
    for target in targets:
        try:
            found = named(target, env)
        except ConfigurationError as error:
            failed.append(Delivered(unnamed(target), str(error)))
        else:
            known.setdefault(found.address, found)
    return list(known.values()), failed
