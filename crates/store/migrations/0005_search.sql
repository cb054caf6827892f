-- Search, checks of documents, breakdowns of speeches, likeness of pictures.

-- The search index is no business data: it is made from the records and their files, left out of backups and built
-- anew by one command. How postings are packed: store/src/search/codec.rs.
CREATE TABLE search_state (
    id BIGINT NOT NULL PRIMARY KEY,
    seq BIGINT NOT NULL,
    next_document BIGINT NOT NULL,
    next_segment BIGINT NOT NULL
) {STRICT};

CREATE TABLE search_document (
    id BIGINT NOT NULL PRIMARY KEY,
    kind {TEXT_C} NOT NULL,
    subject_id BIGINT NOT NULL,
    unit_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    day BIGINT,
    href TEXT NOT NULL,
    file_href TEXT NOT NULL,
    stamp TEXT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL
) {STRICT};
CREATE UNIQUE INDEX search_document_by_subject ON search_document (kind, subject_id);

CREATE TABLE search_segment (
    id BIGINT NOT NULL PRIMARY KEY,
    first_document BIGINT NOT NULL,
    documents BIGINT NOT NULL,
    postings BIGINT NOT NULL,
    gone_documents BIGINT NOT NULL,
    days {BLOB} NOT NULL,
    starts {BLOB} NOT NULL,
    gone {BLOB} NOT NULL
) {STRICT};

CREATE TABLE search_page (
    segment_id BIGINT NOT NULL,
    first_term {TEXT_C} NOT NULL,
    ordinal BIGINT NOT NULL,
    content {BLOB} NOT NULL,
    PRIMARY KEY (segment_id, first_term, ordinal)
) {STRICT};

-- A document that was checked 校核: its text as read, what was found, and what a person decided on each finding.
CREATE TABLE text_check (
    id BIGINT NOT NULL PRIMARY KEY,
    unit_id BIGINT NOT NULL,
    campaign_id BIGINT,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    day BIGINT NOT NULL,
    content TEXT NOT NULL,
    findings TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX text_check_by_unit ON text_check (unit_id, id);

CREATE TABLE check_decision (
    check_id BIGINT NOT NULL,
    finding BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    replacement TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by BIGINT NOT NULL,
    decided_at BIGINT NOT NULL,
    PRIMARY KEY (check_id, finding)
) {STRICT};

-- A speech or notice broken down 文件分解: its text, and the drafts proposed from it.
CREATE TABLE breakdown (
    id BIGINT NOT NULL PRIMARY KEY,
    unit_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    day BIGINT NOT NULL,
    content TEXT NOT NULL,
    made_by BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX breakdown_by_unit ON breakdown (unit_id, id);
CREATE INDEX breakdown_by_campaign ON breakdown (campaign_id, id);

CREATE TABLE breakdown_draft (
    id BIGINT NOT NULL PRIMARY KEY,
    breakdown_id BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    quote TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_level TEXT NOT NULL,
    unit_id BIGINT,
    unit_doubt TEXT NOT NULL,
    action TEXT NOT NULL,
    strand TEXT NOT NULL,
    quantity TEXT NOT NULL,
    cadence TEXT NOT NULL,
    deadline_text TEXT NOT NULL,
    due_day BIGINT,
    hard BIGINT NOT NULL,
    reasons TEXT NOT NULL,
    state TEXT NOT NULL,
    merged_into BIGINT,
    becomes_kind TEXT NOT NULL,
    becomes_id BIGINT,
    drop_reason TEXT NOT NULL,
    decided_by BIGINT,
    decided_at BIGINT,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX breakdown_draft_by_breakdown ON breakdown_draft (breakdown_id, start_at, id);
CREATE INDEX breakdown_draft_by_subject ON breakdown_draft (becomes_kind, becomes_id);

-- The office's own words: full names, set phrases, ignored words, subjects, words not worth a draft.
CREATE TABLE office_word (
    id BIGINT NOT NULL PRIMARY KEY,
    unit_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    word TEXT NOT NULL,
    replacement TEXT NOT NULL,
    origin TEXT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX office_word_by_unit ON office_word (unit_id, kind, word);

-- Difference hashes of pictures, by the digest of their file; bands find near ones.
CREATE TABLE image_print (
    digest TEXT NOT NULL PRIMARY KEY,
    print BIGINT NOT NULL,
    band_a BIGINT NOT NULL,
    band_b BIGINT NOT NULL,
    band_c BIGINT NOT NULL,
    band_d BIGINT NOT NULL
) {STRICT};
CREATE INDEX image_print_by_a ON image_print (band_a);
CREATE INDEX image_print_by_b ON image_print (band_b);
CREATE INDEX image_print_by_c ON image_print (band_c);
CREATE INDEX image_print_by_d ON image_print (band_d);
