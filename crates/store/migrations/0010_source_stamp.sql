-- Moved on by every transaction that writes units, posts, tenures or rules: what readers keep of these holds as long as it stands.
CREATE TABLE source_stamp (
    id BIGINT NOT NULL PRIMARY KEY,
    moves BIGINT NOT NULL
) {STRICT};
INSERT INTO source_stamp (id, moves) VALUES (1, 0);
