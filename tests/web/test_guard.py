"""Changes come from the desk's own pages, under its own name, with the session's token, and are small."""

from typing import Any

import pytest
from starlette.routing import Route

from tests.builders.web_desk import HERE


def test_a_change_needs_the_token_of_its_session(quick_web: Any) -> None:
    """Missing, empty, wrong, or another person's: nothing is done."""
    ann, ben = quick_web.signed_in("Ann"), quick_web.signed_in("Ben")
    for token in ("", "x", ben.csrf, ann.csrf[:-1], "ä\u202e"):
        answer = ann.post("/sign-out", {"token": token})
        assert answer.status_code == 403, token
        assert "without the token of your page" in answer.text
    bare = ann.client.post("/sign-out", headers={"origin": HERE}, follow_redirects=False)
    assert bare.status_code == 403
    as_json = ann.client.post("/sign-out", json={"token": ann.csrf}, headers={"origin": HERE})
    assert as_json.status_code == 403
    assert ann.get("/you").status_code == 200


def test_scripts_send_the_token_in_a_header(quick_web: Any) -> None:
    """And get failures as JSON."""
    ann = quick_web.signed_in("Ann")
    wrong = ann.client.post("/sign-out", headers={"origin": HERE, "x-followguard-token": "x"})
    assert wrong.json()["errors"][0]["code"] == "foreign_request"
    right = {"origin": HERE, "x-followguard-token": ann.csrf}
    assert ann.client.post("/sign-out", headers=right, follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8018"},
        {"origin": "https://127.0.0.1:8017"},
        {"origin": "http://127.0.0.1:8017.evil.example"},
        {"origin": "null"},
        {"origin": HERE, "sec-fetch-site": "cross-site"},
        {"origin": HERE, "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_changes_of_other_sites_are_refused(quick_web: Any, said: dict[str, str]) -> None:
    """Also with the right token, and also signing in: nobody is signed in to somebody else's session unasked."""
    ann, link = quick_web.signed_in("Ann"), quick_web.link("Ben")
    for path in ("/sign-out", link):
        answer = ann.client.post(path, data={"token": ann.csrf}, headers=said, follow_redirects=False)
        assert answer.status_code == 403
        assert "from another site; nothing was done" in answer.text
    assert "Signed in as Ann" in ann.get("/you").text
    assert quick_web.browser().post(link).status_code == 303


@pytest.mark.parametrize("said", [{"origin": HERE}, {"origin": "null", "sec-fetch-site": "same-origin"},
                                  {"sec-fetch-site": "same-origin"}])  # fmt: skip
def test_changes_of_the_desk_pass(quick_web: Any, said: dict[str, str]) -> None:
    """Browsers that send no referrer say `null` for the origin of a form; then Sec-Fetch-Site speaks for it."""
    link = quick_web.link("Ann")
    assert quick_web.browser().client.post(link, headers=said, follow_redirects=False).status_code == 303


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8017.evil.example",
                                  "evil.example:8017", "", "10.0.0.5:8017", "[::1]", "localhost:8018"])  # fmt: skip
def test_other_names_are_refused(quick_web: Any, host: str) -> None:
    """DNS rebinding: a foreign name that points at this machine opens nothing, with a good session neither."""
    ann = quick_web.signed_in("Ann")
    for path in ("/you", "/health", "/static/desk.css", quick_web.link("Ben")):
        answer = ann.client.get(path, headers={"host": host}, follow_redirects=False)
        assert answer.status_code == 421, (host, path)
        assert "isn&#39;t reached under that name" in answer.text


@pytest.mark.parametrize("base", [HERE, "http://localhost:8017", "http://[::1]:8017"])
def test_every_name_of_this_machine_serves(quick_web: Any, base: str) -> None:
    """Each with cookies of its own."""
    assert "Signed in as Ann" in quick_web.signed_in("Ann", base).get("/you").text


def test_behind_a_proxy_only_its_name_and_this_machine_serve(quick_web: Any) -> None:
    """What a proxy says in X-Forwarded headers is believed by nobody."""
    quick_web = quick_web.configured(url="https://desk.example.com")
    ann = quick_web.signed_in("Ann", "https://desk.example.com")
    assert ann.get("/you").status_code == 200
    faked = {"host": "evil.example", "x-forwarded-host": "desk.example.com", "forwarded": "host=desk.example.com"}
    assert ann.client.get("/you", headers=faked).status_code == 421


def test_every_answer_is_dressed(quick_web: Any) -> None:
    """Pages, files, redirects and refusals: no frames, no scripts or pictures from elsewhere, nothing kept."""
    ann = quick_web.signed_in("Ann")
    refused = ann.client.get("/you", headers={"host": "evil.example"})
    answers = [ann.get(path) for path in ("/", "/you", "/nowhere", "/static/desk.css", "/health", "/sign-in/x")]
    for answer in [*answers, refused, ann.post("/sign-out", {"token": "x"}), ann.post("/nowhere")]:
        policy = answer.headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)
        assert "img-src 'self' data:" in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert "strict-transport-security" not in answer.headers
        assert answer.headers["cache-control"] in {"no-store", "no-cache"}


def test_pictures_are_loaded_only_where_configured(quick_web: Any) -> None:
    """And then from X's own hosts alone."""
    policy = quick_web.configured(pictures=True).browser().get("/health").headers["content-security-policy"]
    assert "img-src 'self' data: https://pbs.twimg.com https://abs.twimg.com;" in policy


def test_cookies_are_out_of_reach(quick_web: Any) -> None:
    """Of scripts and other sites; behind TLS they are also bound to host and encryption, and HSTS is set."""
    here = quick_web.browser().post(quick_web.link("Ann")).headers["set-cookie"]
    assert here.startswith("followguard-8017=")
    assert "Secure" not in here
    far = quick_web.configured(url="https://desk.example.com")
    answer = far.browser("https://desk.example.com").post(far.link("Ann"), origin="https://desk.example.com")
    there = answer.headers["set-cookie"]
    assert there.startswith("__Host-followguard=")
    assert "Secure" in there
    assert answer.headers["strict-transport-security"]
    for said in (here, there):
        assert all(word in said for word in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"))
        assert "Domain" not in said


def test_large_bodies_are_refused(quick_web: Any) -> None:
    """A note of 1 MB: one sentence, nothing taken; said beforehand or sent in parts without a length."""
    ann = quick_web.signed_in("Ann")
    whole = ann.post("/sign-out", {"note": "x" * 1_000_000})
    headers = {"origin": HERE, "x-followguard-token": ann.csrf}
    parts = ann.client.post("/sign-out", content=(b"x" * 9_000 for _ in range(120)), headers=headers)
    for answer in (whole, parts):
        assert answer.status_code == 413
        assert "more than 64 KiB; nothing of it was taken" in answer.text
    assert ann.get("/you").status_code == 200


def test_pages_read_the_body_that_the_guard_has_read(quick_web: Any) -> None:
    """A form up to the limit reaches its page whole."""

    async def echo(request: Any) -> Any:
        from starlette.responses import JSONResponse

        form = await request.form()
        return JSONResponse({"length": len(form["note"]), "who": request.state.visitor.person.name})

    quick_web.app.router.routes.append(Route("/echo", echo, methods=["POST"]))
    ann = quick_web.signed_in("Ann")
    assert ann.post("/echo", {"note": "ü" * 9_000}).json() == {"length": 9_000, "who": "Ann"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_change_nothing(quick_web: Any, method: str) -> None:
    """Each is guarded like a change, and no page takes it."""
    ann = quick_web.signed_in("Ann")
    assert ann.client.request(method, "/you").status_code == 403
    right = {"origin": HERE, "x-followguard-token": ann.csrf}
    assert ann.client.request(method, "/you", headers=right).status_code == 405
