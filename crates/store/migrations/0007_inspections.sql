-- Inspection 督导, draws 抽查, look-back samples, dispatch 调度, help 联系点.

-- A random draw. plan holds strata, candidates and examiners as JSON; result stays empty until it is opened.
CREATE TABLE draw (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    purpose TEXT NOT NULL,
    method TEXT NOT NULL,
    open_day BIGINT NOT NULL,
    plan TEXT NOT NULL,
    plan_digest TEXT NOT NULL,
    commitment TEXT NOT NULL,
    public_source TEXT NOT NULL,
    public_value TEXT NOT NULL,
    secret TEXT NOT NULL,
    result TEXT NOT NULL,
    result_digest TEXT NOT NULL,
    state TEXT NOT NULL,
    inspection_id BIGINT,
    committed_seq BIGINT NOT NULL,
    committed_at BIGINT NOT NULL,
    committed_by BIGINT NOT NULL,
    drawn_at BIGINT,
    opened_at BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX draw_by_campaign ON draw (campaign_id, id);

-- The secret of a draw until it is opened. Outside the journal, which everybody with sight reads.
CREATE TABLE draw_secret (
    draw_id BIGINT NOT NULL PRIMARY KEY,
    secret TEXT NOT NULL
) {STRICT};

CREATE TABLE inspection (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    means TEXT NOT NULL,
    authority TEXT NOT NULL,
    document TEXT NOT NULL,
    subject TEXT NOT NULL,
    targets TEXT NOT NULL,
    checklist TEXT NOT NULL,
    starts_day BIGINT NOT NULL,
    ends_day BIGINT NOT NULL,
    head_id BIGINT,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    overlap_reason TEXT NOT NULL,
    drafted_by BIGINT NOT NULL,
    decided_by BIGINT,
    decided_at BIGINT,
    decision_note TEXT NOT NULL,
    issued_at BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX inspection_by_campaign ON inspection (campaign_id, state, starts_day);

CREATE TABLE inspection_member (
    inspection_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    PRIMARY KEY (inspection_id, person_id)
) {STRICT_WITHOUT_ROWID};

-- Every edition of a plan as it was approved or changed.
CREATE TABLE inspection_revision (
    inspection_id BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    at_us BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (inspection_id, revision)
) {STRICT_WITHOUT_ROWID};

CREATE TABLE visit (
    id BIGINT NOT NULL PRIMARY KEY,
    inspection_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    state TEXT NOT NULL,
    done_day BIGINT,
    answers TEXT NOT NULL,
    summary TEXT NOT NULL,
    draw_id BIGINT,
    follows_id BIGINT,
    shared_from_id BIGINT,
    filed_by BIGINT,
    filed_at BIGINT,
    client_key TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX visit_by_inspection ON visit (inspection_id, id);
CREATE INDEX visit_by_unit ON visit (unit_id, from_day);

CREATE TABLE visit_member (
    visit_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    PRIMARY KEY (visit_id, person_id)
) {STRICT_WITHOUT_ROWID};
CREATE INDEX visit_member_by_person ON visit_member (person_id, visit_id);

CREATE TABLE finding (
    id BIGINT NOT NULL PRIMARY KEY,
    visit_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    item TEXT NOT NULL,
    text TEXT NOT NULL,
    place TEXT NOT NULL,
    problem_id BIGINT,
    client_key TEXT NOT NULL,
    found_by BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX finding_by_visit ON finding (visit_id, ordinal);
CREATE INDEX finding_by_problem ON finding (problem_id) WHERE problem_id IS NOT NULL;

CREATE TABLE finding_photo (
    id BIGINT NOT NULL PRIMARY KEY,
    finding_id BIGINT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size_bytes BIGINT NOT NULL
) {STRICT};
CREATE INDEX finding_photo_by_finding ON finding_photo (finding_id, id);
CREATE INDEX finding_photo_by_digest ON finding_photo (digest);

-- Who looks back, when it was drawn; answers to the checklist as JSON.
CREATE TABLE look_back_duty (
    look_back_id BIGINT NOT NULL PRIMARY KEY,
    problem_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    draw_id BIGINT NOT NULL,
    checklist TEXT NOT NULL,
    answers TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX look_back_duty_by_person ON look_back_duty (person_id, look_back_id);
CREATE INDEX look_back_duty_by_draw ON look_back_duty (draw_id);

CREATE TABLE dispatch_series (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    every_days BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX dispatch_series_by_campaign ON dispatch_series (campaign_id, unit_id);

CREATE TABLE dispatch (
    id BIGINT NOT NULL PRIMARY KEY,
    series_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    held_day BIGINT NOT NULL,
    since_day BIGINT NOT NULL,
    state TEXT NOT NULL,
    chair TEXT NOT NULL,
    present TEXT NOT NULL,
    summary TEXT NOT NULL,
    closed_by BIGINT,
    closed_at BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX dispatch_by_series ON dispatch (series_id, number);

CREATE TABLE dispatch_item (
    id BIGINT NOT NULL PRIMARY KEY,
    dispatch_id BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    source TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    unit_id BIGINT,
    text TEXT NOT NULL,
    struck BIGINT NOT NULL,
    struck_reason TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX dispatch_item_by_dispatch ON dispatch_item (dispatch_id, ordinal);

-- What was decided: who does what until when, and what became of it.
CREATE TABLE dispatch_decision (
    id BIGINT NOT NULL PRIMARY KEY,
    dispatch_id BIGINT NOT NULL,
    item_id BIGINT,
    text TEXT NOT NULL,
    owner_unit_id BIGINT NOT NULL,
    owner_name TEXT NOT NULL,
    due_day BIGINT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    done_day BIGINT,
    task_id BIGINT,
    decided_by BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX dispatch_decision_by_dispatch ON dispatch_decision (dispatch_id, id);
CREATE UNIQUE INDEX dispatch_decision_by_task ON dispatch_decision (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX dispatch_decision_by_owner ON dispatch_decision (owner_unit_id, state, due_day);

-- What a unit means to do in a week 一周一计划.
CREATE TABLE week_plan (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    monday BIGINT NOT NULL,
    content TEXT NOT NULL,
    review TEXT NOT NULL,
    filed_by BIGINT NOT NULL,
    filed_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE UNIQUE INDEX week_plan_by_unit ON week_plan (campaign_id, unit_id, monday);

-- A unit in need, with its helper 联系点.
CREATE TABLE help (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    helper_unit_id BIGINT NOT NULL,
    helper_name TEXT NOT NULL,
    plan TEXT NOT NULL,
    starts_day BIGINT NOT NULL,
    ends_day BIGINT NOT NULL,
    baseline TEXT NOT NULL,
    state TEXT NOT NULL,
    outcome TEXT NOT NULL,
    ended_day BIGINT,
    set_by BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX help_by_campaign ON help (campaign_id, state, unit_id);
