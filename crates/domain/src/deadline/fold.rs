//! Folding of a deadline's wording into one spelling, for reading only; the wording itself is kept elsewhere.

/// Traditional characters that occur in deadlines (mirrors of official pages are often in them).
const TRADITIONAL: [(char, char); 24] = [
    ('後', '后'),
    ('週', '周'),
    ('個', '个'),
    ('內', '内'),
    ('號', '号'),
    ('長', '长'),
    ('堅', '坚'),
    ('續', '续'),
    ('進', '进'),
    ('時', '时'),
    ('間', '间'),
    ('兩', '两'),
    ('萬', '万'),
    ('預', '预'),
    ('計', '计'),
    ('從', '从'),
    ('開', '开'),
    ('國', '国'),
    ('慶', '庆'),
    ('節', '节'),
    ('禮', '礼'),
    ('盡', '尽'),
    ('馬', '马'),
    ('當', '当'),
];

/// Full-width to half-width, one dash, one blank, line breaks as `;`, simplified characters, known slips of the pen.
pub(super) fn fold(text: &str) -> Vec<char> {
    let mut folded: Vec<char> = Vec::with_capacity(text.len());
    for symbol in text.trim().chars() {
        let Some(symbol) = fold_symbol(symbol) else { continue };
        let repeated = matches!(symbol, ' ' | '-' | ';') && folded.last() == Some(&symbol);
        if !repeated {
            folded.push(symbol);
        }
    }
    mend_slips(&mut folded);
    folded
}

/// One symbol in its folded form; nothing for marks without width and for quotation marks.
fn fold_symbol(symbol: char) -> Option<char> {
    let folded = match symbol {
        '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{2060}' => return None,
        '“' | '”' | '"' | '「' | '」' | '『' | '』' | '‘' | '’' | '\'' => return None,
        '\n' | '\r' | '。' | '；' => ';',
        '、' => '、',
        '—' | '–' | '－' | '―' | '‐' | '‑' | '−' | '~' | '～' | '∼' | '〜' | '─' => '-',
        '○' | '◯' | '〇' => '〇',
        '·' | '•' | '．' => '.',
        '【' | '〔' | '［' => '(',
        '】' | '〕' | '］' => ')',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(symbol) - 0xfee0).unwrap_or(symbol),
        other if other.is_whitespace() => ' ',
        other => TRADITIONAL.iter().find(|(from, _)| *from == other).map_or(other, |(_, to)| *to),
    };
    Some(if folded == '~' { '-' } else { folded })
}

/// 月低 and 年低 for 月底 and 年底, 月未前 for 月末前, 月份 for 月.
fn mend_slips(folded: &mut Vec<char>) {
    for index in 1..folded.len() {
        let after_period = matches!(folded[index - 1], '年' | '月' | '季' | '度' | '周' | '旬');
        let then_ends = folded
            .get(index + 1)
            .is_none_or(|next| matches!(next, '前' | ',' | ';' | '、' | ')' | ' ' | '之' | '以'));
        match folded[index] {
            '低' | '抵' if after_period => folded[index] = '底',
            '未' if after_period && then_ends => folded[index] = '末',
            _ => {}
        }
    }
    let mut previous = ' ';
    folded.retain(|symbol| {
        let keep = !(*symbol == '份' && previous == '月');
        previous = *symbol;
        keep
    });
}
