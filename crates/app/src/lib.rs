//! Use cases: authorise, decide, append, enqueue; imports and jobs.
