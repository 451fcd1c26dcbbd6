"""The database's URL and folder: passwords stay secret, and any name of a file is taken."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from followguard.errors import ConfigurationError
from tests.builders.configuration import ACME, load


def test_the_password_of_the_database_is_not_shown(tmp_path: Path) -> None:
    """Printing the installation doesn't show the password, nor does an error about it."""
    found = load(tmp_path, ACME, {"FOLLOWGUARD_DATABASE_URL": "postgresql://ann:sesame@db/fg"})
    assert "sesame" not in repr(found)
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, ACME, {"FOLLOWGUARD_DATABASE_URL": "mysql://ann:sesame@db/fg"})
    assert "sesame" not in str(refused.value)


def with_url(folder: Path, url: str) -> str:
    """The URL that a database URL from the environment becomes."""
    return load(folder, ACME, {"FOLLOWGUARD_DATABASE_URL": url}).database_url


@pytest.mark.parametrize(
    "password",
    ["plain", "Top@Secret9", "@", "a@b@c", "pa:ss", "pa#ss", "100%", "p%40ss", "[x]", "a b", "p&q=r", "\u00e4"],
)
def test_a_raw_sign_in_the_password_stays_in_the_password(tmp_path: Path, password: str) -> None:
    """The driver gets the host for a host."""
    from followguard.store.engine import parse_url

    url = parse_url(with_url(tmp_path, f"postgresql://u:{password}@db.example:5433/fg?sslmode=require"))
    assert (url.username, url.host, url.port, url.database) == ("u", "db.example", 5433, "fg")
    assert url.password == password.replace("%40", "@")


@pytest.mark.parametrize(
    "url",
    [
        "u:Top/Secret9@127.0.0.1:1/db",
        "u:Top@Sec/ret9@127.0.0.1:1/db",
        "u:Top?Secret9@127.0.0.1:1/db",
        "u:1?Secret9=a@127.0.0.1:1/db",
        "u:Secret9/db",
        "u:p@Secret9:x/db",
        "u:Secret9@127.0.0.1:Secret9/db",
        "u:Secret9\n@127.0.0.1:1/db",
        "u:p@Secret 9/db",
    ],
)
def test_a_password_that_cannot_be_told_apart_is_refused(tmp_path: Path, url: str) -> None:
    """Nothing of it is repeated, neither in the message nor in what the error was made from."""
    import traceback

    with pytest.raises(ConfigurationError, match="Encode what is special") as refused:
        with_url(tmp_path, f"postgresql+psycopg://{url}")
    shown = str(refused.value)
    assert not any(part in shown for part in ("Secret", "Sec", "ret9", "Top"))
    assert refused.value.__cause__ is None
    assert "Secret9" not in "".join(traceback.format_exception_only(refused.value))


ODD_FOLDERS = ["rel%2F2026", "what?", "no #1", "two  words", "it's", 'a"b', "M\u00fcller", "a&b=c", "100%", "a\nb"]

ODD_FOLDERS += ["x[1]", "a:b@c", "~", "$HOME"]


@pytest.mark.parametrize("name", ODD_FOLDERS)
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    """The database, its lock and its backups lie in it and nowhere else, and a backup can be put back."""
    from followguard.store.store import open_store

    folder = tmp_path / name
    folder.mkdir()
    now = datetime(2026, 1, 5, tzinfo=UTC)
    with open_store(load(folder, ACME).database_url) as store:
        store.upgrade()
        with store.lock("acme"):
            pass
        backup = store.upkeep.back_up(now, 3)
        assert store.upkeep.backups() == [backup]
        store.upkeep.restore(backup, now)
    assert backup.parent == folder / "backups"
    assert (folder / "followguard.db").is_file()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that aren't UTF-8: said, not stumbled over."""
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff"))
    folder.mkdir()
    with pytest.raises(ConfigurationError, match="isn't UTF-8"):
        load(folder, ACME)


@pytest.mark.parametrize("name", ["fg%20one.db", "fg%3F.db", "fg[1].db", "fg*.db", "f#g.db"])
def test_a_database_may_have_any_name(tmp_path: Path, name: str) -> None:
    """It is written as a URL; its backups are found again, and old ones go."""
    from datetime import timedelta
    from urllib.parse import unquote

    from followguard.store.store import open_store

    now = datetime(2026, 1, 5, tzinfo=UTC)
    with open_store(with_url(tmp_path, f"sqlite:///{name}")) as store:
        store.upgrade()
        made = [store.upkeep.back_up(now + timedelta(days=day), 2) for day in range(3)]
        assert store.upkeep.backups() == [made[2], made[1]]
        assert not made[0].exists()
    assert (tmp_path / unquote(name)).is_file()
