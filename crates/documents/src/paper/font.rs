//! Fonts: which of those a machine has stand for the faces of an official document. None is shipped.

use super::Face;
use crate::{DocumentError, Result};
use ttf_parser::name_id;

/// Largest font file read, in bytes. The pan-Chinese collections have about 30 million.
pub const FONT_BYTES_MAX: u64 = 128 * 1024 * 1024;
/// From this weight on a face counts as bold.
const BOLD_FROM: u16 = 600;

/// A face found in a font file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFace {
    /// Which file of the catalogue.
    pub file: usize,
    /// Which face of the file.
    pub index: u32,
    /// Family and full names in every language, small letters.
    pub names: Vec<String>,
    /// The name to show.
    pub shown: String,
    /// Heavy.
    pub bold: bool,
}

/// The faces of a font file that can write simplified Chinese; none where it is no such font.
pub fn inspect(file: usize, bytes: &[u8]) -> Vec<FontFace> {
    let count = ttf_parser::fonts_in_collection(bytes).unwrap_or(1);
    (0..count).filter_map(|index| inspect_one(file, bytes, index)).collect()
}

fn inspect_one(file: usize, bytes: &[u8], index: u32) -> Option<FontFace> {
    let face = ttf_parser::Face::parse(bytes, index).ok()?;
    if face.is_variable() || !['国', '问', '题', '。'].iter().all(|c| face.glyph_index(*c).is_some()) {
        return None;
    }
    let wanted =
        [name_id::FAMILY, name_id::FULL_NAME, name_id::TYPOGRAPHIC_FAMILY, name_id::POST_SCRIPT_NAME];
    let mut names: Vec<String> = Vec::new();
    let mut shown = String::new();
    for name in face.names() {
        let Some(text) = wanted.contains(&name.name_id).then(|| name.to_string()).flatten() else { continue };
        if name.name_id == name_id::FULL_NAME && (shown.is_empty() || text.is_ascii()) {
            shown.clone_from(&text);
        }
        let text = text.to_lowercase();
        if !names.contains(&text) {
            names.push(text);
        }
    }
    Some(FontFace { file, index, names, shown, bold: face.weight().to_number() >= BOLD_FROM })
}

/// What a machine offers.
pub trait FontSource {
    /// The faces found.
    fn faces(&self) -> &[FontFace];
    /// The bytes of a file of the catalogue.
    ///
    /// # Errors
    /// [`DocumentError::Write`] where it cannot be read any more.
    fn load(&self, file: usize) -> Result<std::sync::Arc<Vec<u8>>>;
}

/// Names to look for, best first. A name followed by `!` means its bold cut.
fn chain(face: Face) -> &'static [&'static str] {
    match face {
        Face::Title => &[
            "方正小标宋简体",
            "方正小标宋_gbk",
            "fzxiaobiaosong-b05s",
            "fzxiaobiaosong-b05",
            "华文中宋",
            "stzhongsong",
            "fandolsong!",
            "noto serif cjk sc!",
            "source han serif sc!",
            "思源宋体!",
            "noto serif cjk sc",
            "source han serif sc",
            "simhei",
        ],
        Face::Fang => &[
            "仿宋_gb2312",
            "fangsong_gb2312",
            "仿宋",
            "fangsong",
            "华文仿宋",
            "stfangsong",
            "fandolfang",
            "fandolfang r",
            "noto serif cjk sc",
            "source han serif sc",
            "simsun",
            "ar pl sungtil gb",
            "ar pl uming cn",
        ],
        Face::Kai => &[
            "楷体_gb2312",
            "kaiti_gb2312",
            "楷体",
            "kaiti",
            "华文楷体",
            "stkaiti",
            "fandolkai",
            "lxgw wenkai",
            "ar pl ukai cn",
            "noto serif cjk sc",
            "source han serif sc",
        ],
        Face::Hei => &[
            "黑体",
            "simhei",
            "华文黑体",
            "stheiti",
            "fandolhei",
            "noto sans cjk sc!",
            "source han sans sc!",
            "noto sans cjk sc",
            "source han sans sc",
            "wenquanyi zen hei",
            "microsoft yahei",
        ],
        Face::Song => &[
            "宋体",
            "simsun",
            "华文宋体",
            "stsong",
            "fandolsong",
            "noto serif cjk sc",
            "source han serif sc",
            "ar pl sungtil gb",
            "ar pl uming cn",
        ],
    }
}

/// The faces for a face, best first; a character missing in one is looked for in the next.
///
/// # Errors
/// [`DocumentError::NoChineseFont`] when the machine has none at all.
pub fn choose(source: &dyn FontSource, face: Face) -> Result<Vec<FontFace>> {
    let all = source.faces();
    let mut chosen: Vec<FontFace> = Vec::new();
    for wanted in chain(face) {
        let (name, bold) = wanted.strip_suffix('!').map_or((*wanted, None), |name| (name, Some(true)));
        let mut fits: Vec<&FontFace> =
            all.iter().filter(|have| have.names.iter().any(|n| n == name)).collect();
        fits.retain(|have| bold.is_none_or(|bold| have.bold == bold));
        fits.sort_by_key(|have| have.bold);
        if let Some(found) = fits.first().filter(|found| !chosen.contains(found)) {
            chosen.push((*found).clone());
        }
    }
    if chosen.is_empty() {
        chosen.extend(all.iter().min_by_key(|have| have.bold).cloned());
    }
    if chosen.is_empty() { Err(DocumentError::NoChineseFont) } else { Ok(chosen) }
}
