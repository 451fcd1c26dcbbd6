"""The faults of the sandbox, as a client meets them."""

import json
import time
from datetime import datetime
from typing import Any

import pytest
import requests

from followguard.sandbox import Sandbox
from tests.builders.places import SHARED

FIELDS = (
    "connection_status,created_at,description,entities,location,name,profile_image_url,protected,public_metrics,url"
)
BODIES = SHARED / "x-api-bodies"


REFUSED = {
    "http_400": 400, "http_401": 401, "http_404": 404, "http_500": 500, "http_502": 502, "http_503": 503,
    "http_504": 504, "credits_depleted": 402, "spending_cap": 403, "feature_not_permitted": 403,
    "client_not_enrolled": 403, "access_level": 403, "unknown_403": 403, "code_88": 429, "html_200": 200,
    "error_body_list": 500, "error_body_null": 500, "errors_null": 500, "subject_not_found": 200,
    "subject_suspended": 200, "rate_limited": 429, "rate_limited_no_reset": 429, "rate_limited_24h": 429,
}  # fmt: skip


@pytest.mark.parametrize(("fault", "status"), REFUSED.items())
def test_a_refusal_does_and_bills_nothing(sandbox: Sandbox, caller: Any, fault: str, status: int) -> None:
    """The status is the fault's, nothing is paid for, and the next call is right again."""
    sandbox.set_faults([{"on": "followers", "fault": fault}])
    assert caller.followers().status_code == status
    assert sandbox.ledger()["total"]["billed"] == 0  # type: ignore[index]
    assert len(caller.followers().json()["data"]) == 100


def test_rate_headers_of_the_three_429s(sandbox: Sandbox, caller: Any) -> None:
    """With a reset, without any header, and by 24 hours while x-rate-limit-remaining is positive."""
    kinds = ("rate_limited", "rate_limited_no_reset", "rate_limited_24h")
    sandbox.set_faults([{"on": "follow", "fault": kind, "after": place} for place, kind in enumerate(kinds)])
    plain, bare, daily = (caller.follow("12").headers for _ in kinds)
    now = datetime.fromisoformat(str(sandbox.state()["now"])).timestamp()
    assert (plain["x-rate-limit-remaining"], float(plain["x-rate-limit-reset"]) - now) == ("0", 900.0)
    assert not [name for name in bare if "limit" in name]
    assert int(daily["x-rate-limit-remaining"]) > 0
    assert daily["x-user-limit-24hour-remaining"] == "0"


@pytest.mark.skipif(not BODIES.exists(), reason="the recorded bodies of X aren't here")
@pytest.mark.parametrize(
    ("fault", "body"),
    [
        ("credits_depleted", "17-402-credits-depleted"),
        ("client_not_enrolled", "18-403-client-forbidden-not-enrolled"),
        ("feature_not_permitted", "19-403-feature-not-permitted"),
        ("access_level", "20-403-453-access-level"),
        ("rate_limited", "22-429-too-many-requests"),
        ("subject_suspended", "23-200-errors-only-user-suspended"),
        ("code_88", "27-429-code88-docs"),
        ("http_401", "28-401-unauthorized-playground"),
        ("http_500", "30-500-playground"),
    ],
)
def test_bodies_have_the_keys_of_the_recorded_ones(sandbox: Sandbox, caller: Any, fault: str, body: str) -> None:
    """The recorded bodies hold nothing under a key that the sandbox leaves out."""
    sandbox.set_faults([{"on": "followers", "fault": fault}])
    ours, theirs = caller.followers().json(), json.loads((BODIES / f"{body}.json").read_text(encoding="utf-8"))
    assert set(theirs) - {"registration_url"} <= set(ours)
    if "errors" in theirs:
        assert set(theirs["errors"][0]) <= set(ours["errors"][0])


@pytest.mark.parametrize(
    "fault", ["short_page", "empty_page", "duplicates", "nonsense_rows", "odd_rows", "null_counts"]
)
def test_odd_pages_lose_nobody(sandbox: Sandbox, caller: Any, fault: str, ids_of: Any) -> None:
    """Read to the end with odd pages in between, everybody has come, and no page was longer than asked for."""
    sandbox.set_faults([{"on": "followers", "fault": fault, "after": 1, "times": 3}])
    rows = caller.whole_list(size=40, user_fields=FIELDS)
    ids = [row["id"] for row in rows if isinstance(row, dict) and "id" in row]
    assert list(dict.fromkeys(ids)) == ids_of(sandbox)


def test_the_forms_of_odd_pages(sandbox: Sandbox, caller: Any) -> None:
    """84 of 100 with a token; no `data` with a token; rows without name, username or fraction; nulls; post_count."""
    names = ("short_page", "empty_page", "odd_rows", "nonsense_rows", "null_counts", "post_count", "no_metrics")
    sandbox.set_faults([{"on": "followers", "fault": name, "after": place} for place, name in enumerate(names)])
    pages = {name: caller.followers(user_fields=FIELDS).json() for name in names}
    assert pages["short_page"]["meta"]["result_count"] == 84
    assert set(pages["empty_page"]) == {"meta"}
    assert all("next_token" in page["meta"] for page in pages.values())
    odd = pages["odd_rows"]["data"]
    assert ("name" in odd[0], "username" in odd[4], ".000Z" in odd[8]["created_at"]) == (False, False, False)
    assert "badge_of_tomorrow" in odd[12]
    assert pages["nonsense_rows"]["data"][1:3] == [None, 42]
    assert len(pages["nonsense_rows"]["data"]) == 100
    assert {row["public_metrics"]["like_count"] for row in pages["null_counts"]["data"]} == {None}
    assert all("tweet_count" not in row["public_metrics"] for row in pages["post_count"]["data"])
    assert all("public_metrics" not in row for row in pages["no_metrics"]["data"])


def test_changed_orders(sandbox: Sandbox, caller: Any, ids_of: Any) -> None:
    """A list begun oldest first or shuffled stays in that order, whole."""
    newest_first = ids_of(sandbox)
    sandbox.set_faults(
        [{"on": "followers", "fault": "oldest_first"}, {"on": "followers", "fault": "shuffled", "after": 8}]
    )
    assert [row["id"] for row in caller.whole_list(size=40)] == newest_first[::-1]
    shuffled = [row["id"] for row in caller.whole_list(size=40)]
    assert shuffled not in (newest_first, newest_first[::-1])
    assert sorted(shuffled) == sorted(newest_first)


def test_tokens_expire_and_repeat(sandbox: Sandbox, caller: Any) -> None:
    """An expired token is a 400; a repeated one comes back as its own next_token."""
    token = caller.followers().json()["meta"]["next_token"]
    sandbox.set_faults(
        [{"on": "followers", "fault": "token_expired"}, {"on": "followers", "fault": "repeated_token", "after": 1}]
    )
    assert caller.followers().status_code == 200
    expired = caller.followers(pagination_token=token)
    assert (expired.status_code, "pagination_token" in expired.text) == (400, True)
    assert caller.followers(pagination_token=token).json()["meta"]["next_token"] == token
    assert caller.followers(pagination_token=token).json()["meta"]["next_token"] != token


@pytest.mark.parametrize(("fault", "followed"), [("connection_reset", False), ("lost_answer", True)])
def test_a_dropped_connection_before_and_after_the_deed(
    sandbox: Sandbox, caller: Any, fault: str, followed: bool, ids_of: Any
) -> None:
    """Both look the same to the client; only one follow was carried out."""
    state = sandbox.state()["accounts"]["acme"]  # type: ignore[index]
    target = next(one for one in ids_of(sandbox) if one not in state["following"])
    sandbox.intervene("change", target, "acme", {"protected": False})
    sandbox.set_faults([{"on": "follow", "fault": fault}])
    with pytest.raises(requests.exceptions.ConnectionError):
        caller.follow(target)
    assert (target in sandbox.state()["accounts"]["acme"]["following"]) is followed  # type: ignore[index]


def test_a_follow_without_effect(sandbox: Sandbox, caller: Any, ids_of: Any) -> None:
    """X says that it follows, and doesn't."""
    target = next(one for one in ids_of(sandbox) if one not in sandbox.state()["accounts"]["acme"]["following"])  # type: ignore[index]
    sandbox.intervene("change", target, "acme", {"protected": False})
    sandbox.set_faults([{"on": "follow", "fault": "without_effect"}])
    assert caller.follow(target).json()["data"]["following"] is True
    assert target not in sandbox.state()["accounts"]["acme"]["following"]  # type: ignore[index]


def test_slow_and_cut_answers(sandbox: Sandbox, caller: Any) -> None:
    """A slow answer runs into the client's timeout; a cut one is billed and no JSON."""
    sandbox.set_faults([{"on": "me", "fault": "slow", "seconds": 30}, {"on": "followers", "fault": "cut_json"}])
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(f"{sandbox.url}/2/users/me", auth=caller.session.auth, timeout=0.2)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        caller.followers().json()
    assert sandbox.ledger()["total"]["billed"] == 100  # type: ignore[index]


def test_a_slow_answer_does_not_hold_up_the_end(sandbox_with: Any, as_account: Any) -> None:
    """The sandbox ends at once, though a client still waits."""
    began = time.monotonic()
    with sandbox_with() as running:
        running.set_faults([{"on": "me", "fault": "slow", "seconds": 60}])
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.get(f"{running.url}/2/users/me", auth=as_account(running).session.auth, timeout=0.1)
    assert time.monotonic() - began < 50
