-- The house: journal, organisation, people, campaigns, problems, files, imports, roll-ups, jobs.
-- Written once for both engines; {PLACEHOLDERS} are filled by store/src/dialect.rs.
-- Times are UTC microseconds, days are days since 1970-01-01, flags are 0/1, JSON is TEXT.

CREATE TABLE journal_head (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
) {STRICT};
INSERT INTO journal_head (id, seq, hash) VALUES (1, 0, '');

CREATE TABLE entry (
    seq BIGINT NOT NULL PRIMARY KEY,
    at_us BIGINT NOT NULL,
    account_id BIGINT,
    person_id BIGINT,
    post_id BIGINT,
    actor_unit_id BIGINT,
    source_address TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    unit_id BIGINT,
    campaign_id BIGINT,
    succeeded BIGINT NOT NULL,
    note TEXT NOT NULL,
    body_version BIGINT NOT NULL,
    body TEXT NOT NULL,
    personal_digest TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
) {STRICT};
CREATE INDEX entry_by_subject ON entry (subject_kind, subject_id, seq);
CREATE INDEX entry_by_time ON entry (at_us, seq);
CREATE INDEX entry_by_person ON entry (person_id, seq);
CREATE INDEX entry_by_unit ON entry (unit_id, seq);

-- Personal data beside the journal, under its digest: erased without breaking the chain.
CREATE TABLE entry_personal (
    seq BIGINT NOT NULL PRIMARY KEY,
    salt TEXT NOT NULL,
    content TEXT NOT NULL
) {STRICT};

CREATE TABLE id_counter (
    name TEXT NOT NULL PRIMARY KEY,
    next_id BIGINT NOT NULL
) {STRICT};

CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) {STRICT};

CREATE TABLE calendar_day (
    day BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL
) {STRICT};

CREATE TABLE unit (
    id BIGINT NOT NULL PRIMARY KEY,
    code {TEXT_C} NOT NULL,
    name {TEXT_C} NOT NULL,
    short_names TEXT NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    sector TEXT NOT NULL,
    line TEXT NOT NULL,
    parent_id BIGINT,
    path {TEXT_C} NOT NULL,
    official_order BIGINT NOT NULL,
    created_day BIGINT NOT NULL,
    closed_day BIGINT,
    successor_id BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX unit_by_parent ON unit (parent_id, official_order, id);
CREATE INDEX unit_by_path ON unit (path);
CREATE INDEX unit_by_code ON unit (code);
CREATE INDEX unit_by_name ON unit (name);
CREATE INDEX unit_by_short_names ON unit (short_names) WHERE short_names <> '';

-- Dated names: the name a unit bore on a day.
CREATE TABLE unit_name (
    unit_id BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT,
    name TEXT NOT NULL,
    PRIMARY KEY (unit_id, from_day)
) {STRICT};

-- What a unit was until a day that has passed; what it is now stands in its own row. to_day is exclusive.
CREATE TABLE unit_standing (
    unit_id BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    level TEXT NOT NULL,
    sector TEXT NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY (unit_id, from_day)
) {STRICT};

-- Who was under whom, by day; a unit is its own ancestor. Open rows end at 9999999.
CREATE TABLE unit_closure (
    ancestor_id BIGINT NOT NULL,
    descendant_id BIGINT NOT NULL,
    depth BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    PRIMARY KEY (descendant_id, ancestor_id, from_day)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX unit_closure_down ON unit_closure (ancestor_id, descendant_id);

-- What happened to units: create, rename, move, merge, split, close.
CREATE TABLE unit_change (
    id BIGINT NOT NULL PRIMARY KEY,
    unit_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    day BIGINT NOT NULL,
    other_unit_id BIGINT,
    detail TEXT NOT NULL
) {STRICT};
CREATE INDEX unit_change_by_unit ON unit_change (unit_id, day);

CREATE TABLE scope (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    owner_unit_id BIGINT NOT NULL,
    definition TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX scope_by_owner ON scope (owner_unit_id, name);

CREATE TABLE person (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    phone TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};

CREATE TABLE post (
    id BIGINT NOT NULL PRIMARY KEY,
    unit_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    leads BIGINT NOT NULL,
    shared BIGINT NOT NULL,
    official_order BIGINT NOT NULL,
    closed_day BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX post_by_unit ON post (unit_id, official_order);

CREATE TABLE tenure (
    id BIGINT NOT NULL PRIMARY KEY,
    post_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT
) {STRICT};
CREATE INDEX tenure_by_post ON tenure (post_id, from_day);
CREATE INDEX tenure_by_person ON tenure (person_id, from_day);

CREATE TABLE account (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL,
    login TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    must_change BIGINT NOT NULL,
    password_set_at BIGINT,
    state TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE UNIQUE INDEX account_by_login ON account (login);
CREATE UNIQUE INDEX account_by_person ON account (person_id);

-- Running state of an account; no business data, so outside the journal (the sign-ins themselves are in it).
CREATE TABLE account_guard (
    account_id BIGINT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until_us BIGINT NOT NULL,
    last_sign_in_us BIGINT NOT NULL,
    totp_secret TEXT NOT NULL,
    totp_step BIGINT NOT NULL,
    past_hashes TEXT NOT NULL
) {STRICT};

CREATE TABLE role_grant (
    id BIGINT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL,
    post_id BIGINT,
    person_id BIGINT,
    unit_id BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT
) {STRICT};
CREATE INDEX role_grant_by_post ON role_grant (post_id);
CREATE INDEX role_grant_by_unit ON role_grant (unit_id);
CREATE INDEX role_grant_by_person ON role_grant (person_id);

CREATE TABLE session (
    digest TEXT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL,
    created_us BIGINT NOT NULL,
    seen_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    source_address TEXT NOT NULL
) {STRICT};
CREATE INDEX session_by_account ON session (account_id);

CREATE TABLE api_token (
    id BIGINT NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_us BIGINT NOT NULL,
    expires_us BIGINT NOT NULL,
    revoked_us BIGINT,
    used_day BIGINT
) {STRICT};
CREATE UNIQUE INDEX api_token_by_digest ON api_token (digest);

-- What the audit and the security administrator must look at, until one of them has said a word about it.
CREATE TABLE alert (
    id BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    account_id BIGINT,
    source_address TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    times BIGINT NOT NULL,
    detail TEXT NOT NULL,
    acknowledged_by BIGINT,
    acknowledged_at BIGINT,
    word TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX alert_open ON alert (kind, account_id) WHERE acknowledged_at IS NULL;

-- Requests to erase what is kept on a person, and what came of them.
CREATE TABLE erasure (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_day BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_by BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    decided_by BIGINT,
    decided_at BIGINT,
    word TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX erasure_by_person ON erasure (person_id);

CREATE TABLE campaign (
    id BIGINT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    office_unit_id BIGINT NOT NULL,
    basis TEXT NOT NULL,
    authority TEXT NOT NULL,
    document TEXT NOT NULL,
    scope TEXT NOT NULL,
    state TEXT NOT NULL,
    starts_day BIGINT NOT NULL,
    ends_day BIGINT,
    template_text TEXT NOT NULL,
    follows_id BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE UNIQUE INDEX campaign_by_code ON campaign (code);

CREATE TABLE problem (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    round BIGINT NOT NULL,
    text TEXT NOT NULL,
    place TEXT NOT NULL,
    category TEXT NOT NULL,
    strand TEXT NOT NULL,
    source TEXT NOT NULL,
    ground TEXT NOT NULL,
    goal TEXT NOT NULL,
    deadline_text TEXT NOT NULL,
    deadline_kind TEXT NOT NULL,
    due_day BIGINT,
    standing BIGINT NOT NULL,
    recheck_days BIGINT,
    first_due_day BIGINT,
    state TEXT NOT NULL,
    outcome TEXT,
    truth TEXT NOT NULL,
    registered_unit_id BIGINT NOT NULL,
    registered_by BIGINT NOT NULL,
    home_unit_id BIGINT NOT NULL,
    home_path {TEXT_C} NOT NULL,
    lead_unit_id BIGINT,
    checking_unit_id BIGINT,
    deadline_unit_id BIGINT,
    holder_unit_id BIGINT,
    leader_post_id BIGINT,
    task_team TEXT NOT NULL,
    registered_day BIGINT NOT NULL,
    assigned_day BIGINT,
    signed_day BIGINT,
    claimed_day BIGINT,
    filed_day BIGINT,
    verified_day BIGINT,
    notice_until_day BIGINT,
    closed_day BIGINT,
    statement TEXT NOT NULL,
    progress TEXT NOT NULL,
    status_text TEXT NOT NULL,
    remark TEXT NOT NULL,
    send_backs BIGINT NOT NULL,
    extensions BIGINT NOT NULL,
    recurrences BIGINT NOT NULL,
    clock_day BIGINT,
    forced_colour TEXT,
    forced_until_day BIGINT,
    forced_reason TEXT NOT NULL,
    root_cause_id BIGINT,
    merged_into_id BIGINT,
    split_from_id BIGINT,
    import_id BIGINT,
    import_sheet TEXT NOT NULL,
    import_row BIGINT NOT NULL,
    import_key TEXT NOT NULL,
    import_seq TEXT NOT NULL,
    extra TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX problem_by_number ON problem (campaign_id, number);
CREATE INDEX problem_by_home ON problem (campaign_id, home_path);
-- The ledger's walk by due day (filters are answered from the index), and totals by state and category.
CREATE INDEX problem_by_due ON problem (campaign_id, COALESCE(clock_day, 9999999), id, state, category, home_path);
CREATE INDEX problem_by_state_category ON problem (campaign_id, state, category, home_path, clock_day);
CREATE INDEX problem_by_change ON problem (campaign_id, changed_at, id);
CREATE INDEX problem_by_import ON problem (import_id, import_key);
CREATE INDEX problem_by_leader ON problem (leader_post_id) WHERE leader_post_id IS NOT NULL;
CREATE INDEX problem_by_root_cause ON problem (root_cause_id);
CREATE INDEX problem_by_merged ON problem (merged_into_id);
CREATE INDEX problem_by_split ON problem (split_from_id);

-- Every state a problem was in, from one entry to the next: lists and figures as of any past day.
CREATE TABLE problem_version (
    id BIGINT NOT NULL,
    from_seq BIGINT NOT NULL,
    to_seq BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    round BIGINT NOT NULL,
    text TEXT NOT NULL,
    place TEXT NOT NULL,
    category TEXT NOT NULL,
    strand TEXT NOT NULL,
    source TEXT NOT NULL,
    ground TEXT NOT NULL,
    goal TEXT NOT NULL,
    deadline_text TEXT NOT NULL,
    deadline_kind TEXT NOT NULL,
    due_day BIGINT,
    standing BIGINT NOT NULL,
    recheck_days BIGINT,
    first_due_day BIGINT,
    state TEXT NOT NULL,
    outcome TEXT,
    truth TEXT NOT NULL,
    registered_unit_id BIGINT NOT NULL,
    registered_by BIGINT NOT NULL,
    home_unit_id BIGINT NOT NULL,
    home_path {TEXT_C} NOT NULL,
    lead_unit_id BIGINT,
    checking_unit_id BIGINT,
    deadline_unit_id BIGINT,
    holder_unit_id BIGINT,
    leader_post_id BIGINT,
    task_team TEXT NOT NULL,
    registered_day BIGINT NOT NULL,
    assigned_day BIGINT,
    signed_day BIGINT,
    claimed_day BIGINT,
    filed_day BIGINT,
    verified_day BIGINT,
    notice_until_day BIGINT,
    closed_day BIGINT,
    statement TEXT NOT NULL,
    progress TEXT NOT NULL,
    status_text TEXT NOT NULL,
    remark TEXT NOT NULL,
    send_backs BIGINT NOT NULL,
    extensions BIGINT NOT NULL,
    recurrences BIGINT NOT NULL,
    clock_day BIGINT,
    forced_colour TEXT,
    forced_until_day BIGINT,
    forced_reason TEXT NOT NULL,
    root_cause_id BIGINT,
    merged_into_id BIGINT,
    split_from_id BIGINT,
    import_id BIGINT,
    import_sheet TEXT NOT NULL,
    import_row BIGINT NOT NULL,
    import_key TEXT NOT NULL,
    import_seq TEXT NOT NULL,
    extra TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (id, from_seq)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX problem_version_by_home ON problem_version (campaign_id, home_unit_id, from_seq, to_seq);

CREATE TABLE problem_party (
    problem_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    written TEXT NOT NULL,
    PRIMARY KEY (problem_id, unit_id, role)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX problem_party_by_unit ON problem_party (unit_id, role, problem_id);

CREATE TABLE problem_round (
    problem_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    opened_day BIGINT NOT NULL,
    reason TEXT NOT NULL,
    closed_day BIGINT,
    outcome TEXT,
    statement TEXT NOT NULL,
    PRIMARY KEY (problem_id, round)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE problem_deed (
    problem_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (problem_id, round, person_id, unit_id, kind)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE problem_holding (
    problem_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    from_us BIGINT NOT NULL,
    to_us BIGINT,
    why TEXT NOT NULL,
    PRIMARY KEY (problem_id, ordinal)
) {STRICT_WITHOUT_ROWID};

-- What moved, at which unit and on which day: the rows behind the roll-ups' flows.
CREATE TABLE problem_flow (
    entry_seq BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    problem_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    flow TEXT NOT NULL,
    day BIGINT NOT NULL,
    PRIMARY KEY (entry_seq, ordinal)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX problem_flow_by_day ON problem_flow (campaign_id, flow, day, unit_id);
CREATE INDEX problem_flow_by_unit ON problem_flow (unit_id, campaign_id, day);

CREATE TABLE measure (
    id BIGINT NOT NULL PRIMARY KEY,
    problem_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    text TEXT NOT NULL,
    goal TEXT NOT NULL,
    owner_unit_id BIGINT NOT NULL,
    owner_post_id BIGINT,
    deadline_text TEXT NOT NULL,
    due_day BIGINT,
    standing BIGINT NOT NULL,
    state TEXT NOT NULL,
    done_note TEXT NOT NULL,
    claimed_day BIGINT,
    filed_day BIGINT,
    filed_by BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX measure_by_problem ON measure (problem_id, round, ordinal);
CREATE INDEX measure_by_post ON measure (owner_post_id) WHERE owner_post_id IS NOT NULL;
CREATE INDEX measure_by_owner ON measure (owner_unit_id, state, due_day);

CREATE TABLE request (
    id BIGINT NOT NULL PRIMARY KEY,
    problem_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    kind TEXT NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_unit_id BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    deadline_text TEXT NOT NULL,
    new_due_day BIGINT,
    to_unit_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_by BIGINT,
    decided_at BIGINT,
    decision_reason TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX request_by_problem ON request (problem_id, id);
CREATE INDEX request_by_decider ON request (to_unit_id, state);

CREATE TABLE look_back (
    id BIGINT NOT NULL PRIMARY KEY,
    problem_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    person_id BIGINT,
    due_day BIGINT NOT NULL,
    result TEXT NOT NULL,
    note TEXT NOT NULL,
    done_by BIGINT,
    done_at BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX look_back_by_problem ON look_back (problem_id, id);
CREATE INDEX look_back_by_day ON look_back (result, due_day);
CREATE INDEX look_back_by_unit ON look_back (unit_id, result, due_day);

-- The bytes of evidence and imported ledgers, by digest; filed once however often used.
CREATE TABLE file_content (
    digest TEXT NOT NULL PRIMARY KEY,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    content {BLOB} NOT NULL
) {STRICT};

CREATE TABLE evidence (
    id BIGINT NOT NULL PRIMARY KEY,
    problem_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    measure_id BIGINT,
    stage TEXT NOT NULL,
    caption TEXT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    edition BIGINT NOT NULL,
    replaced_by BIGINT,
    filed_by BIGINT NOT NULL,
    filed_unit_id BIGINT NOT NULL,
    filed_at BIGINT NOT NULL
) {STRICT};
CREATE INDEX evidence_by_problem ON evidence (problem_id, id);
CREATE INDEX evidence_by_digest ON evidence (digest);

-- The label of a file where it is not the common one, and who is cleared for which.
CREATE TABLE evidence_label (
    evidence_id BIGINT NOT NULL PRIMARY KEY,
    label TEXT NOT NULL,
    set_by BIGINT NOT NULL,
    set_at BIGINT NOT NULL
) {STRICT};

CREATE TABLE clearance (
    person_id BIGINT NOT NULL PRIMARY KEY,
    label TEXT NOT NULL,
    set_by BIGINT NOT NULL,
    set_at BIGINT NOT NULL
) {STRICT};

-- Signatures of texts, to find what was written before: kind is 'problem' or 'closure'.
CREATE TABLE likeness (
    kind TEXT NOT NULL,
    problem_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    signature {BLOB} NOT NULL,
    PRIMARY KEY (kind, problem_id, round)
) {STRICT_WITHOUT_ROWID};
CREATE TABLE likeness_band (
    kind TEXT NOT NULL,
    band BIGINT NOT NULL,
    problem_id BIGINT NOT NULL,
    round BIGINT NOT NULL,
    PRIMARY KEY (kind, band, problem_id, round)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE ledger_layout (
    fingerprint TEXT NOT NULL,
    campaign_id BIGINT NOT NULL,
    mapping TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (fingerprint, campaign_id)
) {STRICT};

CREATE TABLE ledger_import (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    issued_day BIGINT NOT NULL,
    state TEXT NOT NULL,
    mapping TEXT NOT NULL,
    answers TEXT NOT NULL,
    counts TEXT NOT NULL,
    imported_by BIGINT NOT NULL,
    imported_at BIGINT NOT NULL,
    follows_id BIGINT,
    -- In whose name rows are registered, how many there are, and why it stands still.
    run_by BIGINT,
    rows_total BIGINT NOT NULL,
    halted TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX ledger_import_by_campaign ON ledger_import (campaign_id, id);
CREATE INDEX ledger_import_by_digest ON ledger_import (digest);

-- The rows of an import as read, so that a re-import can show what changed.
CREATE TABLE ledger_row (
    import_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    row_key TEXT NOT NULL,
    content TEXT NOT NULL,
    problem_id BIGINT,
    PRIMARY KEY (import_id, ordinal)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE saved_view (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX saved_view_by_person ON saved_view (person_id);

-- Counts per unit with its whole subtree, kept by the journal. facet and its keys: store/src/rollup.rs.
CREATE TABLE rollup (
    unit_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    facet TEXT NOT NULL,
    item TEXT NOT NULL,
    day BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (unit_id, campaign_id, facet, item, day)
) {STRICT_WITHOUT_ROWID};

{APPEND_ONLY entry}
