//! Pages and JSON for the same use cases.
