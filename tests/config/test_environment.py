"""Variables of the environment: which win, which are pinned on loopback only, and how quotes are taken."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from followguard.errors import ConfigurationError
from tests.builders.configuration import ACME, LOCAL, load


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


def test_clock_and_chance_are_pinned_on_loopback(tmp_path: Path) -> None:
    """A time without a zone is UTC."""
    found = load(tmp_path, ACME, {**LOCAL, "FOLLOWGUARD_NOW": "2026-01-05T00:10:00", "FOLLOWGUARD_SEED": "7"})
    assert found.pinned_now == datetime(2026, 1, 5, 0, 10, tzinfo=UTC)
    assert (found.pinned_seed, found.warnings) == (7, ())


def test_clock_and_chance_are_real_away_from_loopback(tmp_path: Path) -> None:
    """Pinned values are ignored, whatever they hold, and that is said."""
    found = load(tmp_path, ACME, {"FOLLOWGUARD_NOW": "nonsense", "FOLLOWGUARD_SEED": "7"})
    assert (found.pinned_now, found.pinned_seed) == (None, None)
    assert found.warnings == (
        "FOLLOWGUARD_NOW and FOLLOWGUARD_SEED ignored: honoured only while x_api_url is on this machine.",
    )


@pytest.mark.parametrize(("name", "value"), [("FOLLOWGUARD_NOW", "yesterday"), ("FOLLOWGUARD_SEED", "7.5")])
def test_a_pin_that_cannot_be_read_is_refused(tmp_path: Path, name: str, value: str) -> None:
    """A pin that counts must be one that can be read."""
    with pytest.raises(ConfigurationError, match=f"{name} can't be read"):
        load(tmp_path, ACME, {**LOCAL, name: value})


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


@pytest.mark.parametrize(
    "url", ["http://u:pa/ss9@host", "http://u:pa@ss9@host", "http://u:pa:ss9@h:x", "http://[ss9@h"]
)
def test_a_password_in_the_address_of_x_is_not_shown(tmp_path: Path, url: str) -> None:
    """It doesn't belong there, and isn't repeated."""
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, ACME, {"FOLLOWGUARD_X_API_URL": url})
    assert "ss9" not in str(refused.value)
