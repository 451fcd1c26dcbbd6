"""The table of commands: every name that `followguard --help` lists, where it lives, and what it does in one line."""

from followguard.cli.lazy import Row

REVIEW = (
    Row("list", "review:list_command", "Print what the desk shows today."),
    Row("show", "review:show_command", "Show one follower: profile, score, reasons, history."),
    Row("approve", "review:approve_command", "Approve one follower: a follow order is made.", takes_more=True),
    Row("reject", "review:reject_command", "Reject followers, with a reason."),
    Row("later", "review:later_command", "Put a follower off until a date."),
    Row("undo", "review_undo:undo_command", "Take a decision back, or a whole session."),
    Row("overrule", "review:overrule_command", "Turn a decision, also after the follow was made."),
    Row("second-look", "second_look:command", "List decisions that may be slips, and why."),
    Row("export", "review_sheets:export_command", "Write the review list to a CSV file."),
    Row("import", "review_sheets:import_command", "Take rejections and put-offs from a CSV file."),
)
FOLLOW_BACK = (Row("mark", "follow_back:mark_command", "Record what you did about a follower that was handed to you."),)
MODEL = (
    Row("train-base", "model:train_base_command", "Train the base model from the public data sets."),
    Row("evaluate", "model:evaluate_command", "Measure a model on a file of labelled profiles."),
    Row("list", "model_life:list_command", "List the models of a group, and which of them serves."),
    Row("show", "model_life:show_command", "Show one model: its labels, what the gate found, when it served."),
    Row("promote", "model_life:promote_command", "Make a model the champion, past the gate: an owner's named act."),
    Row("rollback", "model_life:rollback_command", "Go back to the champion before; the base model at the end."),
    Row("rebuild", "model_life:rebuild_command", "Fit the champion again after an upgrade, and compare scores."),
    Row("drift", "drift:command", "Tell whether new followers have changed: features, scores, base rate."),
)
ACCOUNT = (
    Row("list", "account:list_command", "List our accounts and how each is doing."),
    Row("pause", "account:pause_command", "Stop following for an account; reading goes on."),
    Row("resume", "account:resume_command", "Let an account follow again."),
)
PERSON = (
    Row("add", "person:add_command", "Add a person, or give one a role."),
    Row("list", "person:list_command", "List people and their roles."),
    Row("role", "person:role_command", "Set a person's role, up or down: for an account, or for every one."),
    Row("withdraw", "person:withdraw_command", "Take a person's role away, and void what isn't followed yet."),
)
DB = (
    Row("upgrade", "db:upgrade_command", "Bring the database to this program's schema."),
    Row("check", "db:check_command", "Check schema, keys and consistency."),
    Row("backup", "db:backup_command", "Write a backup now."),
    Row("restore", "db:restore_command", "Put a backup in the database's place."),
)

TABLE = {
    "First steps": (
        Row("demo", "demo:command", "Two nights and a morning against a built-in sandbox: no keys, no network."),
        Row("init", "init:command", "Write a commented followguard.toml and create the database."),
        Row("doctor", "doctor:command", "Check configuration, credentials, database, files, model, clock and prices."),
    ),
    "Every night, every morning": (
        Row("nightly", "nightly:command", "Read new followers, score them, and leave the review list."),
        Row("review", "review_desk:command", "Decide about new followers, one key a decision.", REVIEW),
        Row("follow-back", "follow_back:command", "Follow those who were approved, by hand or by API.", FOLLOW_BACK),
        Row("status", "status:command", "One screen: last night, what waits, what was spent."),
        Row("report", "report:command", "Write the HTML report of a night."),
    ),
    "Accounts, people, database": (
        Row("account", "", "List, pause and resume our accounts.", ACCOUNT),
        Row("person", "", "Add, list and withdraw the people who decide, and set their roles.", PERSON),
        Row("disclose", "disclose:command", "Print everything that is held about one follower."),
        Row("prove", "prove:command", "Re-check the whole history offline: log, rows, follows."),
        Row("forget", "forget:command", "Erase a person everywhere, and from the next model."),
        Row("db", "", "Upgrade, check, back up and restore the database.", DB),
        Row("reconcile", "reconcile:command", "Read an account's whole follower list: who left, who was missed."),
    ),
    "The classifier": (
        Row("score", "score:command", "Score a profile file offline."),
        Row("retrain", "retrain:command", "Learn from the decisions; the better model is kept."),
        Row("model", "", "List, promote, roll back, train and measure models.", MODEL),
        Row("whatif", "whatif:command", "Replay past nights under another policy or another model."),
    ),
}
