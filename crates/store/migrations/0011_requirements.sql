-- What lists of requirements ask of a unit is read on its page and in the lists of those who work for it.
CREATE INDEX breakdown_draft_by_unit ON breakdown_draft (unit_id, becomes_kind);
