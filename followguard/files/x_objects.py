"""Accounts in a JSON value of X, or of a program round it, and objects that mustn't be taken for one."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from followguard.domain.x_profile import COUNT_COLUMNS
from followguard.files.headings import Headings, plain_heading
from followguard.files.profile_headings import METRICS, PROFILE_HEADINGS

ARCHIVE = re.compile(r"\s*(?:window|exports)\.[\w.]*?(?:YTD\.)?(\w+)\.part\d+\s*=")
"""How a file of X's own archive begins."""
_ONLY_IDS = "It holds ids without profiles. The nightly run reads profiles: followguard nightly"
_ACCOUNTS = "Give the accounts: user objects, one a line."
_TWEET_KEYS = ("author_id", "edit_history_tweet_ids", "in_reply_to_status_id", "retweeted", "full_text")
_POST_COLUMNS = frozenset(
    {*_TWEET_KEYS, "conversation_id", "in_reply_to_user_id", "referenced_tweets", "retweet_count"}
)
_POST_TEXTS = frozenset({"text", "full_text", "tweet_text"})
_BARE_ID = re.compile(r"[0-9]+")
_PARTS = ("avatar", "verification", "privacy", "location", "legacy", "core")
"""Where X's own pages keep an account's fields; of two with one name the later counts."""
_METRICS = frozenset({*COUNT_COLUMNS, "post_count"})
_PAGE_KEYS = frozenset({"meta", "next_cursor", "ids"})


@dataclass(frozen=True, slots=True)
class NotAccounts:
    """A value of a kind that holds no profiles: which, and what to do."""

    what: str
    next_step: str


@dataclass(frozen=True, slots=True)
class NoUser:
    """An answer of X without an account in it, and X's word for why."""

    why: str


def users_in(value: object) -> Iterator[object]:
    """Yields the user objects in a value: itself, those of a list, those of a page of X's API 2 or 1.1.

    An account that X couldn't give comes as `NoUser`; an archive's list, a list of ids and posts as `NotAccounts`;
    anything else that isn't an object as it is.
    """
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping):
            yield from _users_of(each)
        else:
            bare_id = isinstance(each, str | int) and _BARE_ID.fullmatch(str(each)[:40])
            yield NotAccounts("a list of ids", _ONLY_IDS) if bare_id else each


def posts_under(headings: Headings) -> NotAccounts | None:
    """Gives the refusal for a table of posts, whose ids mustn't be taken for those of accounts, or None."""
    names = {plain_heading(each.partition(" (")[0]) for each in headings.unread}
    if names & _POST_TEXTS and names & _POST_COLUMNS and "tweet_id" not in names:
        return NotAccounts("a list of posts, not of accounts", _ACCOUNTS)
    return None


def archive_kind(text: str) -> NotAccounts | None:
    """Gives the refusal for a file that begins as one of X's archive does, or None."""
    found = ARCHIVE.match(text)
    return _archive(found[1]) if found else None


def _users_of(found: Mapping[str, object]) -> Iterator[object]:
    errors = found.get("errors")
    pages = [found[key] for key in ("data", "users") if isinstance(found.get(key), list | Mapping)]
    user = found.get("user")
    if isinstance(user, Mapping) and _is_user(user) and not _is_user(found):
        yield _account({"observed_at": found.get("created_at"), **user})
        return
    if not errors and "detail" in found and "title" in found:
        errors = [found]
    if _is_user(found) or not (pages or isinstance(errors, list) or _PAGE_KEYS & found.keys()):
        yield _account(found)
        return
    if "ids" in found:
        yield NotAccounts("a list of ids", _ONLY_IDS)
    seen = found.get("__twarc")
    moment = seen.get("retrieved_at") if isinstance(seen, Mapping) else None
    for page in pages[:1]:
        for user in page if isinstance(page, list) else [page]:
            yield _account({"observed_at": moment, **user}) if isinstance(user, Mapping) else user
    yield from map(_no_user, errors if isinstance(errors, list) else [])


def _account(found: Mapping[str, object]) -> Mapping[str, object] | NotAccounts:
    """Reads a user object; one of X's own pages (`legacy`) in the form of API 1.1."""
    other = _other_than_account(found)
    if other:
        return other
    if isinstance(found.get("legacy"), Mapping) and "rest_id" in found:
        return _of_a_page(found)
    return _with_odd_metrics(found)


def _of_a_page(found: Mapping[str, object]) -> Mapping[str, object]:
    """Merges an object of X's own pages into one level; where names meet, the later of `_PARTS` counts."""
    parts = [inner for part in _PARTS if isinstance(inner := found.get(part), Mapping)]
    beside = ("id", "rest_id", "__typename")
    flat = {key: value for key, value in found.items() if key not in beside and value not in parts}
    for part in parts:
        flat |= part
    return {**flat, "id_str": found["rest_id"]}


def _with_odd_metrics(found: Mapping[str, object]) -> Mapping[str, object]:
    """Lays unknown keys of `public_metrics` beside it, so that they are read or told like any other."""
    metrics = found.get(METRICS)
    odd = [key for key in metrics if key not in _METRICS] if isinstance(metrics, Mapping) else []
    return {**found, **{f"{METRICS}.{key}": metrics[key] for key in odd}} if isinstance(metrics, Mapping) else found


def _is_user(found: Mapping[str, object]) -> bool:
    return "id" in found or "id_str" in found


def _other_than_account(found: Mapping[str, object]) -> NotAccounts | None:
    if len(found) == 1:
        (kind, inner), *_ = found.items()
        if isinstance(inner, Mapping) and "accountId" in inner:
            return _archive(str(kind))
    post = "text" in found and any(key in found for key in _TWEET_KEYS)
    if post or ("full_text" in found and "id_str" in found) or isinstance(found.get("tweet"), Mapping):
        return NotAccounts("a list of posts, not of accounts", _ACCOUNTS)
    return _wrapped(found)


def _wrapped(found: Mapping[str, object]) -> NotAccounts | None:
    """Gives the refusal for an object that holds accounts under an unknown key and is none itself, or None."""
    if any(_place_of(key) in ("id", "username", "name") for key in found):
        return None
    inner = next((key for key, value in found.items() if _holds_objects(value) or _holds_objects(found)), None)
    return NotAccounts(f"an object that keeps others under “{str(inner)[:40]}”", _ACCOUNTS) if inner else None


def _place_of(key: str) -> str | None:
    return PROFILE_HEADINGS.places.get(plain_heading(key), (None, 0))[0]


def _holds_objects(value: object) -> bool:
    """Tells whether it is a list of objects, or an object made of nothing but objects."""
    inner = value if isinstance(value, list) else list(value.values()) if isinstance(value, Mapping) else []
    return bool(inner) and all(isinstance(each, Mapping) for each in inner)


def _archive(kind: str) -> NotAccounts:
    return NotAccounts(f"the list “{kind[:40]}” of X's archive", _ONLY_IDS)


def _no_user(error: object) -> NoUser:
    found = error if isinstance(error, Mapping) else {}
    said = [str(found[key]) for key in ("title", "detail", "message") if found.get(key)]
    return NoUser(": ".join(said)[:200] or "no reason given")
