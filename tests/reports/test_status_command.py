"""`followguard status` on a new installation."""


def test_status_is_late_without_a_complete_night(installed) -> None:
    """--max-age turns a missing night into exit code 1, for a monitor to see; without it status just tells."""
    assert installed("status").code == 0
    done = installed("status", "--max-age", "26h", "--json")
    assert done.code == 1
    assert done.json["late"] == ["acme"]
    assert "followguard nightly" in done.err


def test_status_fits_one_screen(installed) -> None:
    """The status of one account has 24 lines of 80 characters at most."""
    lines = installed("status").out.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
