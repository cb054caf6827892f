-- What figures of required actions counted until it was taken back: with it a day that has passed is told as it was.
-- Kept by triggers on what is rare (corrections, withdrawals, new versions of a rule, excuses revoked), so that recording
-- writes nothing more. `until_seq` is the entry from which it did not hold any more.
CREATE TABLE action_credit_past (
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL,
    period_day BIGINT NOT NULL,
    activity_id BIGINT NOT NULL,
    until_seq BIGINT NOT NULL,
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    amount BIGINT NOT NULL,
    rule_version BIGINT NOT NULL,
    PRIMARY KEY (subject_kind, subject_id, rule_id, period_day, activity_id, until_seq)
) {STRICT_WITHOUT_ROWID};

-- The entries that changed a record after it was filed.
CREATE TABLE activity_change (
    activity_id BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (activity_id, seq)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE action_excuse_past (
    excuse_id BIGINT NOT NULL,
    until_seq BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL,
    period_day BIGINT NOT NULL,
    approved_at BIGINT NOT NULL,
    PRIMARY KEY (excuse_id, until_seq)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX action_excuse_past_by_subject ON action_excuse_past (subject_kind, subject_id, rule_id);

{AFTER action_credit_gone; DELETE ON action_credit; INSERT INTO action_credit_past (subject_kind, subject_id, rule_id, period_day, activity_id, until_seq, day, kind, amount, rule_version) SELECT OLD.subject_kind, OLD.subject_id, OLD.rule_id, OLD.period_day, OLD.activity_id, h.seq + 1, OLD.day, OLD.kind, OLD.amount, (SELECT COALESCE(MAX(v.number), 0) FROM required_action_version v WHERE v.rule_id = OLD.rule_id) FROM journal_head h WHERE h.id = 1 ON CONFLICT DO NOTHING}

{AFTER activity_changed; UPDATE OF version ON activity; INSERT INTO activity_change (activity_id, seq) SELECT OLD.id, h.seq + 1 FROM journal_head h WHERE h.id = 1 ON CONFLICT DO NOTHING}

{AFTER action_excuse_changed; UPDATE ON action_excuse; INSERT INTO action_excuse_past (excuse_id, until_seq, subject_kind, subject_id, rule_id, period_day, approved_at) SELECT OLD.id, h.seq + 1, OLD.subject_kind, OLD.subject_id, OLD.rule_id, OLD.period_day, OLD.decided_at FROM journal_head h WHERE h.id = 1 AND OLD.state = 'approved' AND OLD.decided_at IS NOT NULL ON CONFLICT DO NOTHING}
