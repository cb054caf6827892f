//! For tests only: throw-away databases of both engines, builders.
