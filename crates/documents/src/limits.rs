//! How much of a document is read before it is refused. Every limit has a name, a unit and a test at its edge.

/// The largest file taken at all, in bytes.
pub const UPLOAD_BYTES: u64 = 50 * 1024 * 1024;
/// The most that all parts of a zip-based document may hold once unpacked, in bytes.
pub const UNZIPPED_BYTES: u64 = 512 * 1024 * 1024;
/// The largest ratio of unpacked to packed bytes of one part, once it is larger than [`RATIO_FREE_BYTES`].
/// Real sheets of repeated rows reach about 60; a bomb starts at 1,000.
pub const UNZIPPED_RATIO: u64 = 250;
/// Parts smaller than this, in bytes, may have any ratio: a few kilobytes of blanks are harmless.
pub const RATIO_FREE_BYTES: u64 = 4 * 1024 * 1024;
/// The most entries in a zip-based document.
pub const ZIP_ENTRIES: usize = 4_000;
/// The most sheets (or docx tables) in one document.
pub const SHEETS: usize = 256;
/// The last row, counted from 1, that may hold text.
pub const ROWS: usize = 200_000;
/// The last column, counted from 1, that may hold text.
pub const COLUMNS: usize = 512;
/// The most filled cells in a document.
pub const CELLS: usize = 6_000_000;
/// The most characters in one cell; what Excel itself allows.
pub const CELL_CHARS: usize = 32_767;
/// The most merged regions in a sheet.
pub const MERGES: usize = 200_000;
/// The deepest nesting of XML elements followed in a docx, counted in table levels.
pub const TABLE_DEPTH: usize = 8;

/// The limits in force for one reading. [`Limits::default`] holds the constants of this module; tests and an
/// operator's configuration may tighten them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// See [`UPLOAD_BYTES`].
    pub upload_bytes: u64,
    /// See [`UNZIPPED_BYTES`].
    pub unzipped_bytes: u64,
    /// See [`UNZIPPED_RATIO`].
    pub unzipped_ratio: u64,
    /// See [`RATIO_FREE_BYTES`].
    pub ratio_free_bytes: u64,
    /// See [`ZIP_ENTRIES`].
    pub zip_entries: usize,
    /// See [`SHEETS`].
    pub sheets: usize,
    /// See [`ROWS`].
    pub rows: usize,
    /// See [`COLUMNS`].
    pub columns: usize,
    /// See [`CELLS`].
    pub cells: usize,
    /// See [`CELL_CHARS`].
    pub cell_chars: usize,
    /// See [`MERGES`].
    pub merges: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upload_bytes: UPLOAD_BYTES,
            unzipped_bytes: UNZIPPED_BYTES,
            unzipped_ratio: UNZIPPED_RATIO,
            ratio_free_bytes: RATIO_FREE_BYTES,
            zip_entries: ZIP_ENTRIES,
            sheets: SHEETS,
            rows: ROWS,
            columns: COLUMNS,
            cells: CELLS,
            cell_chars: CELL_CHARS,
            merges: MERGES,
        }
    }
}
