//! A cursor over folded wording, and the reading of numbers in Arabic and Chinese digits.

/// The longest run of digits read as one number; longer runs are no dates and no durations.
const MAX_DIGITS: usize = 9;

/// A number as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) value: u32,
    /// How many digits it was written with.
    pub(super) digits: usize,
    pub(super) arabic: bool,
    /// Two Chinese digits side by side without 十 (三五天): a range whose outer bound is this.
    pub(super) outer: Option<u32>,
}

/// A place in folded wording. Every `eat` moves on only when it matches, and passes over blanks before the match.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    chars: &'a [char],
    pub(super) at: usize,
}

pub(super) fn is_numeral(symbol: char) -> bool {
    chinese_digit(symbol).is_some() || matches!(symbol, '十' | '百' | '廿' | '卅')
}

fn chinese_digit(symbol: char) -> Option<u32> {
    Some(match symbol {
        '〇' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '两' | '贰' => 2,
        '三' | '叁' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

impl<'a> Cursor<'a> {
    pub(super) fn new(chars: &'a [char], at: usize) -> Cursor<'a> {
        Cursor { chars, at }
    }

    pub(super) fn done(&self) -> bool {
        self.at >= self.chars.len()
    }

    /// The symbol here, blanks included.
    pub(super) fn symbol(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// The symbol before here.
    pub(super) fn before(&self) -> Option<char> {
        self.at.checked_sub(1).and_then(|index| self.chars.get(index)).copied()
    }

    /// The next symbol that is not a blank.
    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.after_blanks()).copied()
    }

    fn after_blanks(&self) -> usize {
        let blanks = self.chars[self.at.min(self.chars.len())..].iter().take_while(|symbol| **symbol == ' ');
        self.at + blanks.count()
    }

    pub(super) fn eat(&mut self, word: &str) -> bool {
        let mut at = self.after_blanks();
        for symbol in word.chars() {
            if self.chars.get(at) != Some(&symbol) {
                return false;
            }
            at += 1;
        }
        self.at = at;
        true
    }

    /// Eats the first of the words that stands here.
    pub(super) fn eat_any(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().find(|word| self.eat(word)).copied()
    }

    pub(super) fn sees_any(&self, words: &[&'static str]) -> bool {
        let mut ahead = *self;
        ahead.eat_any(words).is_some()
    }

    /// A number in Arabic or Chinese digits.
    pub(super) fn number(&mut self) -> Option<Number> {
        let start = self.after_blanks();
        let rest = self.chars.get(start..)?;
        let arabic = rest.iter().take_while(|symbol| symbol.is_ascii_digit()).count();
        if arabic > 0 {
            if arabic > MAX_DIGITS {
                return None;
            }
            let value = rest[..arabic]
                .iter()
                .filter_map(|symbol| symbol.to_digit(10))
                .fold(0, |sum, digit| sum * 10 + digit);
            self.at = start + arabic;
            return Some(Number { value, digits: arabic, arabic: true, outer: None });
        }
        let length = rest.iter().take_while(|symbol| is_numeral(**symbol)).count();
        if length == 0 || length > MAX_DIGITS {
            return None;
        }
        let number = chinese_number(&rest[..length])?;
        self.at = start + length;
        Some(number)
    }

    /// The wording from `from` up to here.
    pub(super) fn since(&self, from: usize) -> String {
        self.chars.get(from..self.at).map(|symbols| symbols.iter().collect()).unwrap_or_default()
    }

    /// Moves past the number that stands here, or past one symbol.
    pub(super) fn skip(&mut self) {
        let rest = &self.chars[self.at.min(self.chars.len())..];
        let digits = rest.iter().take_while(|symbol| symbol.is_ascii_digit()).count();
        let numerals = rest.iter().take_while(|symbol| is_numeral(**symbol)).count();
        self.at += digits.max(numerals).max(1);
    }
}

/// 二十五, 十五, 一百二十, 廿五 by place; 二〇二四 digit by digit.
fn chinese_number(symbols: &[char]) -> Option<Number> {
    let placed = symbols.iter().any(|symbol| matches!(symbol, '十' | '百' | '廿' | '卅'));
    if !placed {
        let digits: Vec<u32> = symbols.iter().filter_map(|symbol| chinese_digit(*symbol)).collect();
        let value = digits.iter().fold(0_u32, |sum, digit| sum * 10 + digit);
        let outer = match digits[..] {
            [low, high] if low > 0 && high > low => Some(high),
            _ => None,
        };
        return Some(Number { value, digits: digits.len(), arabic: false, outer });
    }
    let (mut total, mut pending) = (0_u32, None);
    for symbol in symbols {
        let (scale, implied) = match symbol {
            '十' => (10, 1),
            '百' => (100, 1),
            '廿' => (10, 2),
            '卅' => (10, 3),
            digit => {
                pending = chinese_digit(*digit);
                continue;
            }
        };
        total += pending.take().filter(|digit| *digit > 0).unwrap_or(implied) * scale;
    }
    total += pending.unwrap_or(0);
    Some(Number { value: total, digits: if total < 10 { 1 } else { 2 }, arabic: false, outer: None })
}
