//! Deadlines as written and what they mean.
