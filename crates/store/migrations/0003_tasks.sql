-- Key tasks 重点任务 and livelihood projects 民生实事: what they should reach, by when, and what was reached.

CREATE TABLE task (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL,
    project BIGINT NOT NULL,
    title TEXT NOT NULL,
    goal TEXT NOT NULL,
    strand TEXT NOT NULL,
    unit_id BIGINT NOT NULL,
    owner_post_id BIGINT,
    order_unit_id BIGINT NOT NULL,
    partners TEXT NOT NULL,
    parent_id BIGINT,
    weight BIGINT NOT NULL,
    starts_day BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    state TEXT NOT NULL,
    budget_fen BIGINT NOT NULL,
    spent_fen BIGINT NOT NULL,
    beneficiaries BIGINT NOT NULL,
    beneficiary_words TEXT NOT NULL,
    claimed_day BIGINT,
    filed_day BIGINT,
    filed_by BIGINT,
    statement TEXT NOT NULL,
    closed_day BIGINT,
    closed_by BIGINT,
    decision TEXT NOT NULL,
    send_backs BIGINT NOT NULL,
    registered_by BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE UNIQUE INDEX task_by_campaign ON task (campaign_id, number);
CREATE INDEX task_by_unit ON task (unit_id, state, due_day);
CREATE INDEX task_by_parent ON task (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX task_by_post ON task (owner_post_id) WHERE owner_post_id IS NOT NULL;

-- Quantified targets; values are thousandths.
CREATE TABLE task_target (
    id BIGINT NOT NULL PRIMARY KEY,
    task_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    name TEXT NOT NULL,
    measure_word TEXT NOT NULL,
    baseline BIGINT NOT NULL,
    target BIGINT NOT NULL,
    reached BIGINT NOT NULL,
    reached_day BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX task_target_by_task ON task_target (task_id, ordinal);

-- Each reading of a target; nothing is overwritten.
CREATE TABLE target_reading (
    id BIGINT NOT NULL PRIMARY KEY,
    task_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    value BIGINT NOT NULL,
    note TEXT NOT NULL,
    filed_by BIGINT NOT NULL,
    filed_at BIGINT NOT NULL
) {STRICT};
CREATE INDEX target_reading_by_task ON target_reading (task_id, target_id, day, id);

CREATE TABLE milestone (
    id BIGINT NOT NULL PRIMARY KEY,
    task_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    title TEXT NOT NULL,
    working_days BIGINT NOT NULL,
    starts_day BIGINT NOT NULL,
    due_day BIGINT NOT NULL,
    pinned BIGINT NOT NULL,
    done_day BIGINT,
    filed_day BIGINT,
    filed_by BIGINT,
    note TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX milestone_by_task ON milestone (task_id, ordinal);
CREATE INDEX milestone_by_due ON milestone (due_day) WHERE done_day IS NULL;

-- Progress in words, and what the beneficiaries say.
CREATE TABLE task_note (
    id BIGINT NOT NULL PRIMARY KEY,
    task_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    day BIGINT NOT NULL,
    text TEXT NOT NULL,
    asked BIGINT NOT NULL,
    satisfied BIGINT NOT NULL,
    filed_by BIGINT NOT NULL,
    filed_at BIGINT NOT NULL
) {STRICT};
CREATE INDEX task_note_by_task ON task_note (task_id, id);

-- Before, on the way, after; the bytes lie in file_content.
CREATE TABLE task_evidence (
    id BIGINT NOT NULL PRIMARY KEY,
    task_id BIGINT NOT NULL,
    milestone_id BIGINT,
    stage TEXT NOT NULL,
    caption TEXT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    filed_by BIGINT NOT NULL,
    filed_unit_id BIGINT NOT NULL,
    filed_at BIGINT NOT NULL
) {STRICT};
CREATE INDEX task_evidence_by_task ON task_evidence (task_id, id);
CREATE INDEX task_evidence_by_digest ON task_evidence (digest);
