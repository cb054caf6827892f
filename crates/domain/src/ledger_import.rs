//! Imports of ledgers 台账导入: a file with its mapping, the answers to what was doubtful, and how far it is.

crate::coded! {
    /// State of an import.
    ImportState ("导入状态") {
        /// The mapping and the doubts are being settled; nothing was registered yet.
        Draft = "draft", "待确认";
        /// Problems are being registered, batch by batch; after a crash it can be taken up again.
        Importing = "importing", "导入中";
        Done = "done", "已导入";
        Discarded = "discarded", "已放弃";
    }
}

/// Rows registered in one transaction.
pub const IMPORT_BATCH_ROWS: usize = 500;
/// Most rows of one import.
pub const IMPORT_ROWS_MAX: usize = 100_000;
