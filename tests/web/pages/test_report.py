"""The night's report stands in a frame in which nothing runs, and tells only of accounts that the reader sees."""

from typing import Any

from tests.builders.web_pages import HOSTILE, night


def test_the_document_is_shut_in(quick_pages: Any) -> None:
    """No script, no request, a sandbox without an origin, framed by the desk alone; the desk's policy stays strict."""
    night(quick_pages, "acme")
    one = quick_pages.browser()
    page = one.get("/report")
    src = page.text.partition('<iframe class="document"')[2].partition('src="')[2].partition('"')[0]
    document = one.get(src.replace("&amp;", "&"))
    policy = document.headers["content-security-policy"]
    for rule in ("default-src 'none'", "frame-ancestors 'self'", "sandbox allow-popups", "form-action 'none'"):
        assert rule in policy
    for gap in ("script-src", "allow-scripts", "allow-same-origin", "allow-top-navigation"):
        assert gap not in policy + page.text
    assert document.headers["x-frame-options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert page.headers["x-frame-options"] == "DENY"
    assert "frame-src" not in one.get("/today").headers["content-security-policy"]


def test_a_hostile_name_is_letters(quick_pages: Any) -> None:
    """In the report made at the desk, and in whatever file stands in reports/: that is served shut in as well."""
    quick_pages.reads("301", name=HOSTILE, description=HOSTILE)
    quick_pages.house.night()
    night(quick_pages, "acme")
    one, day = quick_pages.browser(), f"{quick_pages.house.now:%Y-%m-%d}"
    text = one.get(f"/report/document?account=acme&day={day}").text
    assert "alert(1)" in text
    assert "<script" not in text
    assert "<img" not in text
    folder = quick_pages.web.installation.folder / "reports"
    folder.mkdir()
    (folder / f"followguard-{day}.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    kept = one.get(f"/report/document?account=&day={day}")
    assert kept.text == "<script>alert(1)</script>"
    assert "sandbox allow-popups" in kept.headers["content-security-policy"]


def test_a_file_of_all_accounts_is_not_for_those_who_see_some(pages: Any) -> None:
    """Bea's is made of beta alone, without the month's costs of all; acme's is not found."""
    for handle in ("acme", "beta"):
        night(pages, handle)
    folder, day = pages.web.installation.folder / "reports", f"{pages.house.now:%Y-%m-%d}"
    folder.mkdir()
    (folder / f"followguard-{day}.html").write_text("about acme", encoding="utf-8")
    bea = pages.browser("Bea")
    text = bea.get(f"/report/document?account=&day={day}").text
    assert "@beta" in text
    assert "acme" not in text
    assert "Costs this month" not in text
    assert bea.get(f"/report/document?account=acme&day={day}").status_code == 404


def test_days_that_are_none(quick_pages: Any) -> None:
    """Before the first night it says so; a day without one, and what isn't a day, are refused in a sentence."""
    one = quick_pages.browser()
    assert "No night has run yet" in one.get("/report").text
    for day in ("", "2026-02-30", "../../followguard", "2030-01-01"):
        assert one.get(f"/report/document?day={day}").status_code == 400
