"""Triggers of the newest schema: what keys and checks can't say."""

from followguard.store.tables import LIVE_ORDER_STATES

LIVE = f"({', '.join(repr(state) for state in LIVE_ORDER_STATES)})"
GONE_OUT = "('handed_off', 'sending', 'sent', 'confirmed')"
IDENTITY = ("id", "account_id", "follower_id", "decision_id", "decision_kind", "appearance_hash")
SAID = ("id", "item_id", "account_id", "follower_id", "person_id", "at")
ROUTED = (*SAID, "route")
ZEROS = "0" * 64
OVERRULED = (
    "EXISTS (SELECT 1 FROM decisions a JOIN decisions o ON o.item_id = a.item_id AND o.id > a.id"
    " WHERE a.id = NEW.decision_id AND o.kind = 'overrule'"
    " AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = o.id))"
)
"""An overrule that stands came after the approval that the order is made from."""
TO_BE_DONE = "('queued', 'handed_off', 'sending', 'parked')"
BEING_FORGOTTEN = "EXISTS (SELECT 1 FROM forgetting f WHERE f.follower_id = OLD.follower_id)"
"""The one case in which a decision or an order is deleted: the follower it is about is being erased."""

# Nobody changes or deletes a row of these: table -> what the refusal says.
FIXED = {
    "decisions": "a decision is never changed or deleted",
    "log": "the log is never changed or deleted",
    "model_moves": "a move is never changed or deleted",
    "blind_tests": "a blind test is never changed or deleted",
    "blind_cards": "a card of a blind test is never changed or deleted",
    "blind_answers": "an answer of a blind test is never changed or deleted",
    "distrusts": "what was said of a person's decisions is never changed or deleted",
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
        (
            "an overrule is of an approval, a rejection or an overrule of the same card",
            "NEW.overrules IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.overrules"
            " AND d.item_id = NEW.item_id AND d.kind IN ('approve', 'reject', 'overrule'))",
        ),
        (
            "overruling an approval takes a reason",
            "NEW.kind = 'overrule' AND NEW.reason IS NULL AND EXISTS (SELECT 1 FROM decisions d"
            " WHERE d.id = NEW.overrules AND d.kind <> 'reject' AND d.reason IS NULL)",
        ),
    ),
    "distrusts": (
        (
            "what was said of a person's decisions is never replaced",
            "EXISTS (SELECT 1 FROM distrusts d WHERE d.id = NEW.id OR d.lifts = NEW.lifts)",
        ),
        (
            "one lifts what was said of the same person",
            "NEW.lifts IS NOT NULL AND NOT EXISTS (SELECT 1 FROM distrusts d WHERE d.id = NEW.lifts"
            " AND d.person_id = NEW.person_id AND d.lifts IS NULL)",
        ),
    ),
    "notes": (("a note is never replaced", "EXISTS (SELECT 1 FROM notes n WHERE n.id = NEW.id)"),),
    "routings": (
        (
            "a routing is never replaced",
            "EXISTS (SELECT 1 FROM routings r WHERE r.id = NEW.id"
            " OR (r.item_id = NEW.item_id AND r.route = NEW.route AND r.taken_back_at IS NULL))",
        ),
    ),
    "blind_tests": (("a blind test is never replaced", "EXISTS (SELECT 1 FROM blind_tests t WHERE t.id = NEW.id)"),),
    "blind_cards": (
        (
            "a card of a blind test is never replaced",
            "EXISTS (SELECT 1 FROM blind_cards c WHERE c.id = NEW.id"
            " OR (c.test_id = NEW.test_id AND c.place = NEW.place))",
        ),
    ),
    "blind_answers": (
        ("a card is answered once", "EXISTS (SELECT 1 FROM blind_answers a WHERE a.card_id = NEW.card_id)"),
        (
            "an answer is about its card's follower",
            "NOT EXISTS (SELECT 1 FROM blind_cards c WHERE c.id = NEW.card_id"
            " AND c.account_id = NEW.account_id AND c.follower_id = NEW.follower_id)",
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
        ("an approval that was overruled carries no order", OVERRULED),
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
        (
            "an order that X took isn't called again",
            "OLD.state = 'sent' AND NEW.state NOT IN ('sent', 'confirmed', 'void')",
        ),
        ("a void or confirmed order stays so", "OLD.state IN ('void', 'confirmed') AND NEW.state <> OLD.state"),
        (
            "an approval that was overruled isn't carried out",
            f"NEW.state IN {TO_BE_DONE} AND NEW.state <> OLD.state AND {OVERRULED}",
        ),
    ),
    "sign_in_links": (
        ("a link keeps whose it is", "NEW.person_id <> OLD.person_id OR NEW.token_hash <> OLD.token_hash"),
        ("a link is used once", "OLD.used_at IS NOT NULL AND (NEW.used_at IS NULL OR NEW.used_at <> OLD.used_at)"),
        ("a link that was taken back stays so", "OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL"),
    ),
    "sessions": (
        ("a session keeps whose it is", "NEW.person_id <> OLD.person_id OR NEW.token_hash <> OLD.token_hash"),
        ("a session that ended stays so", "OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL"),
    ),
    "notes": (
        ("a note keeps who said what about whom", " OR ".join(f"NEW.{name} <> OLD.{name}" for name in SAID)),
        (
            "a note's text is cleared or stays",
            "NEW.text IS NOT NULL AND (OLD.text IS NULL OR NEW.text <> OLD.text)",
        ),
    ),
    "routings": (
        ("a routing keeps who sent whom where", " OR ".join(f"NEW.{name} <> OLD.{name}" for name in ROUTED)),
        ("a routing is taken back once", "OLD.taken_back_at IS NOT NULL"),
    ),
}
REFUSED_DELETES = {
    "orders": "an order is never deleted",
    "notes": "a note is never deleted",
    "routings": "a routing is never deleted",
}
FORGETTABLE = frozenset({"decisions", "orders", "blind_cards", "blind_answers", "notes", "routings"})
"""Tables whose rows may go while the follower they are about is being erased."""


def statements(dialect: str) -> list[str]:
    """Returns the CREATE statements for `sqlite` or `postgresql`, in order."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    deletes = {**FIXED, **REFUSED_DELETES}
    made = [_sqlite_trigger(table, "UPDATE", ((said, "TRUE"),)) for table, said in FIXED.items()]
    made += [_sqlite_trigger(table, "DELETE", ((said, _unless_forgotten(table)),)) for table, said in deletes.items()]
    made += [_sqlite_trigger(table, "INSERT", rules) for table, rules in REFUSED_INSERTS.items()]
    made += [_sqlite_trigger(table, "UPDATE", rules) for table, rules in REFUSED_UPDATES.items()]
    return made


def _unless_forgotten(table: str) -> str:
    return f"NOT {BEING_FORGOTTEN}" if table in FORGETTABLE else "TRUE"


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
    let_go = f"  IF TG_OP = 'DELETE' THEN\n    IF {BEING_FORGOTTEN} THEN\n      RETURN OLD;\n    END IF;\n  END IF;\n"
    return [
        _function(name, f"{let_go if table in FORGETTABLE else ''}  {_raise(said)}"),
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
