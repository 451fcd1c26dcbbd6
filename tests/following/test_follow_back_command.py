"""`followguard follow-back` as its user meets it, against the sandbox over real HTTP."""

import pytest

from tests.builders.office import Office


def test_the_hand_off_list_has_the_links_and_says_as_whom(office: Office) -> None:
    """Both accounts, each with the account to be signed in as, and what to do next."""
    done = office.cli("follow-back", "--by", "Ann")
    assert done.code == 0
    for handle, follower_id in (("acme", office.ids[0]), ("acme", office.ids[1]), ("acme_labs", office.labs)):
        assert f"signed in to X as @{handle}." in done.out
        assert f"https://x.com/intent/follow?user_id={follower_id}" in done.out
    assert ' --as followed --by "Ann"' in done.out


def test_the_json_is_what_others_read(office: Office) -> None:
    """The keys of the contract, times in UTC, one document."""
    code, acme = office.acme()
    assert code == 0
    assert (acme["account"], acme["executor"], acme["sent"], acme["parked"], acme["skipped"]) == (
        "acme",
        "handoff",
        [],
        [],
        [],
    )
    link = acme["handed_off"][0]
    assert {"item", "follower_id", "username", "url", "checked_at"} <= set(link)
    assert link["checked_at"] == "2026-11-02T00:05:00Z"


def test_without_credentials_fresh_links_are_shown_and_stale_ones_are_not(office: Office) -> None:
    """A reviewer's machine: 24 hours after the reading the links are gone, and it says what to do."""
    office.without_credentials()
    assert len(office.acme()[1]["handed_off"]) == 2
    office.pass_time(hours=24, seconds=1)
    code, acme = office.acme()
    assert (code, acme["handed_off"]) == (1, [])
    assert "next nightly" in acme["skipped"][0]["why"]


def test_marking_what_was_done(office: Office) -> None:
    """followed waits for X, could-not brings the card back, and both leave the list."""
    office.acme()
    first = office.cli("follow-back", "mark", office.ids[0], "--as", "followed", "--by", "Ann", "--json").json
    assert (first["account"], first["order"]) == ("acme", "sent")
    second = office.cli("follow-back", "mark", office.ids[1], "--as", "could-not", "--by", "Ann")
    assert "back on the list" in second.out
    assert office.acme()[1]["handed_off"] == []
    waiting = office.cli("review", "list", "--account", "acme", "--json").json
    assert "could not follow" in next(row for row in waiting if row["follower_id"] == office.ids[1])["note"]


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("FIRST", "--as", "maybe", "--by", "Ann"), 2, "followed, could-not, skip"),
        (("FIRST", "--as", "followed"), 2, "No person was named"),
        (("FIRST", "--as", "followed", "--by", "Zoe"), 2, "person add"),
        (("FIRST", "--as", "followed", "--by", "Ray", "--account", "acme"), 2, "isn't an approver"),
        (("@nobody_at_all", "--as", "followed", "--by", "Ann"), 1, "isn't a recorded follower"),
        (("FIRST", "--as", "followed", "--account", "other", "--by", "Ann"), 2, "no account"),
    ],
)
def test_a_mark_that_cannot_be_is_one_line_with_the_next_step(
    office: Office, args: tuple[str, ...], code: int, says: str
) -> None:
    """Wrong word, nobody, no role, no such follower or account: refused, nothing changed."""
    assert office.cli("person", "add", "Ray", "--role", "reviewer", "--by", "Ann").code == 0
    done = office.cli("follow-back", "mark", *(office.ids[0] if arg == "FIRST" else arg for arg in args))
    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert done.err.count("\n") == 1
    assert len(office.acme()[1]["handed_off"]) == 2


def test_a_mark_twice_is_refused(office: Office) -> None:
    """Exit 1, and where it stands."""
    office.acme()
    mark = ("follow-back", "mark", office.ids[0], "--as", "followed", "--by", "Ann")
    assert office.cli(*mark).code == 0
    assert office.cli(*mark).code == 1


def test_a_viewer_does_not_open_the_list(office: Office) -> None:
    """A name that is given must be a reviewer's at least; without a name anybody on this machine may."""
    assert office.cli("person", "add", "Vic", "--role", "viewer", "--by", "Ann").code == 0
    assert office.cli("follow-back", "--by", "Vic").code == 2


def test_a_dry_run_says_whom_and_changes_nothing(office: Office) -> None:
    """Nothing is handed off, nothing is called."""
    code, acme = office.acme("--dry-run")
    assert (code, acme["handed_off"], len(acme["would"])) == (0, [], 2)
    office.without_credentials()
    assert len(office.acme()[1]["handed_off"]) == 2


def test_a_paused_account_says_so(office: Office) -> None:
    """Exit 0 with the way back."""
    assert office.cli("account", "pause", "--account", "acme").code == 0
    code, acme = office.acme()
    assert (code, acme["handed_off"]) == (0, [])
    assert "account resume --account acme" in acme["skipped"][0]["why"]


def test_a_paused_account_says_so_in_words_and_an_approval_does_not_send_to_follow_back(office: Office) -> None:
    """Since when, how many wait, how to go on; and that again where somebody is approved meanwhile."""
    assert office.cli("account", "pause", "--account", "acme").code == 0
    done = office.cli("follow-back", "--account", "acme")
    assert "@acme is paused since 2026-11-02 00:05 UTC" in done.out
    assert "2 approved followers wait." in done.out
    assert "Nothing to follow today" not in done.out
    assert office.cli("review", "undo", office.ids[0], "--by", "Ann").code == 0
    approved = office.cli("review", "approve", office.ids[0], "--by", "Ann")
    assert "account resume --account acme" in approved.out
    assert "Next: followguard follow-back" not in approved.out


def test_a_mark_names_the_follower(office: Office) -> None:
    """A mark names the follower by username too."""
    office.acme()
    username = office.cli("review", "show", office.ids[0], "--json", "--account", "acme").json["username"]
    done = office.cli("follow-back", "mark", office.ids[0], "--as", "followed", "--by", "Ann")
    assert f"@{username} (follower {office.ids[0]}) of @acme" in done.out


def test_unknown_accounts_are_refused(office: Office) -> None:
    """Exit 2 with the accounts that there are."""
    done = office.cli("follow-back", "--account", "acmee")
    assert (done.code, "Did you mean acme" in done.err) == (2, True)
