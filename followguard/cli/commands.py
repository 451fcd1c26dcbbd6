"""The table of commands: every name that `followguard --help` lists, where it lives, and what it does in one line.

How to write a command:
1. This table has a row for it: name, `module:function` under `followguard`, and one line of help.
2. The function takes typer's annotated parameters (`cli/options.py` has the common ones). Its docstring starts with the
   row's line; the rest of the docstring is shown by `--help`.
3. It calls one job, prints through `cli/output.py` only, and returns its exit code, or None for 0. Failures are raised
   as `FollowguardError`; the frame (`cli/app.py`) prints them and exits with their code.
4. A row with rows of its own is a group. Its own `module:function`, if it has one, runs when no subcommand is named.
5. A command's module imports heavy things (verbs, stores, rich) inside the function.
"""

from typing import NamedTuple


class Row(NamedTuple):
    """One command or group. `target` is `module:function` below `followguard`, empty for a plain group.

    `takes_more`: arguments too many reach the function, in `typer.Context.args`, for it to refuse in its own words.
    """

    name: str
    target: str
    help: str
    rows: tuple["Row", ...] = ()
    takes_more: bool = False


REVIEW = (
    Row("list", "review.commands:list_command", "Print what the desk shows today."),
    Row("show", "review.commands:show_command", "Show one follower: profile, score, reasons, history."),
    Row("approve", "review.commands:approve_command", "Approve one follower: a follow order is made.", takes_more=True),
    Row("reject", "review.commands:reject_command", "Reject followers, with a reason."),
    Row("later", "review.commands:later_command", "Put a follower off until a date."),
    Row("undo", "review.commands_undo:undo_command", "Take a decision back, or a whole session."),
    Row("overrule", "review.commands:overrule_command", "Turn a decision, also after the follow was made."),
    Row("note", "review.commands_notes:note_command", "Put a note on a follower's card, or ask a colleague about it."),
    Row("route", "review.commands_notes:route_command", "Send a follower a department's way, whatever their bio says."),
    Row("second-look", "training.commands_second_look:command", "List decisions that may be slips, and why."),
    Row("export", "review.sheets.commands:export_command", "Write the review list to a CSV file."),
    Row("import", "review.sheets.commands:import_command", "Take rejections and put-offs from a CSV file."),
)
FOLLOW_BACK = (
    Row("mark", "following.commands:mark_command", "Record what you did about a follower that was handed to you."),
)
TRUST = (
    Row("test", "trust.commands:take_command", "Judge 30 cards without the machine's word; holding back waits for it."),
)
MODEL = (
    Row("train-base", "training.base.commands:train_base_command", "Train the base model from the public data sets."),
    Row("evaluate", "training.base.commands:evaluate_command", "Measure a model on a file of labelled profiles."),
    Row("list", "training.models.commands:list_command", "List the models of a group, and which of them serves."),
    Row(
        "show",
        "training.models.commands:show_command",
        "Show one model: its labels, what the gate found, when it served.",
    ),
    Row(
        "promote",
        "training.models.commands:promote_command",
        "Make a model the champion, past the gate: an owner's named act.",
    ),
    Row(
        "rollback",
        "training.models.commands:rollback_command",
        "Go back to the champion before; the base model at the end.",
    ),
    Row(
        "rebuild",
        "training.models.commands:rebuild_command",
        "Fit the champion again after an upgrade, and compare scores.",
    ),
    Row("drift", "drift.commands:command", "Tell whether new followers have changed: features, scores, base rate."),
)
WORDS = (Row("check", "words.commands:check_command", "Tell what the word lists say of a text."),)
ACCOUNT = (
    Row("list", "setup.commands_account:list_command", "List our accounts and how each is doing."),
    Row("pause", "setup.commands_account:pause_command", "Stop following for an account; reading goes on."),
    Row("resume", "setup.commands_account:resume_command", "Let an account follow again."),
)
PERSON = (
    Row("add", "setup.commands_person:add_command", "Add a person, or give one a role."),
    Row("list", "setup.commands_person:list_command", "List people and their roles."),
    Row(
        "role",
        "setup.commands_person:role_command",
        "Set a person's role, up or down: for an account, or for every one.",
    ),
    Row(
        "withdraw",
        "setup.commands_person:withdraw_command",
        "Take a person's role away, and void what isn't followed yet.",
    ),
    Row("hand-over", "setup.commands_colleagues:hand_over_command", "Pass a person's open work on to a colleague."),
    Row(
        "distrust",
        "setup.commands_colleagues:distrust_command",
        "Take out what a person decided since a day: it teaches nothing, and isn't followed.",
    ),
)
DB = (
    Row("upgrade", "setup.commands_db:upgrade_command", "Bring the database to this program's schema."),
    Row("check", "setup.commands_db:check_command", "Check schema, keys and consistency."),
    Row("backup", "setup.commands_db:backup_command", "Write a backup now."),
    Row("restore", "setup.commands_db:restore_command", "Put a backup in the database's place."),
)
DESK = (
    Row("serve", "web.commands:serve_command", "Open the desk as a web page, until Ctrl-C."),
    Row("invite", "web.commands:invite_command", "Print a personal sign-in link, good once and for 15 minutes."),
    Row("sign-out", "web.commands:sign_out_command", "End a person's sessions, and take back links that nobody used."),
)

TABLE = {
    "First steps": (
        Row(
            "demo",
            "setup.commands_demo:command",
            "Two nights and a morning against a built-in sandbox: no keys, no network.",
        ),
        Row("init", "setup.commands_init:command", "Write a commented followguard.toml and create the database."),
        Row(
            "doctor",
            "setup.commands_doctor:command",
            "Check configuration, credentials, database, files, model, clock and prices.",
        ),
    ),
    "Every night, every morning": (
        Row("nightly", "night.commands:command", "Read new followers, score them, and leave the review list."),
        Row("review", "review.desk.commands:command", "Decide about new followers, one key a decision.", REVIEW),
        Row("desk", "", "The desk in the browser: serve it, invite people, sign them out.", DESK),
        Row(
            "follow-back",
            "following.commands:command",
            "Follow those who were approved, by hand or by API.",
            FOLLOW_BACK,
        ),
        Row("status", "reports.commands_status:command", "One screen: last night, what waits, what was spent."),
        Row("report", "reports.commands:command", "Write the HTML report of a night."),
        Row(
            "trust",
            "trust.commands:command",
            "Tell how often machine and people were wrong in the last 28 days.",
            TRUST,
        ),
    ),
    "Accounts, people, database": (
        Row("account", "", "List, pause and resume our accounts.", ACCOUNT),
        Row("person", "", "Add, list and withdraw the people who decide, and set their roles.", PERSON),
        Row("disclose", "privacy.commands_disclose:command", "Print everything that is held about one follower."),
        Row("log", "proof.commands_log:command", "Tell who decided, approved, overruled, withdrew and promoted what."),
        Row("prove", "proof.commands:command", "Re-check the whole history offline: log, rows, follows."),
        Row("forget", "privacy.commands:command", "Erase a person everywhere, and from the next model."),
        Row("db", "", "Upgrade, check, back up and restore the database.", DB),
        Row(
            "reconcile",
            "followers.commands:command",
            "Read an account's whole follower list: who left, who was missed.",
        ),
    ),
    "The classifier": (
        Row("score", "training.commands_score:command", "Score a profile file offline."),
        Row("retrain", "training.retrain.commands:command", "Learn from the decisions; the better model is kept."),
        Row("model", "", "List, promote, roll back, train and measure models.", MODEL),
        Row("words", "", "Try the built-in word kinds and the company's own words.", WORDS),
        Row(
            "whatif",
            "replay.commands:command",
            "Replay past nights under another policy, another model or other words.",
        ),
    ),
}
