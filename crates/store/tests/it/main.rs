//! Tests of the store, each on both engines.

mod db;
mod journal;
