-- Slips 督办单, the ladder, channels and digests.

-- A numbered paper about a record, named by its kind and number: no other noun's table is needed.
CREATE TABLE slip (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    form TEXT NOT NULL,
    form_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    issuer_unit_id BIGINT NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    document_prefix TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    subject_unit_id BIGINT,
    subject_day BIGINT,
    subject_words TEXT NOT NULL,
    to_unit_id BIGINT NOT NULL,
    holder_unit_id BIGINT NOT NULL,
    to_post_id BIGINT,
    copy_unit_id BIGINT,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    urgent BIGINT NOT NULL,
    state TEXT NOT NULL,
    drafted_by BIGINT,
    drafted_at BIGINT NOT NULL,
    issued_by BIGINT,
    issued_day BIGINT,
    answer_working_days BIGINT NOT NULL,
    answer_day BIGINT,
    signed_by BIGINT,
    signed_day BIGINT,
    answer TEXT NOT NULL,
    answered_by BIGINT,
    answered_day BIGINT,
    passes BIGINT NOT NULL,
    decider_unit_id BIGINT,
    decide_by_day BIGINT,
    rule TEXT NOT NULL,
    cause TEXT NOT NULL,
    cause_due_day BIGINT,
    cause_round BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX slip_by_subject ON slip (subject_kind, subject_id, id);
CREATE INDEX slip_by_holder ON slip (holder_unit_id, state, answer_day);
CREATE INDEX slip_by_to ON slip (to_unit_id, id);
CREATE INDEX slip_by_issuer ON slip (issuer_unit_id, state, id);
CREATE INDEX slip_by_post ON slip (to_post_id, state);
CREATE INDEX slip_by_state ON slip (campaign_id, state, id);

-- What was done with a slip, in order.
CREATE TABLE slip_step (
    slip_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    verb TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    to_unit_id BIGINT,
    person_id BIGINT,
    at BIGINT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (slip_id, ordinal)
) {STRICT_WITHOUT_ROWID};

-- What decisions about returned slips taught: such matters of one unit belong to another.
CREATE TABLE routing_rule (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    category TEXT NOT NULL,
    from_unit_id BIGINT NOT NULL,
    to_unit_id BIGINT NOT NULL,
    slip_id BIGINT NOT NULL,
    decided_day BIGINT NOT NULL,
    reason TEXT NOT NULL
) {STRICT};
CREATE INDEX routing_rule_by_category ON routing_rule (campaign_id, category, from_unit_id);

-- Restricted: opened only by the person, the decider and those named. Counted nowhere.
CREATE TABLE talk (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    slip_id BIGINT,
    unit_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    ground TEXT NOT NULL,
    decided_by BIGINT NOT NULL,
    decided_day BIGINT NOT NULL,
    readers TEXT NOT NULL,
    statement TEXT NOT NULL,
    stated_at BIGINT,
    objection TEXT NOT NULL,
    objected_at BIGINT,
    objection_answer TEXT NOT NULL,
    objection_answered_by BIGINT,
    outcome TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX talk_by_person ON talk (person_id, id);

-- Several units called together on a matter, one of them in the lead 吹哨报到.
CREATE TABLE muster (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    subject_words TEXT NOT NULL,
    caller_unit_id BIGINT NOT NULL,
    called_by BIGINT NOT NULL,
    called_at BIGINT NOT NULL,
    lead_unit_id BIGINT NOT NULL,
    needed TEXT NOT NULL,
    due_day BIGINT NOT NULL,
    state TEXT NOT NULL,
    result TEXT NOT NULL,
    finished_by BIGINT,
    ended_at BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX muster_by_subject ON muster (subject_kind, subject_id, id);
CREATE INDEX muster_by_state ON muster (state, due_day, id);

CREATE TABLE muster_unit (
    muster_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    state TEXT NOT NULL,
    present_at BIGINT,
    present_by BIGINT,
    did TEXT NOT NULL,
    done_at BIGINT,
    done_by BIGINT,
    PRIMARY KEY (muster_id, unit_id)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX muster_unit_by_unit ON muster_unit (unit_id, muster_id);

CREATE TABLE muster_step (
    muster_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    verb TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (muster_id, ordinal)
) {STRICT_WITHOUT_ROWID};

-- One message for a person and working day: the key lets no second one in.
CREATE TABLE digest (
    person_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    items BIGINT NOT NULL,
    late BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (person_id, day)
) {STRICT_WITHOUT_ROWID};

-- Where a person wants to be told, beside the page.
CREATE TABLE person_contact (
    person_id BIGINT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    user_id TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};

CREATE TABLE channel (
    id BIGINT NOT NULL PRIMARY KEY,
    unit_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    sender TEXT NOT NULL,
    login TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};

-- Addresses with keys in them and passwords: outside the journal, shown to nobody.
CREATE TABLE channel_secret (
    channel_id BIGINT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT NOT NULL
) {STRICT};

-- Messages on their way out: a running state, outside the journal.
CREATE TABLE message (
    id BIGINT NOT NULL PRIMARY KEY,
    channel_id BIGINT NOT NULL,
    to_address TEXT NOT NULL,
    dedup TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    urgent BIGINT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    sent_at BIGINT
) {STRICT};
CREATE INDEX message_waiting ON message (state, next_at, id);
CREATE UNIQUE INDEX message_once ON message (channel_id, dedup);

-- What runs by itself, once a day, on one machine at a time.
CREATE TABLE daily_job (
    name TEXT NOT NULL PRIMARY KEY,
    leased_by TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    done_day BIGINT,
    done_at BIGINT
) {STRICT};
