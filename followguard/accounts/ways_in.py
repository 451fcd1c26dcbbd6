"""Answers to somebody who isn't let in: the slip in the name, or the least that an owner could do about it.

Nobody is told to make an owner: that would show somebody who may not do one thing how to be allowed everything.
"""

import difflib

from followguard.accounts.store import Accounts, People
from followguard.domain.person import OWNER, Person, tidy
from followguard.domain.wording import quoted
from followguard.errors import MissingRole, UnknownPerson
from followguard.store.work import Work

_MOST = 3
_CLOSE = 0.75


def unknown_decider(work: Work, name: str, role: str, account: str | None) -> UnknownPerson:
    """Refuses a name that nobody has, or nobody any more. A slip is told as a slip."""
    person = People(work).by_name(tidy(name))
    if person is not None:
        return UnknownPerson(f"{person.name} was withdrawn.", _add(work, person.name, role, account))
    meant = close_names(work, name)
    if meant:
        said = f"Did you mean {' or '.join(meant)}? Say: --by {quoted(meant[0])}"
        return UnknownPerson(f"{name} isn't known here.", said)
    return UnknownPerson(f"{name} isn't known here.", _add(work, name, role, account))


def unknown_person(work: Work, name: str) -> UnknownPerson:
    """Refuses somebody whose roles are to change, and who isn't there."""
    meant = close_names(work, name)
    said = f"Did you mean {' or '.join(meant)}?" if meant else "See followguard person list."
    return UnknownPerson(f"{name} isn't known here.", said)


def missing_role(work: Work, person: Person, role: str, account: str | None) -> MissingRole:
    """Refuses somebody who is known, and may not do that."""
    where = f"for @{account}" if account else "for every account"
    message = f"{person.name} isn't {_with_article(role)} {where}."
    if People(work).unproved(person.id):
        message += " A role that stands in the database isn't in the log, so it doesn't count: followguard prove."
    return MissingRole(message, _add(work, person.name, role, account))


def close_names(work: Work, name: str) -> list[str]:
    """Finds people with nearly that name, or with a part that is nearly it, closest first; not those withdrawn."""
    typed = tidy(name).casefold()
    likeness = {each.name: _likeness(typed, each.name) for each in People(work).all() if each.withdrawn_at is None}
    close = [known for known, ratio in likeness.items() if ratio >= _CLOSE]
    return sorted(close, key=lambda known: -likeness[known])[:_MOST]


def _likeness(typed: str, known: str) -> float:
    whole = tidy(known).casefold()
    return max(difflib.SequenceMatcher(None, typed, part).ratio() for part in (whole, *whole.split()))


def _add(work: Work, name: str, role: str, account: str | None) -> str:
    """Writes the command that would give them the role, by an owner if there is one."""
    if role == OWNER and People(work).all():
        return _ask_an_owner(work)
    command = f"person add {quoted(name)} --role {role}"
    if account or People(work).all():  # the first person of all is owner of every account, whatever is asked
        command += _for_account(work, account)
    owners = People(work).owners()
    if not owners:
        return f"Run: followguard {command}"
    return f"An owner can run: followguard {command} --by {quoted(owners[0].name)}"


def _for_account(work: Work, account: str | None) -> str:
    """Narrows a role to one account, also where nobody said which and there are several: the least is never for all."""
    known = [each.handle for each in Accounts(work).all()]
    only = known[0] if len(known) == 1 else "HANDLE"
    return f" --account {account or only}"


def _ask_an_owner(work: Work) -> str:
    owners = ", ".join(owner.name for owner in People(work).owners())
    return f"Only an owner may do that; ask one of them ({owners or 'see followguard person list'})."


def _with_article(role: str) -> str:
    return f"an {role}" if role[0] in "aeo" else f"a {role}"
