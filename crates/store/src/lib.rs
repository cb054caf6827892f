//! The only SQL: journal, state tables, roll-ups, jobs; SQLite and PostgreSQL.
