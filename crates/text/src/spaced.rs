//! Spaces that layout leaves between Chinese and digits or letters, 12 月 15 日: read as if they were not there.

/// A text without such spaces.
pub(crate) struct Closed {
    /// Its code points.
    pub chars: Vec<char>,
    /// Where each of them stood in the text as given.
    places: Vec<usize>,
}

impl Closed {
    /// The text as given under a stretch of this one: its start and its end.
    pub(crate) fn given(&self, start: usize, end: usize) -> (usize, usize) {
        let place = |at: usize| self.places.get(at).copied();
        let from = place(start).or_else(|| self.places.last().map(|last| last + 1)).unwrap_or(0);
        let to = end.checked_sub(1).and_then(place).map_or(from, |last| last + 1);
        (from, to.max(from))
    }

    fn take(&mut self, chars: &[char], from: usize, to: usize) {
        self.chars.extend_from_slice(&chars[from..to]);
        self.places.extend(from..to);
    }
}

/// Most spaces in a row that are only layout.
const SPACES_MAX: usize = 2;

/// The text closed up; nothing where it holds no such space, as nearly all do.
pub(crate) fn closed(chars: &[char]) -> Option<Closed> {
    let spaces = |at: usize| chars[at..].iter().take_while(|c| matches!(c, ' ' | '\u{A0}')).count();
    let mut closed = Closed { chars: Vec::new(), places: Vec::new() };
    let mut from = 0;
    let mut at = 1;
    while at < chars.len() {
        let run = if matches!(chars[at], ' ' | '\u{A0}') { spaces(at) } else { 0 };
        if run > 0
            && run <= SPACES_MAX
            && chars.get(at + run).is_some_and(|behind| apart(chars[at - 1], *behind))
        {
            closed.take(chars, from, at);
            from = at + run;
        }
        at += run.max(1);
    }
    if from == 0 {
        return None;
    }
    closed.take(chars, from, chars.len());
    Some(closed)
}

/// Whether layout parts these two: Chinese on one side, a digit or a letter on the other.
fn apart(before: char, behind: char) -> bool {
    let chinese = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c) || "，。；：、！？（）《》“”".contains(c);
    let latin = |c: char| c.is_ascii_alphanumeric() || c == '%';
    chinese(before) && latin(behind) || latin(before) && chinese(behind)
}
