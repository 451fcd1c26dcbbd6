CREATE TABLE accounts (
	id BIGSERIAL NOT NULL, 
	handle TEXT NOT NULL, 
	x_id TEXT, 
	paused_at TIMESTAMP WITH TIME ZONE, 
	handoff_since TIMESTAMP WITH TIME ZONE, 
	followers_count INTEGER, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (id), 
	CONSTRAINT uq_accounts_handle UNIQUE (handle), 
	CONSTRAINT uq_accounts_x_id UNIQUE (x_id)
)
--;
CREATE TABLE forgetting (
	follower_id TEXT NOT NULL, 
	names JSON NOT NULL, 
	wishes JSON NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_forgetting PRIMARY KEY (follower_id)
)
--;
CREATE TABLE log (
	seq BIGINT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	kind TEXT NOT NULL, 
	account TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	commitment VARCHAR(64) NOT NULL, 
	prev VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_log PRIMARY KEY (seq), 
	CONSTRAINT uq_log_prev UNIQUE (prev), 
	CONSTRAINT uq_log_hash UNIQUE (hash)
)
--;
CREATE TABLE models (
	id BIGSERIAL NOT NULL, 
	name TEXT NOT NULL, 
	model_group TEXT NOT NULL, 
	origin TEXT NOT NULL CONSTRAINT ck_models_known CHECK (origin IN ('retrain', 'refit', 'rebuild')), 
	content_sha256 VARCHAR(64) NOT NULL, 
	file_sha256 VARCHAR(64) NOT NULL, 
	feature_schema VARCHAR(64) NOT NULL, 
	parent VARCHAR(64) NOT NULL, 
	export_sha256 VARCHAR(64) NOT NULL, 
	genuine INTEGER NOT NULL, 
	spam INTEGER NOT NULL, 
	newest_decision BIGINT NOT NULL, 
	gate JSON NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	retired_at TIMESTAMP WITH TIME ZONE, 
	retired_why TEXT, 
	removed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_models PRIMARY KEY (id), 
	CONSTRAINT uq_models_name UNIQUE (name)
)
--;
CREATE INDEX models_by_group ON models (model_group, id)
--;
CREATE TABLE people (
	id BIGSERIAL NOT NULL, 
	name TEXT NOT NULL, 
	pseudonym TEXT NOT NULL, 
	added_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT uq_people_name UNIQUE (name), 
	CONSTRAINT uq_people_pseudonym UNIQUE (pseudonym)
)
--;
CREATE TABLE settings (
	name VARCHAR(60) NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY (name)
)
--;
CREATE TABLE tombstones (
	digest VARCHAR(64) NOT NULL, 
	day VARCHAR(10) NOT NULL, 
	CONSTRAINT pk_tombstones PRIMARY KEY (digest)
)
--;
CREATE TABLE batches (
	id BIGSERIAL NOT NULL, 
	account_id BIGINT NOT NULL, 
	day VARCHAR(10) NOT NULL, 
	alike TEXT NOT NULL, 
	size INTEGER NOT NULL, 
	found_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_batches PRIMARY KEY (id), 
	CONSTRAINT fk_batches_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE TABLE ledger (
	id BIGSERIAL NOT NULL, 
	account_id BIGINT NOT NULL, 
	day VARCHAR(10) NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	call TEXT NOT NULL CONSTRAINT ck_ledger_known CHECK (call IN ('me', 'followers', 'lookup', 'follow')), 
	requests INTEGER NOT NULL, 
	returned INTEGER NOT NULL, 
	cost_micro BIGINT NOT NULL CONSTRAINT ck_ledger_not_negative CHECK (cost_micro >= 0), 
	CONSTRAINT pk_ledger PRIMARY KEY (id), 
	CONSTRAINT fk_ledger_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX ledger_by_day ON ledger (day, account_id)
--;
CREATE TABLE log_openings (
	seq BIGINT NOT NULL, 
	salt VARCHAR(32) NOT NULL, 
	payload JSON NOT NULL, 
	rows JSON NOT NULL, 
	CONSTRAINT pk_log_openings PRIMARY KEY (seq), 
	CONSTRAINT fk_log_openings_seq FOREIGN KEY(seq) REFERENCES log (seq)
)
--;
CREATE TABLE model_moves (
	id BIGSERIAL NOT NULL, 
	model_group TEXT NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT ck_model_moves_known CHECK (kind IN ('promote', 'rollback', 'refit', 'rebuild')), 
	model_id BIGINT, 
	person_id BIGINT, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	why TEXT NOT NULL, 
	CONSTRAINT pk_model_moves PRIMARY KEY (id), 
	CONSTRAINT fk_model_moves_model_id FOREIGN KEY(model_id) REFERENCES models (id), 
	CONSTRAINT fk_model_moves_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
--;
CREATE INDEX moves_by_group ON model_moves (model_group, id)
--;
CREATE TABLE paid_profiles (
	day VARCHAR(10) NOT NULL, 
	account_id BIGINT NOT NULL, 
	follower_id TEXT NOT NULL, 
	CONSTRAINT pk_paid_profiles PRIMARY KEY (day, account_id, follower_id), 
	CONSTRAINT fk_paid_profiles_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE TABLE passes (
	id BIGSERIAL NOT NULL, 
	account_id BIGINT NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT ck_passes_known CHECK (kind IN ('night', 'reconcile')), 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	token TEXT, 
	position INTEGER NOT NULL, 
	progress JSON NOT NULL, 
	outcome TEXT, 
	CONSTRAINT pk_passes PRIMARY KEY (id), 
	CONSTRAINT fk_passes_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE UNIQUE INDEX one_open_pass ON passes (account_id, kind) WHERE finished_at IS NULL
--;
CREATE TABLE retrainings (
	id BIGSERIAL NOT NULL, 
	model_group TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	outcome TEXT NOT NULL CONSTRAINT ck_retrainings_known CHECK (outcome IN ('promoted', 'kept', 'refused')), 
	why TEXT NOT NULL, 
	genuine INTEGER NOT NULL, 
	spam INTEGER NOT NULL, 
	newest_decision BIGINT NOT NULL, 
	model_id BIGINT, 
	CONSTRAINT pk_retrainings PRIMARY KEY (id), 
	CONSTRAINT fk_retrainings_model_id FOREIGN KEY(model_id) REFERENCES models (id)
)
--;
CREATE INDEX retrainings_by_group ON retrainings (model_group, id)
--;
CREATE TABLE roles (
	id BIGSERIAL NOT NULL, 
	person_id BIGINT NOT NULL, 
	role TEXT NOT NULL CONSTRAINT ck_roles_known CHECK (role IN ('viewer', 'reviewer', 'approver', 'owner')), 
	account_id BIGINT, 
	granted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	granted_by BIGINT, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_roles PRIMARY KEY (id), 
	CONSTRAINT fk_roles_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT fk_roles_account_id FOREIGN KEY(account_id) REFERENCES accounts (id), 
	CONSTRAINT fk_roles_granted_by FOREIGN KEY(granted_by) REFERENCES people (id)
)
--;
CREATE UNIQUE INDEX one_role_each ON roles (person_id, coalesce(account_id, 0)) WHERE withdrawn_at IS NULL
--;
CREATE TABLE runs (
	id BIGSERIAL NOT NULL, 
	account_id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	day VARCHAR(10) NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	status TEXT, 
	receipt JSON, 
	CONSTRAINT pk_runs PRIMARY KEY (id), 
	CONSTRAINT fk_runs_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE INDEX runs_by_day ON runs (account_id, kind, day)
--;
CREATE TABLE seals (
	table_name VARCHAR(40) NOT NULL, 
	row_key VARCHAR(80) NOT NULL, 
	seq BIGINT NOT NULL, 
	CONSTRAINT pk_seals PRIMARY KEY (table_name, row_key, seq), 
	CONSTRAINT fk_seals_seq FOREIGN KEY(seq) REFERENCES log (seq)
)
--;
CREATE INDEX seals_by_entry ON seals (seq)
--;
CREATE TABLE followers (
	account_id BIGINT NOT NULL, 
	follower_id TEXT NOT NULL, 
	ordinal BIGINT NOT NULL, 
	next_ordinal BIGINT DEFAULT 0 NOT NULL, 
	pass_id BIGINT NOT NULL, 
	first_seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	left_at TIMESTAMP WITH TIME ZONE, 
	returned_at TIMESTAMP WITH TIME ZONE, 
	missing_at TIMESTAMP WITH TIME ZONE, 
	connection JSON, 
	snapshot_id BIGINT NOT NULL, 
	CONSTRAINT pk_followers PRIMARY KEY (account_id, follower_id), 
	CONSTRAINT fk_followers_account_id FOREIGN KEY(account_id) REFERENCES accounts (id), 
	CONSTRAINT fk_followers_pass_id FOREIGN KEY(pass_id) REFERENCES passes (id)
)
--;
CREATE INDEX followers_by_id ON followers (follower_id)
--;
CREATE INDEX followers_by_ordinal ON followers (account_id, ordinal)
--;
CREATE TABLE listed_names (
	account_id BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	follower_id TEXT, 
	CONSTRAINT pk_listed_names PRIMARY KEY (account_id, name), 
	CONSTRAINT fk_listed_names_follower FOREIGN KEY(account_id, follower_id) REFERENCES followers (account_id, follower_id), 
	CONSTRAINT fk_listed_names_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE TABLE snapshots (
	id BIGSERIAL NOT NULL, 
	account_id BIGINT NOT NULL, 
	follower_id TEXT NOT NULL, 
	observed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	username TEXT, 
	name TEXT, 
	description TEXT, 
	location TEXT, 
	url TEXT, 
	created_at TIMESTAMP WITH TIME ZONE, 
	followers_count BIGINT, 
	following_count BIGINT, 
	tweet_count BIGINT, 
	listed_count BIGINT, 
	like_count BIGINT, 
	media_count BIGINT, 
	profile_image_url TEXT, 
	protected BOOLEAN, 
	verified BOOLEAN, 
	verified_type TEXT, 
	appearance_hash VARCHAR(64) NOT NULL, 
	text_cleared_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_snapshots PRIMARY KEY (id), 
	CONSTRAINT fk_snapshots_account_id FOREIGN KEY(account_id, follower_id) REFERENCES followers (account_id, follower_id)
)
--;
CREATE INDEX snapshots_by_follower ON snapshots (account_id, follower_id)
--;
CREATE INDEX snapshots_by_username ON snapshots (lower(username))
--;
CREATE TABLE score_failures (
	snapshot_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	error TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_score_failures PRIMARY KEY (snapshot_id), 
	CONSTRAINT fk_score_failures_snapshot_id FOREIGN KEY(snapshot_id) REFERENCES snapshots (id), 
	CONSTRAINT fk_score_failures_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
)
--;
CREATE TABLE scores (
	id BIGSERIAL NOT NULL, 
	account_id BIGINT NOT NULL, 
	follower_id TEXT NOT NULL, 
	snapshot_id BIGINT NOT NULL, 
	model TEXT NOT NULL, 
	policy_hash TEXT NOT NULL, 
	p_spam FLOAT NOT NULL CONSTRAINT ck_scores_probability CHECK (p_spam >= 0 AND p_spam <= 1), 
	band TEXT NOT NULL CONSTRAINT ck_scores_known CHECK (band IN ('genuine', 'unsure', 'spam')), 
	base_logit FLOAT NOT NULL, 
	reasons JSON NOT NULL, 
	features BYTEA NOT NULL, 
	feature_schema VARCHAR(64) NOT NULL, 
	observed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	scored_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_scores PRIMARY KEY (id), 
	CONSTRAINT fk_scores_account_id FOREIGN KEY(account_id, follower_id) REFERENCES followers (account_id, follower_id), 
	CONSTRAINT fk_scores_snapshot_id FOREIGN KEY(snapshot_id) REFERENCES snapshots (id)
)
--;
CREATE INDEX scores_by_snapshot ON scores (snapshot_id)
--;
CREATE TABLE items (
	id BIGSERIAL NOT NULL, 
	account_id BIGINT NOT NULL, 
	follower_id TEXT NOT NULL, 
	state TEXT NOT NULL CONSTRAINT ck_items_known CHECK (state IN ('waiting', 'claimed', 'approved', 'rejected', 'later', 'closed')), 
	held_back BOOLEAN NOT NULL, 
	audit BOOLEAN NOT NULL, 
	audit_probability FLOAT, 
	audit_day VARCHAR(10), 
	audit_missed FLOAT, 
	due VARCHAR(10), 
	batch_id BIGINT, 
	score_id BIGINT, 
	claimed_by BIGINT, 
	claimed_until TIMESTAMP WITH TIME ZONE, 
	closed_why TEXT, 
	note TEXT, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_items PRIMARY KEY (id), 
	CONSTRAINT fk_items_account_id FOREIGN KEY(account_id, follower_id) REFERENCES followers (account_id, follower_id), 
	CONSTRAINT uq_items_account_id UNIQUE (account_id, follower_id), 
	CONSTRAINT uq_items_identity UNIQUE (id, account_id, follower_id), 
	CONSTRAINT ck_items_claim CHECK (state <> 'claimed' OR (claimed_by IS NOT NULL AND claimed_until IS NOT NULL)), 
	CONSTRAINT ck_items_closed_says_why CHECK (state <> 'closed' OR closed_why IS NOT NULL), 
	CONSTRAINT fk_items_batch_id FOREIGN KEY(batch_id) REFERENCES batches (id), 
	CONSTRAINT fk_items_score_id FOREIGN KEY(score_id) REFERENCES scores (id), 
	CONSTRAINT fk_items_claimed_by FOREIGN KEY(claimed_by) REFERENCES people (id)
)
--;
CREATE INDEX items_by_state ON items (account_id, state, due)
--;
CREATE TABLE decisions (
	id BIGSERIAL NOT NULL, 
	item_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	follower_id TEXT NOT NULL, 
	person_id BIGINT NOT NULL, 
	kind TEXT NOT NULL CONSTRAINT ck_decisions_known CHECK (kind IN ('propose', 'approve', 'reject', 'later', 'undo', 'overrule')), 
	reason TEXT CONSTRAINT ck_decisions_reason CHECK (reason IS NULL OR reason IN ('spam', 'impersonation', 'not_relevant', 'competitor', 'brand_risk', 'private_person')), 
	real_account BOOLEAN NOT NULL, 
	until VARCHAR(10), 
	undoes BIGINT, 
	overrules BIGINT, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	score_id BIGINT, 
	shown_hash VARCHAR(64) NOT NULL, 
	shown_because TEXT NOT NULL CONSTRAINT ck_decisions_shown CHECK (shown_because IN ('listed', 'audit', 'asked')), 
	draw_probability FLOAT, 
	CONSTRAINT pk_decisions PRIMARY KEY (id), 
	CONSTRAINT fk_decisions_item_id FOREIGN KEY(item_id, account_id, follower_id) REFERENCES items (id, account_id, follower_id), 
	CONSTRAINT uq_decisions_identity UNIQUE (id, account_id, follower_id, kind), 
	CONSTRAINT ck_decisions_reject_has_reason CHECK (kind = 'overrule' OR (kind = 'reject') = (reason IS NOT NULL)), 
	CONSTRAINT ck_decisions_overrule_names_one CHECK ((kind = 'overrule') = (overrules IS NOT NULL)), 
	CONSTRAINT ck_decisions_overrule_says_what CHECK (kind <> 'overrule' OR reason IS NOT NULL OR real_account), 
	CONSTRAINT ck_decisions_later_has_day CHECK ((kind = 'later') = (until IS NOT NULL)), 
	CONSTRAINT ck_decisions_undo_names_one CHECK ((kind = 'undo') = (undoes IS NOT NULL)), 
	CONSTRAINT fk_decisions_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_decisions_undoes UNIQUE (undoes), 
	CONSTRAINT fk_decisions_undoes FOREIGN KEY(undoes) REFERENCES decisions (id), 
	CONSTRAINT fk_decisions_overrules FOREIGN KEY(overrules) REFERENCES decisions (id), 
	CONSTRAINT fk_decisions_score_id FOREIGN KEY(score_id) REFERENCES scores (id)
)
--;
CREATE INDEX decisions_by_day ON decisions (account_id, at)
--;
CREATE INDEX decisions_by_item ON decisions (item_id)
--;
CREATE INDEX decisions_by_person ON decisions (person_id, id)
--;
CREATE TABLE decision_evidence (
	decision_id BIGINT NOT NULL, 
	p_spam FLOAT, 
	band TEXT, 
	model TEXT, 
	policy_hash TEXT, 
	features BYTEA, 
	feature_schema VARCHAR(64), 
	shown JSON, 
	CONSTRAINT pk_decision_evidence PRIMARY KEY (decision_id), 
	CONSTRAINT fk_decision_evidence_decision_id FOREIGN KEY(decision_id) REFERENCES decisions (id)
)
--;
CREATE TABLE early_predictions (
	model_id BIGINT NOT NULL, 
	decision_id BIGINT NOT NULL, 
	p_spam FLOAT NOT NULL, 
	base_logit FLOAT NOT NULL, 
	CONSTRAINT pk_early_predictions PRIMARY KEY (model_id, decision_id), 
	CONSTRAINT fk_early_predictions_model_id FOREIGN KEY(model_id) REFERENCES models (id), 
	CONSTRAINT fk_early_predictions_decision_id FOREIGN KEY(decision_id) REFERENCES decisions (id)
)
--;
CREATE INDEX early_predictions_by_decision ON early_predictions (decision_id)
--;
CREATE TABLE orders (
	id BIGSERIAL NOT NULL, 
	account_id BIGINT NOT NULL, 
	follower_id TEXT NOT NULL, 
	decision_id BIGINT NOT NULL, 
	decision_kind TEXT NOT NULL CONSTRAINT ck_orders_approved CHECK (decision_kind = 'approve'), 
	appearance_hash VARCHAR(64) NOT NULL, 
	state TEXT NOT NULL CONSTRAINT ck_orders_known CHECK (state IN ('queued', 'handed_off', 'sending', 'sent', 'parked', 'confirmed', 'void')), 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due VARCHAR(10) NOT NULL, 
	waited_seconds BIGINT NOT NULL, 
	waiting_since TIMESTAMP WITH TIME ZONE, 
	handed_off_at TIMESTAMP WITH TIME ZONE, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	confirmed_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	why TEXT, 
	updated_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_orders PRIMARY KEY (id), 
	CONSTRAINT fk_orders_account_id FOREIGN KEY(account_id, follower_id) REFERENCES followers (account_id, follower_id), 
	CONSTRAINT fk_orders_decision_id FOREIGN KEY(decision_id, account_id, follower_id, decision_kind) REFERENCES decisions (id, account_id, follower_id, kind), 
	CONSTRAINT ck_orders_void_says_why CHECK (state <> 'void' OR why IS NOT NULL), 
	CONSTRAINT uq_orders_decision_id UNIQUE (decision_id)
)
--;
CREATE UNIQUE INDEX one_live_order ON orders (account_id, follower_id) WHERE state IN ('queued', 'handed_off', 'sending', 'sent', 'parked')
--;
CREATE INDEX orders_by_follower ON orders (account_id, follower_id)
--;
CREATE INDEX orders_by_state ON orders (account_id, state, due)
--;
CREATE TABLE unfollows (
	decision_id BIGINT NOT NULL, 
	account_id BIGINT NOT NULL, 
	follower_id TEXT NOT NULL, 
	certain BOOLEAN NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	ended_why TEXT, 
	CONSTRAINT pk_unfollows PRIMARY KEY (decision_id), 
	CONSTRAINT fk_unfollows_account_id FOREIGN KEY(account_id, follower_id) REFERENCES followers (account_id, follower_id), 
	CONSTRAINT ck_unfollows_end_says_why CHECK ((ended_at IS NULL) = (ended_why IS NULL)), 
	CONSTRAINT fk_unfollows_decision_id FOREIGN KEY(decision_id) REFERENCES decisions (id)
)
--;
CREATE INDEX unfollows_by_account ON unfollows (account_id, ended_at)
--;
CREATE TABLE attempts (
	id BIGSERIAL NOT NULL, 
	order_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	executor TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	detail TEXT, 
	CONSTRAINT pk_attempts PRIMARY KEY (id), 
	CONSTRAINT fk_attempts_order_id FOREIGN KEY(order_id) REFERENCES orders (id)
)
--;
CREATE INDEX attempts_by_order ON attempts (order_id)
--;
CREATE FUNCTION decisions_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM forgetting f WHERE f.follower_id = OLD.follower_id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION USING MESSAGE = 'a decision is never changed or deleted', ERRCODE = 'integrity_constraint_violation';
END
$$
--;
CREATE TRIGGER decisions_refuse_change BEFORE UPDATE OR DELETE ON decisions FOR EACH ROW EXECUTE FUNCTION decisions_refuse_change()
--;
CREATE TRIGGER decisions_refuse_truncate BEFORE TRUNCATE ON decisions FOR EACH STATEMENT EXECUTE FUNCTION decisions_refuse_change()
--;
CREATE FUNCTION log_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'the log is never changed or deleted', ERRCODE = 'integrity_constraint_violation';
END
$$
--;
CREATE TRIGGER log_refuse_change BEFORE UPDATE OR DELETE ON log FOR EACH ROW EXECUTE FUNCTION log_refuse_change()
--;
CREATE TRIGGER log_refuse_truncate BEFORE TRUNCATE ON log FOR EACH STATEMENT EXECUTE FUNCTION log_refuse_change()
--;
CREATE FUNCTION model_moves_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'a move is never changed or deleted', ERRCODE = 'integrity_constraint_violation';
END
$$
--;
CREATE TRIGGER model_moves_refuse_change BEFORE UPDATE OR DELETE ON model_moves FOR EACH ROW EXECUTE FUNCTION model_moves_refuse_change()
--;
CREATE TRIGGER model_moves_refuse_truncate BEFORE TRUNCATE ON model_moves FOR EACH STATEMENT EXECUTE FUNCTION model_moves_refuse_change()
--;
CREATE FUNCTION orders_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM forgetting f WHERE f.follower_id = OLD.follower_id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION USING MESSAGE = 'an order is never deleted', ERRCODE = 'integrity_constraint_violation';
END
$$
--;
CREATE TRIGGER orders_refuse_change BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION orders_refuse_change()
--;
CREATE TRIGGER orders_refuse_truncate BEFORE TRUNCATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION orders_refuse_change()
--;
CREATE FUNCTION decisions_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.id) THEN
    RAISE EXCEPTION USING MESSAGE = 'a decision is never replaced', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM decisions d WHERE d.undoes = NEW.undoes) THEN
    RAISE EXCEPTION USING MESSAGE = 'a decision is undone once', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.undoes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.undoes AND d.item_id = NEW.item_id AND d.kind <> 'undo') THEN
    RAISE EXCEPTION USING MESSAGE = 'an undo is about the same card, and of a decision', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM orders o WHERE o.decision_id = NEW.undoes AND o.state IN ('handed_off', 'sending', 'sent', 'confirmed')) THEN
    RAISE EXCEPTION USING MESSAGE = 'what was handed off or sent can''t be undone', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.overrules IS NOT NULL AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.overrules AND d.item_id = NEW.item_id AND d.kind IN ('approve', 'reject', 'overrule')) THEN
    RAISE EXCEPTION USING MESSAGE = 'an overrule is of an approval, a rejection or an overrule of the same card', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.kind = 'overrule' AND NEW.reason IS NULL AND EXISTS (SELECT 1 FROM decisions d WHERE d.id = NEW.overrules AND d.kind <> 'reject' AND d.reason IS NULL) THEN
    RAISE EXCEPTION USING MESSAGE = 'overruling an approval takes a reason', ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$
--;
CREATE TRIGGER decisions_refuse_insert BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION decisions_refuse_insert()
--;
CREATE FUNCTION log_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.seq <> (SELECT COALESCE(MAX(l.seq), 0) + 1 FROM log l) OR NEW.prev <> COALESCE((SELECT l.hash FROM log l ORDER BY l.seq DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000') THEN
    RAISE EXCEPTION USING MESSAGE = 'a log entry follows the last one', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM log l WHERE l.hash = NEW.hash) THEN
    RAISE EXCEPTION USING MESSAGE = 'a log entry is never replaced', ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$
--;
CREATE TRIGGER log_refuse_insert BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION log_refuse_insert()
--;
CREATE FUNCTION orders_refuse_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM orders o WHERE o.id = NEW.id OR o.decision_id = NEW.decision_id) THEN
    RAISE EXCEPTION USING MESSAGE = 'an order is never replaced', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state IN ('queued', 'handed_off', 'sending', 'sent', 'parked') AND EXISTS (SELECT 1 FROM orders o WHERE o.account_id = NEW.account_id AND o.follower_id = NEW.follower_id AND o.state IN ('queued', 'handed_off', 'sending', 'sent', 'parked')) THEN
    RAISE EXCEPTION USING MESSAGE = 'one live order for each follower', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM decisions d WHERE d.undoes = NEW.decision_id) THEN
    RAISE EXCEPTION USING MESSAGE = 'an approval that was undone carries no order', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF EXISTS (SELECT 1 FROM decisions a JOIN decisions o ON o.item_id = a.item_id AND o.id > a.id WHERE a.id = NEW.decision_id AND o.kind = 'overrule' AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = o.id)) THEN
    RAISE EXCEPTION USING MESSAGE = 'an approval that was overruled carries no order', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.appearance_hash <> (SELECT d.shown_hash FROM decisions d WHERE d.id = NEW.decision_id) THEN
    RAISE EXCEPTION USING MESSAGE = 'an order is bound to what the approval was shown', ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$
--;
CREATE TRIGGER orders_refuse_insert BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION orders_refuse_insert()
--;
CREATE FUNCTION orders_refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id OR NEW.follower_id <> OLD.follower_id OR NEW.decision_id <> OLD.decision_id OR NEW.decision_kind <> OLD.decision_kind OR NEW.appearance_hash <> OLD.appearance_hash THEN
    RAISE EXCEPTION USING MESSAGE = 'an order keeps whom and what it is about', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'sent' AND NEW.state NOT IN ('sent', 'confirmed', 'void') THEN
    RAISE EXCEPTION USING MESSAGE = 'an order that X took isn''t called again', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state IN ('void', 'confirmed') AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION USING MESSAGE = 'a void or confirmed order stays so', ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.state IN ('queued', 'handed_off', 'sending', 'parked') AND NEW.state <> OLD.state AND EXISTS (SELECT 1 FROM decisions a JOIN decisions o ON o.item_id = a.item_id AND o.id > a.id WHERE a.id = NEW.decision_id AND o.kind = 'overrule' AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = o.id)) THEN
    RAISE EXCEPTION USING MESSAGE = 'an approval that was overruled isn''t carried out', ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END
$$
--;
CREATE TRIGGER orders_refuse_update BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION orders_refuse_update()
