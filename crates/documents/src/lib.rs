//! Spreadsheets and documents to plain tables and back; ledgers of any layout.
