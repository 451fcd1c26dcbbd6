"""Old reports go; nothing else in the folder does."""

from pathlib import Path

from followguard.reports.old import remove_older


def test_only_reports_before_the_day_go(tmp_path: Path) -> None:
    """A report of the day itself, one of a single account, somebody's notes and a folder: only what is older goes."""
    kept = ["followguard-2026-11-22.html", "followguard-notes.html", "followguard-2026-01-01.html.bak", "other.html"]
    old = ["followguard-2026-10-01.html"]
    old += [f"followguard-2026-11-21-{handle}.html" for handle in ("_", "acme", "acme-b", "acme.de")]
    for name in [*kept, *old]:
        (tmp_path / name).write_text("x", encoding="utf-8")
    assert sorted(path.name for path in remove_older(tmp_path, "2026-11-22")) == sorted(old)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(kept)
    assert remove_older(tmp_path / "nowhere", "2026-11-22") == []
