//! Chinese official text: segmentation, vagueness, near-duplicates.
