-- Required actions 规定动作, activities 活动, excuses, study 学习.

-- Units strictly below a unit by class, as changes by day: how many there are on a day is the sum up to it. What a
-- scope expects of a subtree comes from here. Folded by the journal.
CREATE TABLE unit_below (
    unit_id BIGINT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    sector TEXT NOT NULL,
    line TEXT NOT NULL,
    day BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (unit_id, level, kind, sector, line, day)
) {STRICT_WITHOUT_ROWID};

-- Held posts (by name) and people (at the unit of their main post) strictly below a unit, as changes by day and as sums
-- of whole months and years. Folded by the journal.
CREATE TABLE people_below (
    unit_id BIGINT NOT NULL,
    subject TEXT NOT NULL,
    grain TEXT NOT NULL,
    day BIGINT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    sector TEXT NOT NULL,
    line TEXT NOT NULL,
    post TEXT NOT NULL,
    leads BIGINT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (unit_id, subject, grain, day, level, kind, sector, line, post, leads)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE required_action (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    code TEXT NOT NULL,
    owner_unit_id BIGINT NOT NULL,
    upper_id BIGINT,
    subject TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX required_action_by_campaign ON required_action (campaign_id, ordinal, id);
CREATE INDEX required_action_by_owner ON required_action (owner_unit_id, campaign_id);

-- What a rule asks, as JSON, from one day to the day before another.
CREATE TABLE required_action_version (
    rule_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    until_day BIGINT,
    definition TEXT NOT NULL,
    added TEXT NOT NULL,
    reason TEXT NOT NULL,
    issued_by BIGINT NOT NULL,
    issued_at BIGINT NOT NULL,
    PRIMARY KEY (rule_id, number)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE activity (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    day BIGINT NOT NULL,
    makes_up_day BIGINT,
    topic TEXT NOT NULL,
    minutes_text TEXT NOT NULL,
    duration_minutes BIGINT NOT NULL,
    link TEXT NOT NULL,
    filed_by BIGINT NOT NULL,
    filed_at BIGINT NOT NULL,
    files BIGINT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX activity_by_unit ON activity (unit_id, day, id);
CREATE INDEX activity_by_kind ON activity (kind, day);
CREATE INDEX activity_by_filing ON activity (filed_at);

CREATE TABLE activity_person (
    activity_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    attendance TEXT NOT NULL,
    PRIMARY KEY (activity_id, person_id)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX activity_person_by_person ON activity_person (person_id, activity_id);

-- Units that held it together with the recording one.
CREATE TABLE activity_unit (
    activity_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    PRIMARY KEY (activity_id, unit_id)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX activity_unit_by_unit ON activity_unit (unit_id, activity_id);

CREATE TABLE activity_file (
    id BIGINT NOT NULL PRIMARY KEY,
    activity_id BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL
) {STRICT};
CREATE INDEX activity_file_by_activity ON activity_file (activity_id, id);

-- Earlier editions of corrected records, as JSON.
CREATE TABLE activity_version (
    activity_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    content TEXT NOT NULL,
    reason TEXT NOT NULL,
    changed_by BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (activity_id, number)
) {STRICT_WITHOUT_ROWID};

-- What a record counts for. Subjects of one kind are numbered by their own table.
CREATE TABLE action_credit (
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL,
    period_day BIGINT NOT NULL,
    activity_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (subject_kind, subject_id, rule_id, period_day, activity_id)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX action_credit_by_activity ON action_credit (activity_id);

-- Done, of those early, done late and excused below a unit, by rule and last day of the period. Folded by the journal.
CREATE TABLE action_rollup (
    unit_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL,
    period_day BIGINT NOT NULL,
    done BIGINT NOT NULL,
    early BIGINT NOT NULL,
    late BIGINT NOT NULL,
    excused BIGINT NOT NULL,
    PRIMARY KEY (unit_id, rule_id, period_day)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE action_excuse (
    id BIGINT NOT NULL PRIMARY KEY,
    rule_id BIGINT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    period_day BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_by BIGINT NOT NULL,
    asked_at BIGINT NOT NULL,
    decided_by BIGINT,
    decided_at BIGINT,
    decision_reason TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX action_excuse_by_subject ON action_excuse (subject_kind, subject_id, rule_id, period_day);
CREATE INDEX action_excuse_by_rule ON action_excuse (rule_id, state, period_day);

CREATE TABLE reading (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    parts TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX reading_by_campaign ON reading (campaign_id, unit_id, id);

-- A person's own marks, plan and hours: seen by that person alone.
CREATE TABLE reading_mark (
    reading_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    part BIGINT NOT NULL,
    day BIGINT NOT NULL,
    PRIMARY KEY (person_id, reading_id, part)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE study_plan (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL,
    what TEXT NOT NULL,
    due_day BIGINT NOT NULL,
    done_day BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX study_plan_by_person ON study_plan (person_id, due_day);

CREATE TABLE study_hours (
    id BIGINT NOT NULL PRIMARY KEY,
    person_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    what TEXT NOT NULL,
    duration_minutes BIGINT NOT NULL
) {STRICT};
CREATE INDEX study_hours_by_person ON study_hours (person_id, day);

CREATE TABLE study_class (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    hours BIGINT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX study_class_by_unit ON study_class (unit_id, from_day);

CREATE TABLE class_session (
    id BIGINT NOT NULL PRIMARY KEY,
    class_id BIGINT NOT NULL,
    day BIGINT NOT NULL,
    topic TEXT NOT NULL,
    duration_minutes BIGINT NOT NULL,
    makes_up_id BIGINT,
    activity_id BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX class_session_by_class ON class_session (class_id, day);

CREATE TABLE class_member (
    class_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    PRIMARY KEY (class_id, person_id)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX class_member_by_person ON class_member (person_id, class_id);

CREATE TABLE class_attendance (
    session_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    PRIMARY KEY (session_id, person_id)
) {STRICT_WITHOUT_ROWID};
