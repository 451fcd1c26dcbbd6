"""Secrets from variables and files: read without what stands round them, refused without being shown."""

from pathlib import Path

import pytest

from followguard.config.credentials import SECRETS, missing_secrets, read_credentials
from followguard.config.file import variable_prefix
from followguard.errors import ConfigurationError, MissingCredentials


def names(handle: str) -> list[str]:
    """The four variables of a handle."""
    return [variable_prefix(handle) + secret.upper() for secret in SECRETS]


def test_secrets_come_from_the_environment_or_from_files(tmp_path: Path) -> None:
    """The environment wins; line ends round a secret are no part of it."""
    for name in names("acme"):
        (tmp_path / name).write_text(f"file-{name}\n", encoding="utf-8")
    found = read_credentials("acme", {"FOLLOWGUARD_ACME_CONSUMER_KEY": " env "}, tmp_path)
    assert found.consumer_key.reveal() == "env"
    assert found.access_token.reveal() == "file-FOLLOWGUARD_ACME_ACCESS_TOKEN"
    assert "env" not in repr(found)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """Exactly that, and no value."""
    env = dict.fromkeys(names("acme.de")[:3], "sesame")
    assert missing_secrets("acme.de", env, tmp_path) == ["FOLLOWGUARD_ACME_DE_ACCESS_TOKEN_SECRET"]
    with pytest.raises(MissingCredentials, match="FOLLOWGUARD_ACME_DE_ACCESS_TOKEN_SECRET is not set") as refused:
        read_credentials("acme.de", env, None)
    assert "sesame" not in str(refused.value)


def test_a_secret_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A folder in its place, or bytes that aren't text: said without showing them."""
    (tmp_path / names("acme")[0]).mkdir()
    with pytest.raises(ConfigurationError, match="Is a directory"):
        missing_secrets("acme", {}, tmp_path)
    (tmp_path / names("beta")[0]).write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="isn't text"):
        missing_secrets("beta", {}, tmp_path)


KEY = "FOLLOWGUARD_ACME_CONSUMER_KEY"


def with_key(text: str) -> dict[str, str]:
    """Four secrets, one of them this text."""
    return {f"{variable_prefix('acme')}{name.upper()}": "8RkwDIlA3cJ" for name in SECRETS} | {KEY: text}


@pytest.mark.parametrize(
    "written",
    ['"{}"', "'{}'", " {} ", '"{}"\n', "\ufeff{}", '\ufeff"{}"\r\n', "'\"{}\"'", '" {} "', "{}\r", "\t{}", '"{}" '],
)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_what_stands_round_a_secret_is_no_part_of_it(tmp_path: Path, written: str, place: str) -> None:
    """Quotes that docker's --env-file keeps, a byte order mark, blanks, line ends: in variables and in files."""
    text = written.format("77-kXJ39dkwDIlA3cJk")
    env = with_key(text if place == "environment" else "")
    (tmp_path / KEY).write_bytes(text.encode())
    assert read_credentials("acme", env, tmp_path).consumer_key.reveal() == "77-kXJ39dkwDIlA3cJk"


def test_a_secret_saved_as_utf_16_is_read(tmp_path: Path) -> None:
    """A secret in UTF-16 is read as Windows' editors save it, with its mark."""
    (tmp_path / KEY).write_bytes("kXJ39dkwDIlA3cJk\r\n".encode("utf-16"))
    assert read_credentials("acme", with_key(""), tmp_path).consumer_key.reveal() == "kXJ39dkwDIlA3cJk"


@pytest.mark.parametrize("empty", ["", '""', "''", " ", "\ufeff", '" "', "\n"])
def test_an_empty_secret_is_missing(tmp_path: Path, empty: str) -> None:
    """An empty secret is missing, also in quotes."""
    (tmp_path / KEY).write_text(empty, encoding="utf-8")
    assert missing_secrets("acme", with_key(empty), tmp_path) == [KEY]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('"kXJ39dkwDI', "a quotation mark"),
        ("kXJ39dkwDI'", "a quotation mark"),
        ("\u201ckXJ39dkwDI\u201d", "a quotation mark"),
        ("kXJ39 dkwDI", "a blank"),
        ("kXJ39dkwDI # the key", "a blank"),
        ("kXJ39\nkwDI", "a blank or a line end"),
        ("kXJ39\u00e9wDI", "isn't ASCII"),
        ("kXJ39\x00wDI", "isn't ASCII"),
        ("${CONSUMER_KEY}", "the sign $"),
        ("<consumer key>", "a placeholder"),
        ("changeme", "a placeholder"),
        ("your-consumer-key", "a placeholder"),
        ("xxxxxxxx", "a placeholder"),
        ("...", "a placeholder"),
        ("***", "a placeholder"),
        (KEY, "a placeholder"),
        (f"{KEY}=kXJ39dkwDI", f"begins with {KEY}= itself"),
    ],
)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_what_can_be_no_secret_is_refused(tmp_path: Path, written: str, says: str, place: str) -> None:
    """Before X is asked: exit 2, the variable's name, and nothing of what it holds."""
    env = with_key(written if place == "environment" else "")
    (tmp_path / KEY).write_text(written, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        missing_secrets("acme", env, tmp_path)
    assert str(refused.value).startswith(KEY)
    assert says in refused.value.message
    assert "kXJ39" not in str(refused.value)
