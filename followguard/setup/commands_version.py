"""`followguard --version`: the program, the model that it ships, and the schema that it works with."""

from followguard import __version__
from followguard.cli import output
from followguard.errors import DamagedModel


def say() -> None:
    """Prints `followguard 0.1.0 (base model base-0123456789ab, schema 0001)`."""
    from followguard.store.engine import SCHEMA

    output.line(f"followguard {__version__} (base model {_base_model()}, schema {SCHEMA})")


def _base_model() -> str:
    """Returns the shipped model's name, or that it can't be read."""
    import json

    from followguard.domain.manifest import MANIFEST_FILE
    from followguard.training.models.folders import shipped_base

    try:
        manifest = json.loads((shipped_base() / MANIFEST_FILE).read_text(encoding="utf-8"))
        return str(manifest["name"])
    except (DamagedModel, OSError, ValueError, KeyError):
        return "missing"
