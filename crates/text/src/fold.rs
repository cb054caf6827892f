//! One form for characters that people type in several ways: full and half width, circled digits, letter case.
//!
//! This is the part of Unicode's NFKC that official Chinese texts need, without its tables.

/// How a character counts when texts are compared or searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A Han character; stands as a word part of its own.
    Han,
    /// A letter or digit of another script; neighbours make one word.
    Word,
    /// White space and marks; ignored when texts are compared.
    Mark,
}

/// Folds one character: full width to half width, letters to lower case, circled and bracketed digits to
/// digits (one to nine), brackets and quotes of every shape to one shape.
pub fn fold(c: char) -> char {
    match c {
        // Most of what is read; nothing to look up.
        '\u{4E00}'..='\u{9FFF}' => c,
        '\u{FF01}'..='\u{FF5E}' => lower(shift(c, 0xFF01, '!')),
        '\u{3000}' | '\u{A0}' | '\u{2000}'..='\u{200B}' | '\u{202F}' | '\u{FEFF}' => ' ',
        '①'..='⑨' => shift(c, 0x2460, '1'),
        '⑴'..='⑼' => shift(c, 0x2474, '1'),
        '⒈'..='⒐' => shift(c, 0x2488, '1'),
        '❶'..='❾' => shift(c, 0x2776, '1'),
        '㈠'..='㈩' => nth("一二三四五六七八九十", c as u32 - 0x3220),
        '㊀'..='㊉' => nth("一二三四五六七八九十", c as u32 - 0x3280),
        'Ⅰ'..='Ⅸ' => shift(c, 0x2160, '1'),
        'ⅰ'..='ⅸ' => shift(c, 0x2170, '1'),
        '○' => '〇',
        '【' | '〔' | '〖' | '「' | '『' | '《' | '〈' | '[' | '{' => '(',
        '】' | '〕' | '〗' | '」' | '』' | '》' | '〉' | ']' | '}' => ')',
        '“' | '”' | '‘' | '’' | '\'' => '"',
        '。' | '｡' => '.',
        '、' => ',',
        '—' | '–' | '―' | '~' | '〜' => '-',
        _ => lower(c),
    }
}

/// What kind of character a folded character is.
pub fn kind(c: char) -> Kind {
    match c {
        '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}' | '〇' | '々' => {
            Kind::Han
        }
        '%' | '‰' => Kind::Word,
        _ if c.is_alphanumeric() => Kind::Word,
        _ => Kind::Mark,
    }
}

/// Whether two characters are the same to a reader, whatever keyboard wrote them.
pub fn same(a: char, b: char) -> bool {
    a == b || fold(a) == fold(b)
}

/// A text without its marks, each remaining character folded, with the place each came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The folded characters that carry meaning.
    pub chars: Vec<char>,
    /// For each of them its code point in the original text.
    pub at: Vec<usize>,
}

impl Folded {
    /// Folds a text and drops white space and marks.
    pub fn new(text: &str) -> Self {
        let mut folded =
            Self { chars: Vec::with_capacity(text.len() / 3), at: Vec::with_capacity(text.len() / 3) };
        for (at, c) in text.chars().enumerate() {
            let c = fold(c);
            if kind(c) != Kind::Mark {
                folded.chars.push(c);
                folded.at.push(at);
            }
        }
        folded
    }

    /// Number of characters that carry meaning.
    pub fn len(&self) -> usize {
        self.chars.len()
    }

    /// Whether nothing but marks stood in the text.
    pub fn is_empty(&self) -> bool {
        self.chars.is_empty()
    }
}

fn shift(c: char, from: u32, to: char) -> char {
    char::from_u32(c as u32 - from + to as u32).unwrap_or(c)
}

fn nth(row: &str, n: u32) -> char {
    row.chars().nth(n as usize).unwrap_or(' ')
}

fn lower(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let mut low = c.to_lowercase();
    match (low.next(), low.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}
