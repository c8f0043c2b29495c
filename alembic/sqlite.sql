CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE alert_events (
	seq INTEGER NOT NULL, 
	alert_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	"before" TEXT, 
	"after" TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	CONSTRAINT pk_alert_events PRIMARY KEY (seq)
);

CREATE INDEX ix_alert_events_alert_id ON alert_events (alert_id);

CREATE TABLE alerts (
	id TEXT NOT NULL, 
	fingerprint TEXT NOT NULL, 
	generation INTEGER NOT NULL, 
	rule TEXT NOT NULL, 
	subject_kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	entity_id TEXT, 
	condition TEXT NOT NULL, 
	resume TEXT, 
	severity TEXT NOT NULL, 
	since TEXT NOT NULL, 
	true_since TEXT, 
	false_since TEXT, 
	opened_at TEXT NOT NULL, 
	fired_at TEXT, 
	resolved_at TEXT, 
	updated_at TEXT NOT NULL, 
	reopened INTEGER NOT NULL, 
	evidence TEXT NOT NULL, 
	texts TEXT NOT NULL, ending TEXT, rearm_at TEXT, moved_to TEXT, doubted_source TEXT, 
	CONSTRAINT pk_alerts PRIMARY KEY (id), 
	CONSTRAINT uq_alerts_fingerprint_generation UNIQUE (fingerprint, generation)
);

CREATE INDEX ix_alerts_condition_rule ON alerts (condition, rule);

CREATE INDEX ix_alerts_entity_id ON alerts (entity_id);

CREATE INDEX ix_alerts_opened_at_id ON alerts (opened_at, id);

CREATE INDEX ix_alerts_subject ON alerts (subject);

CREATE TABLE api_keys (
	id TEXT NOT NULL, 
	name TEXT NOT NULL, 
	hash BLOB NOT NULL, 
	scopes TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	revoked_at TEXT, 
	CONSTRAINT pk_api_keys PRIMARY KEY (id), 
	CONSTRAINT uq_api_keys_hash UNIQUE (hash)
);

CREATE TABLE canonical_issues (
	ref TEXT NOT NULL, 
	field TEXT NOT NULL, 
	value TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	connection TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	CONSTRAINT pk_canonical_issues PRIMARY KEY (ref, field)
);

CREATE INDEX ix_canonical_issues_connection_stream_field ON canonical_issues (connection, stream, field);

CREATE TABLE canonical_refs (
	from_ref TEXT NOT NULL, 
	role TEXT NOT NULL, 
	target_ref TEXT NOT NULL, 
	CONSTRAINT pk_canonical_refs PRIMARY KEY (from_ref, role, target_ref)
);

CREATE INDEX ix_canonical_refs_target_ref ON canonical_refs (target_ref);

CREATE TABLE crosswalk (
	ref TEXT NOT NULL, 
	entity_id TEXT NOT NULL, 
	method TEXT NOT NULL, 
	score FLOAT, 
	valid_from TEXT NOT NULL, 
	CONSTRAINT pk_crosswalk PRIMARY KEY (ref)
);

CREATE INDEX ix_crosswalk_entity_id ON crosswalk (entity_id);

CREATE TABLE crosswalk_history (
	id INTEGER NOT NULL, 
	ref TEXT NOT NULL, 
	entity_id TEXT NOT NULL, 
	method TEXT NOT NULL, 
	score FLOAT, 
	valid_from TEXT NOT NULL, 
	valid_to TEXT NOT NULL, 
	CONSTRAINT pk_crosswalk_history PRIMARY KEY (id)
);

CREATE INDEX ix_crosswalk_history_ref ON crosswalk_history (ref);

CREATE TABLE edges (
	left_id BIGINT NOT NULL, 
	right_id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	bits FLOAT NOT NULL, 
	CONSTRAINT pk_edges PRIMARY KEY (left_id, right_id)
)
 WITHOUT ROWID

;

CREATE INDEX ix_edges_right_id ON edges (right_id);

CREATE TABLE entities (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	ended_at TEXT, 
	merged_into TEXT, 
	split_from TEXT, 
	CONSTRAINT pk_entities PRIMARY KEY (id)
);

CREATE TABLE entity_events (
	seq INTEGER NOT NULL, 
	entity_id TEXT NOT NULL, 
	type TEXT NOT NULL, 
	at TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_entity_events PRIMARY KEY (seq)
);

CREATE INDEX ix_entity_events_entity_id ON entity_events (entity_id);

CREATE TABLE judgements (
	id INTEGER NOT NULL, 
	left_ref TEXT NOT NULL, 
	right_ref TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	author TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	deleted_at TEXT, 
	CONSTRAINT pk_judgements PRIMARY KEY (id)
);

CREATE INDEX ix_judgements_left_ref ON judgements (left_ref);

CREATE INDEX ix_judgements_right_ref ON judgements (right_ref);

CREATE TABLE leases (
	name TEXT NOT NULL, 
	holder TEXT NOT NULL, 
	expires_at TEXT NOT NULL, 
	CONSTRAINT pk_leases PRIMARY KEY (name)
);

CREATE TABLE links (
	from_ref TEXT NOT NULL, 
	role TEXT NOT NULL, 
	target TEXT NOT NULL, 
	id TEXT NOT NULL, 
	method TEXT NOT NULL, 
	score FLOAT NOT NULL, 
	evidence TEXT NOT NULL, 
	CONSTRAINT pk_links PRIMARY KEY (from_ref, role, target), 
	CONSTRAINT uq_links_id UNIQUE (id)
);

CREATE INDEX ix_links_target_role ON links (target, role);

CREATE TABLE mapped_connections (
	connection TEXT NOT NULL, 
	mapping_version TEXT NOT NULL, 
	CONSTRAINT pk_mapped_connections PRIMARY KEY (connection)
);

CREATE TABLE number_tokens (
	token TEXT NOT NULL, 
	own BOOLEAN NOT NULL, 
	ref TEXT NOT NULL, 
	field TEXT NOT NULL, amounts TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_number_tokens PRIMARY KEY (token, own, ref)
)
 WITHOUT ROWID

;

CREATE INDEX ix_number_tokens_ref ON number_tokens (ref);

CREATE TABLE profile_records (
	ref TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	profile_id BIGINT NOT NULL, 
	CONSTRAINT pk_profile_records PRIMARY KEY (ref)
);

CREATE INDEX ix_profile_records_profile_id ON profile_records (profile_id);

CREATE TABLE profiles (
	id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	features TEXT NOT NULL, 
	facets TEXT NOT NULL, 
	tokens BLOB NOT NULL, 
	"exclusive" TEXT NOT NULL, 
	itself FLOAT NOT NULL, 
	CONSTRAINT pk_profiles PRIMARY KEY (id)
);

CREATE INDEX ix_profiles_kind_id ON profiles (kind, id);

CREATE TABLE quarantine (
	id INTEGER NOT NULL, 
	connection TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	fingerprint BLOB NOT NULL, 
	"key" TEXT, 
	place TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	raw TEXT NOT NULL, 
	state TEXT NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	seen_run INTEGER NOT NULL, 
	CONSTRAINT pk_quarantine PRIMARY KEY (id), 
	CONSTRAINT uq_quarantine_connection_stream_fingerprint UNIQUE (connection, stream, fingerprint)
);

CREATE TABLE resolution_bases (
	kind TEXT NOT NULL, 
	model TEXT NOT NULL, 
	profiles INTEGER NOT NULL, edition INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_resolution_bases PRIMARY KEY (kind)
);

CREATE TABLE search_grams (
	gram TEXT NOT NULL, 
	token TEXT NOT NULL, 
	CONSTRAINT pk_search_grams PRIMARY KEY (gram, token)
)
 WITHOUT ROWID

;

CREATE TABLE search_items (
	item TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_search_items PRIMARY KEY (item)
);

CREATE TABLE search_tokens (
	token TEXT NOT NULL, 
	item TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	CONSTRAINT pk_search_tokens PRIMARY KEY (token, item)
)
 WITHOUT ROWID

;

CREATE INDEX ix_search_tokens_item ON search_tokens (item);

CREATE TABLE source_records (
	id INTEGER NOT NULL, 
	connection TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	hash BLOB NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	fetched_at TEXT NOT NULL, 
	CONSTRAINT pk_source_records PRIMARY KEY (id), 
	CONSTRAINT uq_source_records_connection_stream_key UNIQUE (connection, stream, "key")
);

CREATE TABLE views (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	sort_name TEXT NOT NULL, 
	country TEXT, 
	city TEXT, 
	firing INTEGER NOT NULL, 
	etag TEXT NOT NULL, 
	document TEXT NOT NULL, 
	rendered_at TEXT NOT NULL, 
	CONSTRAINT pk_views PRIMARY KEY (id)
);

CREATE INDEX ix_views_kind_sort_name_id ON views (kind, sort_name, id);

CREATE TABLE work (
	stage TEXT NOT NULL, 
	item TEXT NOT NULL, 
	CONSTRAINT pk_work PRIMARY KEY (stage, item)
);

CREATE TABLE canonical_records (
	id INTEGER NOT NULL, 
	ref TEXT NOT NULL, 
	source_id INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	connection TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	fields TEXT NOT NULL, 
	raw TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	fetched_at TEXT NOT NULL, 
	at TEXT, 
	number TEXT, 
	status TEXT, 
	title TEXT, extensions TEXT DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_canonical_records PRIMARY KEY (id), 
	CONSTRAINT fk_canonical_records_source_id FOREIGN KEY(source_id) REFERENCES source_records (id), 
	CONSTRAINT uq_canonical_records_ref UNIQUE (ref)
);

CREATE INDEX ix_canonical_records_connection_stream ON canonical_records (connection, stream);

CREATE INDEX ix_canonical_records_kind_number ON canonical_records (kind, number);

CREATE INDEX ix_canonical_records_source_id ON canonical_records (source_id);

CREATE TABLE source_versions (
	record_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	payload TEXT NOT NULL, 
	hash BLOB NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	fetched_at TEXT NOT NULL, 
	CONSTRAINT pk_source_versions PRIMARY KEY (record_id, version), 
	CONSTRAINT fk_source_versions_record_id FOREIGN KEY(record_id) REFERENCES source_records (id)
);

CREATE TABLE review_pairs (
	task TEXT NOT NULL, 
	left_ref TEXT NOT NULL, 
	right_ref TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	left_id BIGINT NOT NULL, 
	right_id BIGINT NOT NULL, 
	bits FLOAT NOT NULL, 
	doubt INTEGER NOT NULL, 
	moved INTEGER, left_entity TEXT NOT NULL, right_entity TEXT NOT NULL, left_records INTEGER NOT NULL, right_records INTEGER NOT NULL, left_documents INTEGER NOT NULL, right_documents INTEGER NOT NULL, place INTEGER NOT NULL, 
	CONSTRAINT pk_review_pairs PRIMARY KEY (task, left_ref, right_ref)
);

CREATE INDEX ix_review_pairs_left_id ON review_pairs (left_id);

CREATE INDEX ix_review_pairs_right_id ON review_pairs (right_id);

CREATE TABLE link_candidates (
	from_ref TEXT NOT NULL, 
	role TEXT NOT NULL, 
	target TEXT NOT NULL, 
	id TEXT NOT NULL, 
	party TEXT NOT NULL, 
	method TEXT NOT NULL, 
	score FLOAT NOT NULL, 
	evidence TEXT NOT NULL, 
	CONSTRAINT pk_link_candidates PRIMARY KEY (from_ref, role, target), 
	CONSTRAINT uq_link_candidates_id UNIQUE (id)
);

CREATE INDEX ix_link_candidates_party ON link_candidates (party);

CREATE INDEX ix_link_candidates_score_id ON link_candidates (score, id);

CREATE INDEX ix_link_candidates_target ON link_candidates (target);

CREATE TABLE link_decisions (
	id INTEGER NOT NULL, 
	from_ref TEXT NOT NULL, 
	role TEXT NOT NULL, 
	target_ref TEXT NOT NULL, 
	verdict TEXT NOT NULL, 
	author TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	deleted_at TEXT, 
	CONSTRAINT pk_link_decisions PRIMARY KEY (id)
);

CREATE INDEX ix_link_decisions_from_ref ON link_decisions (from_ref);

CREATE INDEX ix_link_decisions_target_ref ON link_decisions (target_ref);

CREATE TABLE vorgaenge (
	id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	party TEXT, 
	phase TEXT NOT NULL, 
	phase_since TEXT, 
	currency TEXT, 
	value_minor INTEGER, 
	quoted_minor INTEGER, 
	ordered_minor INTEGER, 
	invoiced_minor INTEGER, 
	credited_minor INTEGER, 
	paid_minor INTEGER, 
	opened_at TEXT, 
	last_event_at TEXT, 
	closed_at TEXT, 
	departments TEXT NOT NULL, 
	gaps TEXT NOT NULL, 
	contradictions TEXT NOT NULL, 
	confidence FLOAT NOT NULL, 
	members INTEGER NOT NULL, 
	merged_into TEXT, 
	split_from TEXT, 
	created_at TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	ended_at TEXT, value_base_minor INTEGER, quoted_base_minor INTEGER, ordered_base_minor INTEGER, invoiced_base_minor INTEGER, credited_base_minor INTEGER, paid_base_minor INTEGER, 
	CONSTRAINT pk_vorgaenge PRIMARY KEY (id)
);

CREATE INDEX ix_vorgaenge_party ON vorgaenge (party);

CREATE INDEX ix_vorgaenge_state_last_event_at_id ON vorgaenge (state, last_event_at, id);

CREATE TABLE vorgang_departments (
	department TEXT NOT NULL, 
	vorgang_id TEXT NOT NULL, 
	CONSTRAINT pk_vorgang_departments PRIMARY KEY (department, vorgang_id)
);

CREATE INDEX ix_vorgang_departments_vorgang_id ON vorgang_departments (vorgang_id);

CREATE TABLE vorgang_dwells (
	kind TEXT NOT NULL, 
	phase TEXT NOT NULL, 
	p90_days INTEGER NOT NULL, 
	vorgaenge INTEGER NOT NULL, 
	CONSTRAINT pk_vorgang_dwells PRIMARY KEY (kind, phase)
);

CREATE TABLE vorgang_events (
	seq INTEGER NOT NULL, 
	vorgang_id TEXT NOT NULL, 
	type TEXT NOT NULL, 
	at TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_vorgang_events PRIMARY KEY (seq)
);

CREATE INDEX ix_vorgang_events_vorgang_id ON vorgang_events (vorgang_id);

CREATE TABLE vorgang_gaps (
	vorgang_id TEXT NOT NULL, 
	gap TEXT NOT NULL, 
	department TEXT NOT NULL, 
	since TEXT NOT NULL, 
	CONSTRAINT pk_vorgang_gaps PRIMARY KEY (vorgang_id, gap)
);

CREATE INDEX ix_vorgang_gaps_gap_department_since ON vorgang_gaps (gap, department, since);

CREATE TABLE vorgang_member_history (
	id INTEGER NOT NULL, 
	vorgang_id TEXT NOT NULL, 
	ref TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	role TEXT NOT NULL, 
	share_pct FLOAT NOT NULL, 
	valid_from TEXT NOT NULL, 
	valid_to TEXT NOT NULL, 
	CONSTRAINT pk_vorgang_member_history PRIMARY KEY (id)
);

CREATE INDEX ix_vorgang_member_history_ref ON vorgang_member_history (ref);

CREATE INDEX ix_vorgang_member_history_vorgang_id ON vorgang_member_history (vorgang_id);

CREATE TABLE vorgang_members (
	vorgang_id TEXT NOT NULL, 
	ref TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	role TEXT NOT NULL, 
	share_pct FLOAT NOT NULL, 
	via TEXT, 
	score FLOAT NOT NULL, 
	valid_from TEXT NOT NULL, 
	CONSTRAINT pk_vorgang_members PRIMARY KEY (vorgang_id, ref)
);

CREATE INDEX ix_vorgang_members_ref ON vorgang_members (ref);

CREATE TABLE vorgang_phases (
	vorgang_id TEXT NOT NULL, 
	phase TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	entered_at TEXT NOT NULL, 
	left_at TEXT, 
	days INTEGER, 
	CONSTRAINT pk_vorgang_phases PRIMARY KEY (vorgang_id, phase)
);

CREATE INDEX ix_vorgang_phases_kind_phase_days ON vorgang_phases (kind, phase, days);

CREATE TABLE alert_actions (
	seq INTEGER NOT NULL, 
	alert_id TEXT NOT NULL, 
	at TEXT NOT NULL, 
	author TEXT NOT NULL, 
	action TEXT NOT NULL, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_alert_actions PRIMARY KEY (seq)
);

CREATE INDEX ix_alert_actions_alert_id ON alert_actions (alert_id);

CREATE TABLE alert_deliveries (
	alert_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	because TEXT, 
	until TEXT, 
	CONSTRAINT pk_alert_deliveries PRIMARY KEY (alert_id)
);

CREATE TABLE alert_handling (
	alert_id TEXT NOT NULL, 
	state TEXT NOT NULL, 
	owner TEXT, 
	until TEXT, 
	reason TEXT, 
	feedback TEXT, 
	acknowledged_at TEXT, 
	updated_at TEXT NOT NULL, 
	CONSTRAINT pk_alert_handling PRIMARY KEY (alert_id)
);

CREATE TABLE alert_tellings (
	alert_id TEXT NOT NULL, 
	target TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	told_at TEXT NOT NULL, 
	last_at TEXT NOT NULL, 
	repeats INTEGER NOT NULL, 
	CONSTRAINT pk_alert_tellings PRIMARY KEY (alert_id, target)
);

CREATE TABLE announcements (
	"key" TEXT NOT NULL, 
	at TEXT NOT NULL, 
	CONSTRAINT pk_announcements PRIMARY KEY ("key")
);

CREATE TABLE notice_groups (
	target TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	waiting_since TEXT, 
	flushed_at TEXT, 
	CONSTRAINT pk_notice_groups PRIMARY KEY (target, "key")
);

CREATE TABLE outbox (
	seq INTEGER NOT NULL, 
	id TEXT NOT NULL, 
	target TEXT NOT NULL, 
	state TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	due_at TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	claimed_until TEXT, 
	sent_at TEXT, 
	error TEXT, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_outbox PRIMARY KEY (seq), 
	CONSTRAINT uq_outbox_id UNIQUE (id)
);

CREATE INDEX ix_outbox_state_target_seq ON outbox (state, target, seq);

CREATE TABLE rule_states (
	rule TEXT NOT NULL, 
	version TEXT NOT NULL, 
	errors INTEGER NOT NULL, 
	erred_at TEXT, 
	quarantined_at TEXT, 
	held_at TEXT, 
	released_at TEXT, 
	detail TEXT NOT NULL, 
	CONSTRAINT pk_rule_states PRIMARY KEY (rule)
);

CREATE TABLE silences (
	id TEXT NOT NULL, 
	rule TEXT, 
	subject_kind TEXT, 
	subject TEXT, 
	customer TEXT, 
	severity TEXT, 
	starts_at TEXT NOT NULL, 
	until TEXT NOT NULL, 
	why TEXT NOT NULL, 
	author TEXT NOT NULL, 
	created_at TEXT NOT NULL, 
	CONSTRAINT pk_silences PRIMARY KEY (id)
);

CREATE INDEX ix_silences_until ON silences (until);

CREATE INDEX ix_alerts_moved_to ON alerts (moved_to);

CREATE INDEX ix_entities_merged_into ON entities (merged_into);

CREATE TABLE checkpoints (
	connection TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	partition TEXT NOT NULL, 
	cursor TEXT NOT NULL, 
	saved_at TEXT NOT NULL, 
	CONSTRAINT pk_checkpoints PRIMARY KEY (connection, stream, partition)
);

CREATE INDEX ix_review_pairs_left_entity ON review_pairs (left_entity);

CREATE INDEX ix_review_pairs_right_entity ON review_pairs (right_entity);

CREATE INDEX ix_review_pairs_kind_place_left_ref_right_ref_task ON review_pairs (kind, place, left_ref, right_ref, task);

CREATE TABLE secrets (
	name TEXT NOT NULL, 
	sealed BLOB NOT NULL, 
	saved_at TEXT NOT NULL, 
	CONSTRAINT pk_secrets PRIMARY KEY (name)
);

CREATE TABLE drift (
	connection TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	field TEXT NOT NULL, 
	text TEXT NOT NULL, 
	first_seen_at TEXT NOT NULL, 
	CONSTRAINT pk_drift PRIMARY KEY (connection, stream, field, text)
);

CREATE TABLE "runs" (
	id INTEGER NOT NULL, 
	connection TEXT NOT NULL, 
	state TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	finished_at TEXT, 
	progress TEXT NOT NULL, 
	error_kind TEXT, 
	error TEXT, 
	cancel_asked BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_runs PRIMARY KEY (id)
);

CREATE INDEX ix_runs_connection_id ON runs (connection, id);

CREATE TABLE change_counter (
	only INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	CONSTRAINT pk_change_counter PRIMARY KEY (only)
);

CREATE TABLE changes (
	kind TEXT NOT NULL, 
	id TEXT NOT NULL, 
	op TEXT NOT NULL, 
	at TEXT NOT NULL, 
	place INTEGER, 
	CONSTRAINT pk_changes PRIMARY KEY (kind, id), 
	CONSTRAINT uq_changes_place UNIQUE (place)
);

CREATE INDEX ix_changes_unnumbered ON changes (at) WHERE place IS NULL;

CREATE TABLE facts (
	subject_kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	customer TEXT, 
	connection TEXT, 
	found TEXT NOT NULL, 
	since TEXT NOT NULL, 
	valid_from TEXT NOT NULL, changes_at TEXT, 
	CONSTRAINT pk_facts PRIMARY KEY (subject_kind, subject)
);

CREATE INDEX ix_facts_customer_subject_kind ON facts (customer, subject_kind);

CREATE TABLE fact_history (
	id INTEGER NOT NULL, 
	subject_kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	customer TEXT, 
	connection TEXT, 
	found TEXT NOT NULL, 
	since TEXT NOT NULL, 
	valid_from TEXT NOT NULL, 
	valid_to TEXT NOT NULL, 
	CONSTRAINT pk_fact_history PRIMARY KEY (id)
);

CREATE INDEX ix_fact_history_subject_kind_subject_valid_to ON fact_history (subject_kind, subject, valid_to);

CREATE INDEX ix_fact_history_customer_valid_to ON fact_history (customer, valid_to);

CREATE TABLE fact_sources (
	kind TEXT NOT NULL, 
	valid_from TEXT NOT NULL, 
	connections TEXT NOT NULL, 
	CONSTRAINT pk_fact_sources PRIMARY KEY (kind, valid_from)
);

CREATE TABLE fact_days (
	day TEXT NOT NULL, look TEXT DEFAULT '' NOT NULL, sieve TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_fact_days PRIMARY KEY (day)
);

CREATE TABLE credential_ends (
	connection TEXT NOT NULL, 
	ends_at TEXT NOT NULL, 
	noted_at TEXT NOT NULL, 
	CONSTRAINT pk_credential_ends PRIMARY KEY (connection)
);

CREATE TABLE hints (
	connection TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	times INTEGER NOT NULL, 
	tries INTEGER NOT NULL, 
	first_at TEXT NOT NULL, 
	CONSTRAINT pk_hints PRIMARY KEY (connection, stream, "key")
);

CREATE TABLE known_pages (
	connection TEXT NOT NULL, 
	stream TEXT NOT NULL, 
	digest BLOB NOT NULL, 
	cursors TEXT NOT NULL, 
	ids TEXT NOT NULL, 
	held BLOB NOT NULL, 
	CONSTRAINT pk_known_pages PRIMARY KEY (connection, stream, digest)
);

CREATE TABLE erasures (
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	entities TEXT NOT NULL, 
	state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	author TEXT NOT NULL, 
	asked_at TEXT NOT NULL, 
	done_at TEXT, 
	receipt TEXT NOT NULL, 
	streams TEXT NOT NULL, 
	lifted_at TEXT, 
	lifted_by TEXT, 
	lift_reason TEXT, 
	CONSTRAINT pk_erasures PRIMARY KEY (id)
);

CREATE TABLE suppressions (
	mark TEXT NOT NULL, 
	erasure_id TEXT NOT NULL, 
	what TEXT NOT NULL, 
	until TEXT, 
	met INTEGER NOT NULL, 
	met_at TEXT, 
	CONSTRAINT pk_suppressions PRIMARY KEY (mark, erasure_id), 
	CONSTRAINT fk_suppressions_erasure_id FOREIGN KEY(erasure_id) REFERENCES erasures (id)
);

CREATE TABLE kept_records (
	record_id INTEGER NOT NULL, 
	erasure_id TEXT NOT NULL, 
	until TEXT NOT NULL, 
	CONSTRAINT pk_kept_records PRIMARY KEY (record_id), 
	CONSTRAINT fk_kept_records_record_id FOREIGN KEY(record_id) REFERENCES source_records (id), 
	CONSTRAINT fk_kept_records_erasure_id FOREIGN KEY(erasure_id) REFERENCES erasures (id)
);

CREATE TABLE project_norms (
	peers TEXT NOT NULL, 
	measure TEXT NOT NULL, 
	members INTEGER NOT NULL, 
	middle FLOAT NOT NULL, 
	spread FLOAT NOT NULL, 
	CONSTRAINT pk_project_norms PRIMARY KEY (peers, measure)
);

CREATE INDEX ix_facts_changes_at ON facts (changes_at) WHERE changes_at IS NOT NULL;

CREATE TABLE restless (
	subject_kind TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	wakes_on TEXT NOT NULL, 
	noted TEXT NOT NULL, 
	CONSTRAINT pk_restless PRIMARY KEY (subject_kind, subject)
);

CREATE INDEX ix_restless_wakes_on ON restless (wakes_on);

CREATE TABLE token_holders (
	kind TEXT NOT NULL, 
	token BIGINT NOT NULL, 
	holders INTEGER NOT NULL, 
	ids BLOB, 
	CONSTRAINT pk_token_holders PRIMARY KEY (kind, token)
)
 WITHOUT ROWID

;

INSERT INTO alembic_version VALUES ('0025')
