"""Triggers of the newest schema: what keys and checks can't say. `freeze` copies them into a migration."""

from followguard.adapters.store.tables import LIVE_ORDER_STATES

LIVE = f"({', '.join(repr(state) for state in LIVE_ORDER_STATES)})"
GONE_OUT = "('handed_off', 'sending', 'sent', 'confirmed')"
IDENTITY = ("id", "account_id", "follower_id", "decision_id", "decision_kind", "appearance_hash")
ZEROS = "0" * 64

# Nobody changes or deletes a row of these: table -> what the refusal says.
FIXED = {
    "decisions": "a decision is never changed or deleted",
    "log": "the log is never changed or deleted",
}

# Table -> (what the refusal says, the condition over NEW that is refused), before an INSERT.
REFUSED_INSERTS: dict[str, tuple[tuple[str, str], ...]] = {
    "decisions": (
        # SQLite's INSERT OR REPLACE would otherwise delete the row in the way without a word.
        ("a decision is never replaced", "EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.id)"),
        ("a decision is undone once", "EXISTS (SELECT 1 FROM decisions d WHERE d.undoes = NEW.undoes)"),
        (
            "an undo is about the same card, and of a decision",
            "NEW.undoes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.undoes"
            " AND d.item_id = NEW.item_id AND d.kind <> 'undo')",
        ),
        (
            "what was handed off or sent can't be undone",
            f"EXISTS (SELECT 1 FROM orders o WHERE o.decision_id = NEW.undoes AND o.state IN {GONE_OUT})",
        ),
    ),
    "log": (
        (
            "a log entry follows the last one",
            "NEW.seq <> (SELECT COALESCE(MAX(l.seq), 0) + 1 FROM log l) OR NEW.prev <>"
            f" COALESCE((SELECT l.hash FROM log l ORDER BY l.seq DESC LIMIT 1), '{ZEROS}')",
        ),
        ("a log entry is never replaced", "EXISTS (SELECT 1 FROM log l WHERE l.hash = NEW.hash)"),
    ),
    "orders": (
        (
            "an order is never replaced",
            "EXISTS (SELECT 1 FROM orders o WHERE o.id = NEW.id OR o.decision_id = NEW.decision_id)",
        ),
        (
            "one live order for each follower",
            f"NEW.state IN {LIVE} AND EXISTS (SELECT 1 FROM orders o WHERE o.account_id = NEW.account_id"
            f" AND o.follower_id = NEW.follower_id AND o.state IN {LIVE})",
        ),
        (
            "an approval that was undone carries no order",
            "EXISTS (SELECT 1 FROM decisions d WHERE d.undoes = NEW.decision_id)",
        ),
        (
            "an order is bound to what the approval was shown",
            "NEW.appearance_hash <> (SELECT d.shown_hash FROM decisions d WHERE d.id = NEW.decision_id)",
        ),
    ),
}

# Table -> (what the refusal says, the condition over OLD and NEW that is refused), before an UPDATE.
REFUSED_UPDATES: dict[str, tuple[tuple[str, str], ...]] = {
    "orders": (
        ("an order keeps whom and what it is about", " OR ".join(f"NEW.{name} <> OLD.{name}" for name in IDENTITY)),
        ("a void or confirmed order stays so", "OLD.state IN ('void', 'confirmed') AND NEW.state <> OLD.state"),
    ),
}
REFUSED_DELETES = {"orders": "an order is never deleted"}


def statements(dialect: str) -> list[str]:
    """The CREATE statements for `sqlite` or `postgresql`, in order."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    made = [
        _sqlite_trigger(table, event, ((said, "TRUE"),))
        for table, said in FIXED.items()
        for event in ("UPDATE", "DELETE")
    ]
    made += [_sqlite_trigger(table, "INSERT", rules) for table, rules in REFUSED_INSERTS.items()]
    made += [_sqlite_trigger(table, "UPDATE", rules) for table, rules in REFUSED_UPDATES.items()]
    made += [_sqlite_trigger(table, "DELETE", ((said, "TRUE"),)) for table, said in REFUSED_DELETES.items()]
    return made


def _sqlite_trigger(table: str, event: str, rules: tuple[tuple[str, str], ...]) -> str:
    checks = "\n".join(f"  SELECT RAISE(ABORT, '{_quoted(said)}') WHERE {condition};" for said, condition in rules)
    return f"CREATE TRIGGER {table}_refuse_{event.lower()} BEFORE {event} ON {table}\nBEGIN\n{checks}\nEND"


def _postgresql() -> list[str]:
    made = []
    for table, said in FIXED.items():
        made += _refuse_all(table, said, "UPDATE OR DELETE")
    for table, said in REFUSED_DELETES.items():
        made += _refuse_all(table, said, "DELETE")
    for event, rules in (("INSERT", REFUSED_INSERTS), ("UPDATE", REFUSED_UPDATES)):
        for table, refusals in rules.items():
            made += _refuse_some(table, event, refusals)
    return made


def _refuse_all(table: str, said: str, events: str) -> list[str]:
    name = f"{table}_refuse_change"
    return [
        _function(name, f"  {_raise(said)}"),
        f"CREATE TRIGGER {name} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        f"CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
    ]


def _refuse_some(table: str, event: str, refusals: tuple[tuple[str, str], ...]) -> list[str]:
    name = f"{table}_refuse_{event.lower()}"
    checks = "\n".join(f"  IF {condition} THEN\n    {_raise(said)}\n  END IF;" for said, condition in refusals)
    return [
        _function(name, f"{checks}\n  RETURN NEW;"),
        f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n{body}\nEND\n$$"


def _raise(said: str) -> str:
    return f"RAISE EXCEPTION USING MESSAGE = '{_quoted(said)}', ERRCODE = 'integrity_constraint_violation';"


def _quoted(said: str) -> str:
    return said.replace("'", "''")
