//! The rules, pure: units, people, campaigns, problems, deadlines.
