//! Matching of unit names.
