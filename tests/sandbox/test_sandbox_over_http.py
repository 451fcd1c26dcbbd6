"""The sandbox over real HTTP, called as X is called: by requests with its own OAuth 1.0a, and by tweepy itself."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import tweepy

from followguard.sandbox import AccountPlan, Sandbox, SandboxPlan, serve

FIELDS = (
    "connection_status,created_at,description,entities,location,name,profile_image_url,protected,public_metrics,url"
)


def test_me_is_the_account_of_the_token(caller: Any) -> None:
    """Only id, name and username, unless more is asked for; then the true number of followers."""
    assert caller.get("/2/users/me").json() == {"data": {"id": caller.id, "name": "Acme", "username": "acme"}}
    metrics = caller.get("/2/users/me", user_fields="public_metrics").json()["data"]["public_metrics"]
    assert metrics["followers_count"] == 300


def test_followers_page_by_page(sandbox: Sandbox, caller: Any, ids_of: Any) -> None:
    """100 a page by default, newest first, everybody once, with the counts of X's meta."""
    first = caller.followers().json()
    assert (len(first["data"]), first["meta"]["result_count"]) == (100, 100)
    assert set(first["data"][0]) == {"id", "name", "username"}
    assert [row["id"] for row in caller.whole_list(size=70)] == ids_of(sandbox)


def test_only_the_fields_asked_for(caller: Any) -> None:
    """`user.fields` is honoured, connection_status says that they follow, links carry their entities."""
    rows = caller.followers(user_fields=FIELDS).json()["data"]
    assert all("followed_by" in row["connection_status"] for row in rows)
    assert {key for row in rows for key in row} == {"id", "username", *FIELDS.split(",")}
    linked = next(row for row in rows if "url" in row)
    assert linked["url"].startswith("https://t.co/")
    assert linked["entities"]["url"]["urls"][0]["url"] == linked["url"]
    assert datetime.fromisoformat(rows[0]["created_at"]).tzinfo


def test_an_app_only_token_knows_no_connections(sandbox: Sandbox, caller: Any) -> None:
    """With a bearer token the list comes without connection_status, and me and follow are refused as X does."""
    bearer = requests.Session()
    bearer.trust_env = False
    bearer.headers["Authorization"] = f"Bearer {sandbox.bearers['acme']}"
    caller.session = bearer
    rows = caller.followers(user_fields=FIELDS).json()["data"]
    assert all("connection_status" not in row for row in rows)
    refused = [caller.get("/2/users/me"), caller.follow(rows[0]["id"])]
    assert [(answer.status_code, answer.json()["title"]) for answer in refused] == [
        (403, "Unsupported Authentication")
    ] * 2


def test_look_up_in_the_order_asked(sandbox: Sandbox, caller: Any, ids_of: Any) -> None:
    """Known ids come back in order; unknown and suspended ones stand in `errors` of a 200."""
    ids = ids_of(sandbox)
    sandbox.intervene("suspend", ids[2], "acme")
    answer = caller.get("/2/users", ids=",".join([ids[5], "123", ids[2], ids[0], ids[5]]))
    assert [row["id"] for row in answer.json()["data"]] == [ids[5], ids[0]]
    errors = {error["value"]: error["title"] for error in answer.json()["errors"]}
    assert (answer.status_code, errors) == (200, {"123": "Not Found Error", ids[2]: "Forbidden"})
    assert set(caller.get("/2/users", ids="123").json()) == {"errors"}


def test_suspended_followers_make_short_pages(sandbox: Sandbox, caller: Any, ids_of: Any) -> None:
    """Suspended followers are missing from the page, which is short and goes on nevertheless."""
    ids = ids_of(sandbox)
    for one in ids[3:19]:
        sandbox.intervene("suspend", one, "acme")
    page = caller.followers().json()
    assert page["meta"]["result_count"] == 84
    assert "next_token" in page["meta"]
    assert [row["id"] for row in caller.whole_list()] == ids[:3] + ids[19:]


def test_follow_and_follow_again(sandbox: Sandbox, caller: Any) -> None:
    """A follow shows in connection_status; a protected target is pending; doing it again changes nothing."""
    rows = caller.whole_list(user_fields="protected,connection_status")
    fresh = [row for row in rows if row["connection_status"] == ["followed_by"]]
    open_one = next(row for row in fresh if not row["protected"])["id"]
    shy_one = next(row for row in fresh if row["protected"])["id"]
    for _ in range(2):
        assert caller.follow(open_one).json() == {"data": {"following": True, "pending_follow": False}}
        assert caller.follow(shy_one).json() == {"data": {"following": False, "pending_follow": True}}
    looked_up = caller.get("/2/users", ids=f"{open_one},{shy_one}", user_fields="connection_status").json()["data"]
    assert [row["connection_status"] for row in looked_up] == [
        ["followed_by", "following"],
        ["follow_request_sent", "followed_by"],
    ]
    assert sandbox.ledger()["accounts"]["acme"]["total"]["follow"] == 4  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/2/users/{id}/followers", {"max_results": 0}, 400),
        ("/2/users/{id}/followers", {"max_results": 1001}, 400),
        ("/2/users/{id}/followers", {"max_results": "many"}, 400),
        ("/2/users/{id}/followers", {"pagination_token": "made-up"}, 400),
        ("/2/users/{id}/followers", {"user_fields": "name,shoe_size"}, 400),
        ("/2/users/{id}/followers", {"cursor": 7}, 400),
        ("/2/users", {"ids": ",".join(str(number) for number in range(101))}, 400),
        ("/2/users", {"ids": "12,someone"}, 400),
        ("/2/users", {}, 400),
        ("/2/users/{id}/followers", {"max_results": 1}, 200),
        ("/2/users/12/followers", {}, 200),
        ("/2/users/{id}/following", {}, 404),
        ("/2/tweets", {}, 404),
        ("/", {}, 404),
    ],
)
def test_badly_put_calls(caller: Any, path: str, query: dict[str, object], status: int) -> None:
    """X's 400 for wrong parameters, 200 with only errors for somebody unknown, 404 beyond the four calls."""
    answer = caller.get(path.format(id=caller.id), **query)
    assert answer.status_code == status
    assert answer.json()


@pytest.mark.parametrize("target", ["", "abc", None, 12, "9" * 30])
def test_nobody_is_followed_by_a_bad_target(sandbox: Sandbox, caller: Any, target: object) -> None:
    """A target that isn't an id, or nobody's, changes nothing."""
    before = sandbox.state()["accounts"]["acme"]["following"]  # type: ignore[index]
    answer = caller.follow(target)
    assert (answer.status_code == 400) or set(answer.json()) == {"errors"}
    assert sandbox.state()["accounts"]["acme"]["following"] == before  # type: ignore[index]


def test_following_as_somebody_else_is_refused(as_account: Any) -> None:
    """One account's secrets can't follow in another's name, and each account has its own list."""
    accounts = (AccountPlan(handle="acme", followers=3), AccountPlan(handle="labs", followers=2))
    with serve(SandboxPlan(accounts=accounts)) as two:
        acme, labs = as_account(two), as_account(two, "labs")
        acme.id, own = labs.id, acme.id
        assert acme.follow("12").status_code == 403
        assert [len(one.whole_list()) for one in (acme, labs)] == [2, 2]
        assert acme.get("/2/users/me").json()["data"]["id"] == own


@pytest.mark.parametrize("secret", ["CONSUMER_KEY", "CONSUMER_SECRET", "ACCESS_TOKEN", "ACCESS_TOKEN_SECRET"])
def test_each_of_the_four_secrets_matters(sandbox: Sandbox, secret: str, as_account: Any) -> None:
    """One wrong secret is a 401 with X's body."""
    answer = as_account(sandbox, **{secret: "wrong"}).get("/2/users/me")
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")


def test_secrets_of_two_accounts_do_not_mix(as_account: Any) -> None:
    """The consumer pair of one account with the token pair of another is a 401."""
    accounts = (AccountPlan(handle="acme"), AccountPlan(handle="labs"))
    with serve(SandboxPlan(accounts=accounts)) as two:
        tokens = {name: two.credentials["labs"][name] for name in ("ACCESS_TOKEN", "ACCESS_TOKEN_SECRET")}
        assert as_account(two, **tokens).get("/2/users/me").status_code == 401


def test_nobody_and_a_changed_call_are_refused(sandbox: Sandbox, caller: Any) -> None:
    """No header, a foreign scheme, and a signed address with another query are 401."""
    signed = caller.followers(max_results=5).request
    changed = str(signed.url).replace("max_results=5", "max_results=500")
    headers = [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer wrong"}, dict(signed.headers)]
    answers = [requests.get(changed, headers=one, timeout=5) for one in headers]
    assert [answer.status_code for answer in answers] == [401] * 4


class ToLoopback(requests.adapters.HTTPAdapter):
    """Sends what was meant for X to the sandbox."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    def send(self, request: Any, *args: Any, **more: Any) -> requests.Response:
        parts = urlsplit(request.url)
        request.url = self.url + request.url[len(f"{parts.scheme}://{parts.netloc}") :]
        return super().send(request, *args, **more | {"timeout": 5})


def tweepy_of(sandbox: Sandbox) -> Any:
    keys = {name.lower(): value for name, value in sandbox.credentials["acme"].items()}
    client = tweepy.Client(**keys)
    client.session.trust_env = False
    client.session.mount("https://", ToLoopback(sandbox.url))
    return client


def test_tweepy_takes_it_for_x(sandbox: Sandbox, ids_of: Any) -> None:
    """tweepy's own client, signing for api.twitter.com, makes all four calls and reads the answers."""
    client = tweepy_of(sandbox)
    me = client.get_me(user_fields=["public_metrics"]).data
    paginator = tweepy.Paginator(
        client.get_users_followers, me.id, max_results=100, user_fields=FIELDS.split(","), user_auth=True
    )
    read = [str(follower.id) for page in paginator for follower in page.data]
    assert read == ids_of(sandbox)
    found = client.get_users(ids=[*read[:3], "12"], user_auth=True)
    assert ([str(one.id) for one in found.data], len(found.errors)) == (read[:3], 1)
    assert set(client.follow_user(read[0]).data) == {"following", "pending_follow"}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("rate_limited_no_reset", tweepy.TooManyRequests),
        ("credits_depleted", tweepy.HTTPException),
        ("feature_not_permitted", tweepy.Forbidden),
        ("http_500", tweepy.TwitterServerError),
        ("error_body_list", (AttributeError, TypeError)),
        ("html_200", requests.exceptions.JSONDecodeError),
        ("connection_reset", requests.exceptions.ConnectionError),
    ],
)
def test_faults_reach_tweepy_as_x_does(sandbox: Sandbox, fault: str, error: type[Exception]) -> None:
    """Each fault raises in tweepy what its counterpart at X raises."""
    sandbox.set_faults([{"on": "me", "fault": fault}])
    client = tweepy_of(sandbox)
    with pytest.raises(error):
        client.get_me()
    assert client.get_me().data.username == "acme"
