//! What can be wrong with a document, said in one Chinese sentence: what, where, and how to mend it.

use thiserror::Error;

/// A refusal of a document. [`DocumentError::code`] is stable; the sentence may change.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// No bytes at all.
    #[error("文件是空的，请重新选择文件")]
    Empty,
    /// More bytes than [`crate::limits::UPLOAD_BYTES`].
    #[error("文件有 {bytes} 字节，超过上限 {limit} 字节，请拆分或删去图片后再上传")]
    TooLarge {
        /// The size found, in bytes.
        bytes: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// Unpacked size or ratio beyond the limits: a zip bomb or a file that is as bad as one.
    #[error(
        "文件中“{part}”解压后过大（上限 {limit} 字节或压缩比过高），可能是恶意压缩文件，已拒绝；请另存为新文件后再试"
    )]
    Unzipped {
        /// The part of the archive that went over.
        part: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// Too many entries in the archive.
    #[error("文件内部有 {entries} 个部件，超过上限 {limit} 个，请另存为新文件后再试")]
    TooManyEntries {
        /// Entries found.
        entries: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many sheets or tables.
    #[error("文件有 {sheets} 个工作表或表格，超过上限 {limit} 个，请拆分后再导入")]
    TooManySheets {
        /// Sheets found.
        sheets: usize,
        /// The limit.
        limit: usize,
    },
    /// No font that can write Chinese.
    #[error(
        "服务器上没有可用的中文字体，不能生成PDF；请安装中文字体（Debian、Ubuntu：apt install fonts-noto-cjk），或者把字体文件放进配置项 font_folders 指定的文件夹后重试，其他格式不受影响"
    )]
    NoChineseFont,
    /// Text below the last row read.
    #[error("工作表“{sheet}”第 {row} 行仍有内容，超过上限 {limit} 行，请拆分后再导入")]
    TooManyRows {
        /// The sheet.
        sheet: String,
        /// The row, counted from 1.
        row: usize,
        /// The limit.
        limit: usize,
    },
    /// Text to the right of the last column read.
    #[error("工作表“{sheet}”第 {column} 列仍有内容，超过上限 {limit} 列，请删去多余的列后再导入")]
    TooManyColumns {
        /// The sheet.
        sheet: String,
        /// The column, counted from 1.
        column: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many filled cells in all.
    #[error("文件的单元格超过上限 {limit} 个，请拆分后再导入")]
    TooManyCells {
        /// The limit.
        limit: usize,
    },
    /// Too many merged regions.
    #[error("工作表“{sheet}”的合并单元格超过上限 {limit} 处，请取消不必要的合并后再导入")]
    TooManyMerges {
        /// The sheet.
        sheet: String,
        /// The limit.
        limit: usize,
    },
    /// One cell holds too much text.
    #[error("工作表“{sheet}”单元格 {cell} 有 {chars} 个字，超过上限 {limit} 个字，请缩短后再导入")]
    CellTooLong {
        /// The sheet.
        sheet: String,
        /// The cell, such as `C5`.
        cell: String,
        /// Characters found.
        chars: usize,
        /// The limit.
        limit: usize,
    },
    /// A document type declaration, which a real office file never has.
    #[error(
        "文件部件“{part}”含有文档类型声明（DTD），可能用于外部实体攻击，已拒绝；请用 WPS 或 Excel 另存后再上传"
    )]
    Doctype {
        /// The part.
        part: String,
    },
    /// Locked with a password.
    #[error("文件设有打开密码，无法读取；请去掉密码后再上传")]
    Encrypted,
    /// The archive cannot be read.
    #[error("文件已损坏，不是完整的 Office 文件；请重新导出或另存后再上传")]
    BrokenArchive,
    /// A part is not well-formed.
    #[error("文件部件“{part}”格式有误，无法读取；请用 WPS 或 Excel 打开并另存后再上传")]
    BrokenPart {
        /// The part.
        part: String,
    },
    /// A part that must be there is not.
    #[error("文件缺少部件“{part}”，不是完整的 Office 文件；请另存后再上传")]
    MissingPart {
        /// The part.
        part: String,
    },
    /// More running text than is read.
    #[error("文件有 {chars} 个字，超过上限 {limit} 个字，请拆分后再上传")]
    TextTooLong {
        /// Characters found.
        chars: usize,
        /// The limit.
        limit: usize,
    },
    /// A PDF with more pages than are read.
    #[error("PDF 有 {pages} 页，超过上限 {limit} 页，请拆分后再上传")]
    TooManyPages {
        /// Pages found.
        pages: usize,
        /// The limit.
        limit: usize,
    },
    /// A PDF of pictures.
    #[error("这个 PDF 是扫描件，没有文字层，读不出文字；请上传文字版 PDF、.docx 或 .txt，或者把文字粘贴进来")]
    ScannedPdf,
    /// A PDF whose fonts do not say which characters they show.
    #[error("这个 PDF 的字体没有带文字对照表，读出来是乱码；请上传 .docx 或 .txt，或者把文字粘贴进来")]
    GarbledPdf,
    /// A PDF that cannot be read.
    #[error("PDF 已损坏或用了不支持的写法，无法读取；请重新导出，或改传 .docx、.txt")]
    BrokenPdf,
    /// Text in no encoding that is known here.
    #[error("文本编码无法识别；请另存为 UTF-8 或 GBK 编码的 CSV 后再上传")]
    Encoding,
    /// The old binary formats.
    #[error("这是旧版 {format} 文件；请在 WPS 或 Office 中另存为 {instead} 后再上传")]
    OldFormat {
        /// What it is, such as `.xls`.
        format: &'static str,
        /// What to save as.
        instead: &'static str,
    },
    /// Not a kind of file that is taken.
    #[error("不接受这种文件（{found}）；可以上传 {allowed}")]
    Kind {
        /// What the content looks like.
        found: String,
        /// What is taken.
        allowed: &'static str,
    },
    /// The name says one thing, the content another.
    #[error("文件名是“{name}”，内容却是{found}，已拒绝；请检查文件是否选错或改过后缀")]
    NameMismatch {
        /// The name given.
        name: String,
        /// What the content is.
        found: &'static str,
    },
    /// Carries macros.
    #[error("文件含有宏，已拒绝；请另存为不含宏的 .xlsx 或 .docx 后再上传")]
    Macro,
    /// Marked as a state secret.
    #[error(
        "“{found}”带有“{marking}”密级标志：本系统不得存储、处理国家秘密，请立即停止上传，并按保密规定处理该文件"
    )]
    SecretMarking {
        /// Where the marking was seen: a file name, a title or a line of text.
        found: String,
        /// 秘密, 机密 or 绝密.
        marking: &'static str,
    },
    /// The sheet asked for is not in the file.
    #[error("文件中没有名为“{sheet}”的工作表；请重新选择工作表")]
    NoSheet {
        /// The sheet.
        sheet: String,
    },
    /// Writing failed; a fault of ours rather than of the file.
    #[error("生成文件时出错（{detail}），请重试；如仍出错请联系管理员")]
    Write {
        /// The underlying message.
        detail: String,
    },
}

impl DocumentError {
    /// The stable code of the refusal, in snake_case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "document_empty",
            Self::TooLarge { .. } => "document_too_large",
            Self::Unzipped { .. } => "document_unzipped_too_large",
            Self::TooManyEntries { .. } => "document_too_many_entries",
            Self::TooManySheets { .. } => "document_too_many_sheets",
            Self::TooManyRows { .. } => "document_too_many_rows",
            Self::TooManyColumns { .. } => "document_too_many_columns",
            Self::TooManyCells { .. } => "document_too_many_cells",
            Self::TooManyMerges { .. } => "document_too_many_merges",
            Self::CellTooLong { .. } => "document_cell_too_long",
            Self::Doctype { .. } => "document_doctype_refused",
            Self::Encrypted => "document_encrypted",
            Self::BrokenArchive => "document_broken_archive",
            Self::BrokenPart { .. } => "document_broken_part",
            Self::MissingPart { .. } => "document_missing_part",
            Self::TextTooLong { .. } => "document_text_too_long",
            Self::TooManyPages { .. } => "document_too_many_pages",
            Self::ScannedPdf => "document_pdf_scanned",
            Self::GarbledPdf => "document_pdf_garbled",
            Self::BrokenPdf => "document_pdf_broken",
            Self::Encoding => "document_encoding_unknown",
            Self::OldFormat { .. } => "document_old_format",
            Self::Kind { .. } => "document_kind_refused",
            Self::NameMismatch { .. } => "document_name_mismatch",
            Self::Macro => "document_macro_refused",
            Self::SecretMarking { .. } => "document_secret_marking",
            Self::NoSheet { .. } => "document_no_sheet",
            Self::NoChineseFont => "document_no_chinese_font",
            Self::Write { .. } => "document_write_failed",
        }
    }
}
