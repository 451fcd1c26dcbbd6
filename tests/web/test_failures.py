"""Whatever goes wrong, a page says it in one sentence, with the next step; no traceback, nothing lost."""

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from followguard.web.desk import require_fresh


def put(web: Any, path: str, page: Any) -> None:
    """Adds a page."""
    web.app.router.routes.append(Route(path, page, methods=["GET", "POST"]))


def test_an_upgraded_database_stops_the_pages(quick_web: Any) -> None:
    """While the desk runs; put right again, the same session goes on."""
    ann = quick_web.signed_in("Ann")
    file = quick_web.store.file
    for found, said in (("0002", "newer than this program"), ("0000", "older than this program")):
        with closing(sqlite3.connect(file)) as base, base:
            base.execute("UPDATE alembic_version SET version_num = ?", (found,))
        answer = ann.get("/you")
        assert answer.status_code == 503
        assert said in answer.text
        assert ann.get("/you", accept="application/json").json()["errors"][0]["code"] == "schema"
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("UPDATE alembic_version SET version_num = '0001'")
    assert ann.get("/you").status_code == 200


def test_a_database_that_is_away(quick_web: Any) -> None:
    """Its file was moved: 503 and what to do; moved back, the session stands."""
    ann, file = quick_web.signed_in("Ann"), Path(quick_web.store.file)
    quick_web.store.close()
    moved = file.rename(file.with_suffix(".away"))
    answer = ann.get("/you")
    assert (answer.status_code, "There is no database at" in answer.text) == (503, True)
    assert ann.get("/health").status_code == 200
    moved.rename(file)
    assert ann.get("/you").status_code == 200


def test_a_server_that_is_away(postgres_store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL that can't be reached: 503 and a sentence."""
    from followguard.errors import StoreBusy
    from tests.builders.web_desk import opened

    web = opened(postgres_store, tmp_path)
    ann = web.signed_in("Ann")

    def away(_: Any) -> None:
        raise StoreBusy("The database server can't be reached (connection refused).", "Check that it runs.")

    with monkeypatch.context() as broken:
        broken.setattr("followguard.store.store.require_current", away)
        answer = ann.get("/you")
        assert (answer.status_code, "can&#39;t be reached" in answer.text) == (503, True)
    assert ann.get("/you").status_code == 200


def test_a_fault_of_the_program(quick_web: Any, caplog: pytest.LogCaptureFixture) -> None:
    """One sentence for the person, the details in the log; the page is dressed like any other."""

    def broken(_: Any) -> Any:
        raise ZeroDivisionError("secret of a follower")

    put(quick_web, "/broken", broken)
    ann = quick_web.signed_in("Ann")
    with caplog.at_level(logging.ERROR):
        answer = ann.get("/broken")
    assert answer.status_code == 500
    assert "Unexpected ZeroDivisionError." in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"
    assert "ZeroDivisionError" in caplog.text
    assert ann.get("/you").status_code == 200


def test_some_changes_need_a_fresh_sign_in(quick_web: Any) -> None:
    """Younger than five minutes by the clock, which doesn't make it fresh by going back."""

    def forget(request: Any) -> Any:
        return PlainTextResponse(require_fresh(request).person.name)

    put(quick_web, "/forget", forget)
    ann = quick_web.signed_in("Ann")
    assert ann.post("/forget").text == "Ann"
    for span, status in (({"minutes": 4, "seconds": 59}, 200), ({"seconds": 1}, 403), ({"minutes": -6}, 403)):
        quick_web.pass_time(**span)
        assert ann.post("/forget").status_code == status, span
    quick_web.pass_time(minutes=6)
    refused = ann.get("/forget")
    assert "Sign in again by a new link" in refused.text
    assert "followguard desk invite" in refused.text


def test_markup_in_a_failure_is_text(quick_web: Any) -> None:
    """A hostile text in a message runs no script."""
    from followguard.errors import UsageError

    def hostile(_: Any) -> Any:
        raise UsageError("<script>alert(1)</script>", "<img src=x onerror=alert(1)>")

    put(quick_web, "/hostile", hostile)
    answer = quick_web.signed_in("Ann").get("/hostile")
    assert answer.status_code == 400
    assert "<script" not in answer.text
    assert "<img" not in answer.text


def test_no_token_is_logged(quick_web: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Neither of a link nor of a session, whatever is written at any level."""
    with caplog.at_level(logging.DEBUG):
        link = quick_web.link("Ann")
        one = quick_web.browser()
        one.get(link)
        one.post(link)
        one.get("/you")
    said = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert link.rpartition("/")[2] not in said
    assert one.cookies["followguard-8017"] not in said
