//! What the text rooms promise, shown on made-up texts, and measured on labelled ones where they are found.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod bigrams;
mod checked;
mod conflicts;
mod conflicts_again;
mod conflicts_apart;
mod conflicts_beside;
mod conflicts_far_whole;
mod conflicts_near;
mod conflicts_near_whole;
mod conflicts_plainly;
mod conflicts_quiet;
mod conflicts_slips;
mod conflicts_totals;
mod conflicts_weighed;
mod faults;
mod faults_broken_off;
mod faults_counts;
mod faults_everyday;
mod faults_own;
mod faults_plain;
mod faults_seen;
mod faults_swapped;
mod figures;
mod heldout;
mod labels;
mod likeness;
mod obligations;
mod obligations_days;
mod obligations_dispatched;
mod obligations_named;
mod robust;
mod segment;
mod tables;
mod vagueness;
