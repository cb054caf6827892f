-- What the latest records changed in the cells of required actions, before it is folded into `action_rollup`. `units` are
-- the numbers of the units at which it counts, from the top, with points between.
CREATE TABLE action_rollup_recent (
    id {AUTO_PK},
    units TEXT NOT NULL,
    rule_id BIGINT NOT NULL,
    period_day BIGINT NOT NULL,
    done BIGINT NOT NULL,
    early BIGINT NOT NULL,
    late BIGINT NOT NULL,
    excused BIGINT NOT NULL
) {STRICT};
