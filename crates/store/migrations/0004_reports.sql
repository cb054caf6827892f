-- Report templates, drafts, issued documents and their frozen figures.

-- A docx of one's own with named fields; its bytes lie in file_content.
CREATE TABLE report_template (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    file_name TEXT NOT NULL,
    digest TEXT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX report_template_by_unit ON report_template (unit_id, campaign_id);

CREATE TABLE report (
    id BIGINT NOT NULL PRIMARY KEY,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    template_code TEXT NOT NULL,
    own_template_id BIGINT REFERENCES report_template (id),
    kind TEXT NOT NULL,
    from_day BIGINT NOT NULL,
    to_day BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL
) {STRICT};
CREATE INDEX report_by_campaign ON report (campaign_id, id);
CREATE INDEX report_by_unit ON report (unit_id, id);

-- Drafts change; an issued edition never does. trimmings is JSON: what stands around the text.
CREATE TABLE report_edition (
    id BIGINT NOT NULL PRIMARY KEY,
    report_id BIGINT NOT NULL REFERENCES report (id),
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    title TEXT NOT NULL,
    addressee TEXT NOT NULL,
    text TEXT NOT NULL,
    trimmings TEXT NOT NULL,
    document_number TEXT NOT NULL,
    reason TEXT NOT NULL,
    as_of_seq BIGINT NOT NULL,
    as_of_day BIGINT,
    issued_by BIGINT,
    issued_at BIGINT,
    frozen TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (report_id, number)
) {STRICT};

-- Figures as they stood when the edition was issued; address lists their rows as of that entry.
CREATE TABLE report_figure (
    edition_id BIGINT NOT NULL REFERENCES report_edition (id),
    ordinal BIGINT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    definition TEXT NOT NULL,
    denominator TEXT NOT NULL,
    unit TEXT NOT NULL,
    value BIGINT NOT NULL,
    out_of BIGINT,
    shown TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (edition_id, ordinal)
) {STRICT};

-- The files of an issued edition; their bytes lie in file_content, their digests in the journal.
CREATE TABLE report_file (
    edition_id BIGINT NOT NULL REFERENCES report_edition (id),
    format TEXT NOT NULL,
    digest TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    pages BIGINT NOT NULL,
    fonts TEXT NOT NULL,
    PRIMARY KEY (edition_id, format)
) {STRICT};
CREATE INDEX report_file_by_digest ON report_file (digest);

-- The last number given in each series of documents.
CREATE TABLE report_series (
    unit_id BIGINT NOT NULL REFERENCES unit (id),
    prefix TEXT NOT NULL,
    year BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (unit_id, prefix, year)
) {STRICT};
