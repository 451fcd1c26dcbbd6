"""`followguard.toml`: what is read, what is refused, and what is said about it."""

from dataclasses import fields
from pathlib import Path

import pytest

from followguard.config.file import load_installation
from followguard.config.keys import (
    AccountKeys,
    DeskKeyKeys,
    FileKeys,
    NotifyKeys,
    PolicyKeys,
    PriceKeys,
    RetentionKeys,
    WebDeskKeys,
)
from followguard.config.template import commented
from followguard.domain.desk_keys import DEFAULT_KEYS
from followguard.domain.installation import DeskSettings, NotifySettings, RetentionPeriods
from followguard.domain.policy import AccountSettings, Executor, HoldingBack, Policy, Prices, Route
from followguard.errors import ConfigurationError, UnknownAccount, UsageError
from tests.builders.configuration import ACME, load

POLICY = f"{ACME}[accounts.acme.policy]\n"


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
        heartbeat = "https://hc.example/ping"
        profiles = true
        [desk]
        url = "https://desk.example.com/"
        session_hours = 8
        pictures = true
        [desk.keys]
        approve = "1"
        [accounts."@Acme_Dev"]
        colour = "#aa3300"
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
        notify = ["PRESS_MAIL"]
        """,
    )
    assert found.database_url == "sqlite:////var/lib/fg.db"
    assert found.models_dir == Path("/srv/models")
    assert found.prices == Prices(read_on="2026-01-02", read=0.02)
    assert found.retention == RetentionPeriods(decided_text=10)
    assert found.notify == NotifySettings(targets=("MAIL_URL",), heartbeat="https://hc.example/ping", profiles=True)
    assert found.desk == DeskSettings(
        url="https://desk.example.com", session_hours=8, pictures=True, keys={**DEFAULT_KEYS, "approve": "1"}
    )
    assert found.account("ACME_dev") == AccountSettings(
        handle="acme_dev",
        training_basis="written-permission",
        owns_developer_app=True,
        executor=Executor.API,
        model_group="dev",
        policy=Policy(holding_back=HoldingBack.OFF, max_wrong_hold=0.1, never_follow=("rival", "12")),
        colour="#aa3300",
        routes=(Route("press", ("journalist",), ("PRESS_MAIL",)),),
    )


def test_the_keys_are_the_fields_of_the_domain() -> None:
    """No key without a place to go, no setting without a key."""
    for keys, settings in (
        (PolicyKeys, Policy),
        (PriceKeys, Prices),
        (RetentionKeys, RetentionPeriods),
        (NotifyKeys, NotifySettings),
        (WebDeskKeys, DeskSettings),
    ):
        assert list(keys.model_fields) == [field.name for field in fields(settings)]
    assert {"handle", *AccountKeys.model_fields} == {field.name for field in fields(AccountSettings)}
    assert list(DeskKeyKeys.model_fields) == list(DEFAULT_KEYS)


def test_every_key_has_a_sentence() -> None:
    """Docs and `init` have something to say about each."""
    for keys in (FileKeys, AccountKeys, PolicyKeys, PriceKeys, RetentionKeys, NotifyKeys, WebDeskKeys, DeskKeyKeys):
        assert all(field.description for field in keys.model_fields.values())


def test_two_actions_never_share_a_key(tmp_path: Path) -> None:
    """Also where one of them keeps its default; a capital counts as the letter."""
    with pytest.raises(ConfigurationError, match="approve and spam would both be 'a'"):
        load(tmp_path, f'[desk.keys]\nspam = "a"\n{ACME}')
    with pytest.raises(ConfigurationError, match=r"desk\.keys\.spam"):
        load(tmp_path, f'[desk.keys]\nspam = "A"\n{ACME}')


def test_relative_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a command is run from."""
    monkeypatch.chdir("/")
    found = load(tmp_path, ACME, {"FOLLOWGUARD_CREDENTIALS_DIR": "secrets"})
    assert found.database_url == f"sqlite:///{tmp_path}/followguard.db"
    assert found.models_dir == tmp_path / "models"
    assert found.credentials_dir == tmp_path / "secrets"


def test_a_byte_order_mark_is_no_key(tmp_path: Path) -> None:
    """Editors that write one are forgiven."""
    assert load(tmp_path, b"\xef\xbb\xbf" + ACME.encode()).account().handle == "acme"


def test_what_init_writes_says_the_defaults(tmp_path: Path) -> None:
    """The commented file means the same as the smallest one."""
    small, whole = load(tmp_path, ACME), load(tmp_path, commented("acme", "handoff", "none"))
    assert whole == small


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
    """A missing file is named with the way to one; a folder isn't a file."""
    with pytest.raises(ConfigurationError, match="followguard init"):
        load_installation(tmp_path / "followguard.toml", {})
    with pytest.raises(ConfigurationError, match="can't be read"):
        load_installation(tmp_path, {})


def test_accounts_are_found_by_name(tmp_path: Path) -> None:
    """Accounts are found with or without @, in any case; each once, in the order of the file."""
    found = load(tmp_path, ACME + ACME.replace("acme", "acme_dev"))
    assert found.account("@ACME").handle == "acme"
    assert [each.handle for each in found.chosen()] == ["acme", "acme_dev"]
    assert [each.handle for each in found.chosen(["acme_dev", "acme", "@acme"])] == ["acme", "acme_dev"]
    with pytest.raises(UsageError, match="acme, acme_dev"):
        found.account()
    with pytest.raises(UnknownAccount, match=r"Did you mean acme_dev\?"):
        found.account("acme_de")


@pytest.mark.parametrize(
    "handle", ["whole_database", "con", "base", "house", "group", "123", "_", "a" * 15, "CamelCase_9"]
)
def test_any_handle_of_x_is_taken(tmp_path: Path, handle: str) -> None:
    """Letters, digits and underscores, also names that mean something to a program."""
    assert list(load(tmp_path, ACME.replace("acme", handle)).accounts) == [handle.lower()]
    assert f"[accounts.{handle.lower()}]" in commented(handle.lower(), "handoff", "none")
