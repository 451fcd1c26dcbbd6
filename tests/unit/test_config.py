"""`followguard.toml` and the environment: what is read, what is refused, and what is said about it."""

import json
import os
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from followguard.adapters.config.credentials import SECRETS, missing_secrets, read_credentials, variable_prefix
from followguard.adapters.config.file import load_installation
from followguard.adapters.config.keys import AccountKeys, FileKeys, PolicyKeys, PriceKeys, RetentionKeys
from followguard.adapters.config.template import commented
from followguard.domain.installation import Installation, RetentionPeriods
from followguard.domain.listed_names import is_named
from followguard.domain.policy import AccountSettings, Executor, HoldingBack, Policy, Prices, Route
from followguard.errors import ConfigurationError, MissingCredentials, UnknownAccount, UsageError

ACME = '[accounts.acme]\ntraining_basis = "none"\n'
POLICY = f"{ACME}[accounts.acme.policy]\n"
LOCAL = {"FOLLOWGUARD_X_API_URL": "http://127.0.0.1:8080"}


def load(folder: Path, text: str | bytes, env: dict[str, str] | None = None) -> Installation:
    """The installation of a file with this text."""
    path = folder / "followguard.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_installation(path, env or {})


# --- what is read ---------------------------------------------------------------------------------------------------
def test_the_smallest_file_has_every_default(tmp_path: Path) -> None:
    """One account with a training basis is enough."""
    found = load(tmp_path, ACME)
    assert found.accounts == {"acme": AccountSettings(handle="acme", training_basis="none")}
    assert (found.prices, found.retention) == (Prices(), RetentionPeriods())
    assert (found.backups, found.max_usd_per_month, found.x_api_url) == (14, 50.0, "https://api.x.com")


def test_every_key_is_taken(tmp_path: Path) -> None:
    """A full file arrives in the types of the domain."""
    found = load(
        tmp_path,
        """
        database_url = "sqlite:////var/lib/fg.db"
        models_dir = "/srv/models"
        backups = 0
        x_api_url = "http://localhost:9999/"
        max_usd_per_month = 20
        [prices]
        read_on = 2026-01-02
        read = 0.02
        [retention]
        decided_text = 10
        [notify]
        targets = ["MAIL_URL"]
        [accounts."@Acme_Dev"]
        training_basis = "written-permission"
        executor = "api"
        owns_developer_app = true
        model_group = "dev"
        [accounts."@Acme_Dev".policy]
        holding_back = "off"
        max_wrong_hold = 0.1
        never_follow = ["@Rival", "12"]
        [[accounts."@Acme_Dev".routes]]
        name = "press"
        bio = ["journalist"]
        """,
    )
    assert found.database_url == "sqlite:////var/lib/fg.db"
    assert found.models_dir == Path("/srv/models")
    assert found.prices == Prices(read_on="2026-01-02", read=0.02)
    assert found.retention == RetentionPeriods(decided_text=10)
    assert found.notify_targets == ("MAIL_URL",)
    assert found.account("ACME_dev") == AccountSettings(
        handle="acme_dev",
        training_basis="written-permission",
        owns_developer_app=True,
        executor=Executor.API,
        model_group="dev",
        policy=Policy(holding_back=HoldingBack.OFF, max_wrong_hold=0.1, never_follow=("rival", "12")),
        routes=(Route("press", ("journalist",)),),
    )


def test_the_keys_are_the_fields_of_the_domain() -> None:
    """No key without a place to go, no setting without a key."""
    for keys, settings in ((PolicyKeys, Policy), (PriceKeys, Prices), (RetentionKeys, RetentionPeriods)):
        assert list(keys.model_fields) == [field.name for field in fields(settings)]
    assert {"handle", *AccountKeys.model_fields} == {field.name for field in fields(AccountSettings)}


def test_every_key_has_a_sentence() -> None:
    """Docs and `init` have something to say about each."""
    for keys in (FileKeys, AccountKeys, PolicyKeys, PriceKeys, RetentionKeys):
        assert all(field.description for field in keys.model_fields.values())


def test_relative_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a command is run from."""
    monkeypatch.chdir("/")
    found = load(tmp_path, ACME, {"FOLLOWGUARD_CREDENTIALS_DIR": "secrets"})
    assert found.database_url == f"sqlite:///{tmp_path}/followguard.db"
    assert found.models_dir == tmp_path / "models"
    assert found.credentials_dir == tmp_path / "secrets"


def test_the_environment_wins(tmp_path: Path) -> None:
    """Each variable over the key of its name; an empty one counts as none."""
    env = {
        "FOLLOWGUARD_DATABASE_URL": "postgresql://ann:pw@db/fg",
        "FOLLOWGUARD_MODELS_DIR": "elsewhere",
        "FOLLOWGUARD_X_API_URL": "http://127.0.0.1:1",
        "FOLLOWGUARD_CREDENTIALS_DIR": "",
    }
    found = load(tmp_path, ACME, env)
    assert found.database_url == "postgresql+psycopg://ann:pw@db/fg"
    assert found.models_dir == tmp_path / "elsewhere"
    assert found.x_api_url == "http://127.0.0.1:1"
    assert found.credentials_dir is None


def test_a_byte_order_mark_is_no_key(tmp_path: Path) -> None:
    """Editors that write one are forgiven."""
    assert load(tmp_path, b"\xef\xbb\xbf" + ACME.encode()).account().handle == "acme"


def test_the_password_of_the_database_is_not_shown(tmp_path: Path) -> None:
    """Neither by printing the installation nor by an error about it."""
    found = load(tmp_path, ACME, {"FOLLOWGUARD_DATABASE_URL": "postgresql://ann:sesame@db/fg"})
    assert "sesame" not in repr(found)
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, ACME, {"FOLLOWGUARD_DATABASE_URL": "mysql://ann:sesame@db/fg"})
    assert "sesame" not in str(refused.value)


def test_what_init_writes_says_the_defaults(tmp_path: Path) -> None:
    """The commented file means the same as the smallest one."""
    small, whole = load(tmp_path, ACME), load(tmp_path, commented("acme", "handoff", "none"))
    assert whole == small


# --- clock and chance -----------------------------------------------------------------------------------------------
def test_clock_and_chance_are_pinned_on_loopback(tmp_path: Path) -> None:
    """A time without a zone is UTC."""
    found = load(tmp_path, ACME, {**LOCAL, "FOLLOWGUARD_NOW": "2026-01-05T00:10:00", "FOLLOWGUARD_SEED": "7"})
    assert found.pinned_now == datetime(2026, 1, 5, 0, 10, tzinfo=UTC)
    assert (found.pinned_seed, found.warnings) == (7, ())


def test_clock_and_chance_are_real_away_from_loopback(tmp_path: Path) -> None:
    """They are ignored, whatever they hold, and that is said."""
    found = load(tmp_path, ACME, {"FOLLOWGUARD_NOW": "nonsense", "FOLLOWGUARD_SEED": "7"})
    assert (found.pinned_now, found.pinned_seed) == (None, None)
    assert found.warnings == (
        "FOLLOWGUARD_NOW and FOLLOWGUARD_SEED ignored: honoured only while x_api_url is on this machine.",
    )


@pytest.mark.parametrize(("name", "value"), [("FOLLOWGUARD_NOW", "yesterday"), ("FOLLOWGUARD_SEED", "7.5")])
def test_a_pin_that_cannot_be_read_is_refused(tmp_path: Path, name: str, value: str) -> None:
    """Where it counts, it must be right."""
    with pytest.raises(ConfigurationError, match=f"{name} can't be read"):
        load(tmp_path, ACME, {**LOCAL, name: value})


# --- what is refused ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ["never_follow", "never_hold_back"])
@pytest.mark.parametrize(
    "entry",
    [
        *("", " ", "\t", "@", "@@acme", "acme*", "ac?me", "a.b", "rival-brand", "two words", "rival,brand", "#spam"),
        *("sixteen_letters_", "a" * 200, "https://x.com/rival", "x.com/rival", "émile", "\uff11\uff12", "007", "0"),
        *("item:3", "1.2e10", "123456789012345678901", "@12345678901234567890", "rival\u200b", "[rival]", "/rival/"),
    ],
)
def test_an_entry_that_can_match_nobody_is_refused(tmp_path: Path, key: str, entry: str) -> None:
    """The key and the place are named, and what to write; nobody believes in a protection that isn't there."""
    listed = json.dumps(["fine", entry])
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, f"{POLICY}{key} = {listed}\n")
    assert f"accounts.acme.policy.{key}[1]" in refused.value.message
    assert "can match nobody" in refused.value.message
    assert refused.value.next_step


@pytest.mark.parametrize("entry", ["https://x.com/Rival_1", "http://www.twitter.com/@Rival_1?s=20", "x.com/Rival_1/"])
def test_an_address_in_a_list_of_names_says_the_name(tmp_path: Path, entry: str) -> None:
    """What was meant stands in the next step."""
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, f"{POLICY}never_follow = ['{entry}']\n")
    assert '"Rival_1"' in refused.value.next_step


def test_names_and_ids_are_told_apart(tmp_path: Path) -> None:
    """Digits alone are an id; with @ they are a username; case, @ and spaces round a name don't count."""
    entries = ["@Rival", " plain_name ", "12", "@12", "a", "123456789_12345"]
    found = load(tmp_path, f"{POLICY}never_follow = {json.dumps(entries)}\n")
    names = found.accounts["acme"].policy.never_follow
    assert names == ("rival", "plain_name", "12", "@12", "a", "123456789_12345")
    assert is_named("12", "x", frozenset(names))
    assert is_named("99", "12", frozenset({"@12"}))
    assert not is_named("99", "12", frozenset({"12"}))
    assert not is_named("99", None, frozenset(names))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "accounts is missing. Add a table [accounts.HANDLE]"),
        ("[accounts]\n", "accounts must be filled"),
        ("colour = 1\n" + ACME, "unknown key colour"),
        ("max_usd_per_mont = 1\n" + ACME, "Did you mean max_usd_per_month?"),
        ("[acounts.x]\n" + ACME, "Did you mean accounts?"),
        (ACME + "excutor = 'api'\n", "Did you mean accounts.acme.executor?"),
        (POLICY + "max_card_per_day = 3\n", "Did you mean accounts.acme.policy.max_cards_per_day?"),
        (POLICY + "max_cards_per_day = '3'\n", "accounts.acme.policy.max_cards_per_day must be a whole number"),
        (POLICY + "max_cards_per_day = 3.5\n", "must be a whole number, not 3.5"),
        (POLICY + "max_cards_per_day = true\n", "must be a whole number, not true"),
        (POLICY + "max_cards_per_day = -1\n", "must be at least 0, not -1"),
        (POLICY + "max_usd_per_night = -0.5\n", "must be at least 0"),
        (POLICY + "max_usd_per_night = nan\n", "must be a finite number"),
        (POLICY + "blind_share = 1.5\n", "must be at most 1"),
        (POLICY + "two_person_approval = 1\n", "must be true or false"),
        (POLICY + "holding_back = 'always'\n", "'earned', 'on' or 'off'"),
        (POLICY + "never_follow = [12]\n", "never_follow[0] must be text in quotes"),
        (POLICY + "never_follow = 'x'\n", "must be a list"),
        (POLICY + "unsure_above = 0.96\n", "crossed cutoffs in accounts.acme.policy"),
        (ACME + "[prices]\nread = -1\n", "prices.read must be at least 0"),
        (ACME + "[prices]\nread = 'free'\n", "prices.read must be a number"),
        (ACME + "[prices]\nread_on = '2026'\n", "prices.read_on must be a date"),
        (ACME + "[retention]\ndecided_text = 0\n", "retention.decided_text must be at least 1"),
        ("retention = 3\n" + ACME, "retention must be a table"),
        ("[accounts.acme]\n", "accounts.acme.training_basis is missing. The company decides"),
        ("[accounts.acme]\ntraining_basis = 'maybe'\n", "accounts.acme.training_basis must be one of"),
        ("[accounts]\nacme = 3\n", "accounts.acme must be a table"),
        (ACME + "model_group = '../x'\n", "accounts.acme.model_group must be letters"),
        (ACME + "model_group = 'base'\n", "can't be 'base'"),
        (ACME + "[[accounts.acme.routes]]\nname = 'x'\n", "accounts.acme.routes[0].bio is missing"),
        (ACME + ACME, "twice"),
        (ACME + ACME.replace("acme", "ACME"), "duplicate handle 'acme'"),
        (ACME + ACME.replace("acme", '"@acme"'), "duplicate handle 'acme'"),
        (ACME.replace("acme", '"a b"'), "can't be a handle"),
        (ACME.replace("acme", "group-house"), "can't be a handle"),
        (ACME.replace("acme", '"a.b"') + ACME.replace("acme", "a-b"), "would share the secrets FOLLOWGUARD_A_B_"),
        ("x_api_url = 'https://x.example'\n" + ACME, "x_api_url"),
        ("x_api_url = 'http://api.x.com'\n" + ACME, "x_api_url"),
        ("database_url = 'oracle://x'\n" + ACME, "database_url"),
        ("database_url = 'sqlite://'\n" + ACME, "names no file"),
        ("database_url = 'sqlite:///:memory:'\n" + ACME, "names no file"),
        ("backups = \n", "isn't valid TOML: Invalid value (at line 1"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """One line that names the key and what to write; nothing is guessed."""
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, text)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.next_step


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    """The line is named."""
    with pytest.raises(ConfigurationError, match="line 3 isn't UTF-8"):
        load(tmp_path, ACME.encode() + b"# caf\xe9\n")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the way to one; and a folder isn't a file."""
    with pytest.raises(ConfigurationError, match="followguard init"):
        load_installation(tmp_path / "followguard.toml", {})
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_installation(tmp_path, {})


# --- accounts -------------------------------------------------------------------------------------------------------
def test_accounts_are_found_by_name(tmp_path: Path) -> None:
    """With or without @, in any case; each once, in the order of the file."""
    found = load(tmp_path, ACME + ACME.replace("acme", "acme_dev"))
    assert found.account("@ACME").handle == "acme"
    assert [each.handle for each in found.chosen()] == ["acme", "acme_dev"]
    assert [each.handle for each in found.chosen(["acme_dev", "acme", "@acme"])] == ["acme", "acme_dev"]
    with pytest.raises(UsageError, match="acme, acme_dev"):
        found.account()
    with pytest.raises(UnknownAccount, match=r"Did you mean acme_dev\?"):
        found.account("acme_de")


# --- secrets --------------------------------------------------------------------------------------------------------
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


# --- what came with a secret ----------------------------------------------------------------------------------------
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
    """As Windows' editors save it, with its mark."""
    (tmp_path / KEY).write_bytes("kXJ39dkwDIlA3cJk\r\n".encode("utf-16"))
    assert read_credentials("acme", with_key(""), tmp_path).consumer_key.reveal() == "kXJ39dkwDIlA3cJk"


@pytest.mark.parametrize("empty", ["", '""', "''", " ", "\ufeff", '" "', "\n"])
def test_an_empty_secret_is_missing(tmp_path: Path, empty: str) -> None:
    """With quotes round nothing, too."""
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


def test_quotes_round_other_variables_are_no_part_of_them(tmp_path: Path) -> None:
    """An --env-file quotes them all alike."""
    env = {
        "FOLLOWGUARD_DATABASE_URL": '"sqlite:///other.db"',
        "FOLLOWGUARD_X_API_URL": "'http://127.0.0.1:8080'",
        "FOLLOWGUARD_NOW": '"2026-01-05T00:10:00Z"',
        "FOLLOWGUARD_CREDENTIALS_DIR": '"secrets"',
        "FOLLOWGUARD_SEED": "''",
    }
    found = load(tmp_path, ACME, env)
    assert found.database_url == f"sqlite:///{tmp_path / 'other.db'}"
    assert (found.x_api_url, found.credentials_dir) == ("http://127.0.0.1:8080", tmp_path / "secrets")
    assert (found.pinned_now, found.pinned_seed) == (datetime(2026, 1, 5, 0, 10, tzinfo=UTC), None)


# --- passwords and paths in a URL -----------------------------------------------------------------------------------
def with_url(folder: Path, url: str) -> str:
    """What becomes of a database URL from the environment."""
    return load(folder, ACME, {"FOLLOWGUARD_DATABASE_URL": url}).database_url


@pytest.mark.parametrize(
    "password",
    ["plain", "Top@Secret9", "@", "a@b@c", "pa:ss", "pa#ss", "100%", "p%40ss", "[x]", "a b", "p&q=r", "\u00e4"],
)
def test_a_raw_sign_in_the_password_stays_in_the_password(tmp_path: Path, password: str) -> None:
    """What the driver gets for a host is the host."""
    from followguard.adapters.store.engine import parse_url

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


@pytest.mark.parametrize(
    "url", ["http://u:pa/ss9@host", "http://u:pa@ss9@host", "http://u:pa:ss9@h:x", "http://[ss9@h"]
)
def test_a_password_in_the_address_of_x_is_not_shown(tmp_path: Path, url: str) -> None:
    """It doesn't belong there, and isn't repeated."""
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, ACME, {"FOLLOWGUARD_X_API_URL": url})
    assert "ss9" not in str(refused.value)


ODD_FOLDERS = ["rel%2F2026", "what?", "no #1", "two  words", "it's", 'a"b', "M\u00fcller", "a&b=c", "100%", "a\nb"]
ODD_FOLDERS += ["x[1]", "a:b@c", "~", "$HOME"]


@pytest.mark.parametrize("name", ODD_FOLDERS)
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    """The database, its lock and its backups lie in it and nowhere else, and a backup can be put back."""
    from followguard.adapters.store.engine import open_store

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

    from followguard.adapters.store.engine import open_store

    now = datetime(2026, 1, 5, tzinfo=UTC)
    with open_store(with_url(tmp_path, f"sqlite:///{name}")) as store:
        store.upgrade()
        made = [store.upkeep.back_up(now + timedelta(days=day), 2) for day in range(3)]
        assert store.upkeep.backups() == [made[2], made[1]]
        assert not made[0].exists()
    assert (tmp_path / unquote(name)).is_file()


@pytest.mark.parametrize(
    "handle", ["whole_database", "con", "base", "house", "group", "123", "_", "a" * 15, "CamelCase_9"]
)
def test_any_handle_of_x_is_taken(tmp_path: Path, handle: str) -> None:
    """Letters, digits and underscores, also names that mean something to a program."""
    assert list(load(tmp_path, ACME.replace("acme", handle)).accounts) == [handle.lower()]
    assert f"[accounts.{handle.lower()}]" in commented(handle.lower(), "handoff", "none")
