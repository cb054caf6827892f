//! Warnings for a problem, a measure or a goal that is too vague to be rectified, checked or closed.
//!
//! Screening asks three things of a problem (大而空、小而碎、避重就轻 are the names of failing them): is there an
//! object one can go and look at, is it one problem that is worth a meeting, and does it say what is wrong
//! rather than around it. The rules look for words of these classes; every warning says which word it is about.
//! They warn and never refuse: a person decides.

mod words;

use serde::{Deserialize, Serialize};

use crate::Span;
use crate::segment::{Mark, numbering_of};
use words::{
    ACTIONS, ADVERBS, ARTEFACTS, ATTITUDES, CAUSES, DEFECTS, ELSEWHERE, FINISHED, HEDGES, MEASURE_WORDS,
    OBJECTS, PLACE_ENDINGS, SET_PHRASES, TRIFLES, VAGUE_VERBS, WISHES,
};

/// Fewest characters of a problem text that can say where and what.
pub const MIN_PROBLEM: usize = 8;
/// Most characters of a problem text that is read in a meeting.
pub const MAX_PROBLEM: usize = 300;
/// Fewest characters of a measure or goal.
pub const MIN_MEASURE: usize = 4;
/// Most characters of one measure or goal.
pub const MAX_MEASURE: usize = 400;

/// Farthest verb of direction, in code points, at which a text reads as a task instead of a problem.
const TASK_START: usize = 6;

/// What a warning is about; the names are stable and may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Nothing to read.
    Empty,
    /// Too short to say where and what.
    TooShort,
    /// Too long to be one problem.
    TooLong,
    /// No object, place, document or number: nobody could go and look (大而空).
    NoObject,
    /// Only words about attitude, such as 重视不够 (大而空).
    AttitudeOnly,
    /// A set phrase that says nothing of its own.
    SetPhrase,
    /// Several problems in one text.
    SeveralProblems,
    /// Too small for a list that goes to a meeting (小而碎).
    Trifle,
    /// Softened by words such as 有时、个别 without a number (避重就轻).
    Hedged,
    /// The cause is pushed to somebody else (避重就轻).
    CauseElsewhere,
    /// Nothing is said to be wrong.
    NoDefect,
    /// A measure without an action one can see.
    NoAction,
    /// A goal or measure whose end nobody can check.
    NotCheckable,
}

impl Code {
    /// The stable name, such as `no_object`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::NoObject => "no_object",
            Self::AttitudeOnly => "attitude_only",
            Self::SetPhrase => "set_phrase",
            Self::SeveralProblems => "several_problems",
            Self::Trifle => "trifle",
            Self::Hedged => "hedged",
            Self::CauseElsewhere => "cause_elsewhere",
            Self::NoDefect => "no_defect",
            Self::NoAction => "no_action",
            Self::NotCheckable => "not_checkable",
        }
    }
}

/// One warning about a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What it is about.
    pub code: Code,
    /// The words it is about, in code points; the whole text where it is about the whole.
    pub span: Span,
    /// Why, in Chinese, for the person who wrote the text.
    pub reason: String,
    /// What to do, in Chinese.
    pub suggestion: String,
}

/// Checks a problem before it goes to a meeting. An empty result means that nothing was noticed.
/// The place may stand in a column of its own: pass it in front of the text.
pub fn vagueness(text: &str) -> Vec<Warning> {
    let text = Text::new(text);
    let mut warnings = Vec::new();
    if !text.length(MIN_PROBLEM, MAX_PROBLEM, &mut warnings) {
        return warnings;
    }
    let attitude = text.first(ATTITUDES);
    let concrete = text.concrete();
    if !concrete {
        warnings.push(match attitude {
            Some(span) => text.warn(
                Code::AttitudeOnly,
                span,
                format!("只讲态度和认识（“{}”），没有具体的事，属于“大而空”", text.words(span)),
                "写明在什么地方、哪件事上表现出来，涉及多少人、多少户或多少件",
            ),
            None => text.warn(
                Code::NoObject,
                text.whole(),
                "没有写到具体的地点、对象、事项或数量，别人无法到现场核对，属于“大而空”".to_string(),
                "补上地点或单位、具体对象，能计数的写明数量",
            ),
        });
    }
    // A bare fact (村口有一处垃圾) says enough; a task or a wish in place of a problem does not.
    let task = text.first(VAGUE_VERBS).is_some_and(|v| v.start <= TASK_START) || text.first(WISHES).is_some();
    let wrong = text.first(DEFECTS).is_some() || text.chars.contains(&'不') || text.chars.contains(&'未');
    if attitude.is_none() && task && !wrong {
        warnings.push(text.warn(
            Code::NoDefect,
            text.whole(),
            "没有写出哪里不对：读起来像工作要求或建议".to_string(),
            "直接写现状与应有状态的差距，如“……破损未修”“……超期未办”",
        ));
    }
    text.set_phrases(&mut warnings);
    text.several(&mut warnings);
    text.hedges(&mut warnings);
    text.trifles(&mut warnings);
    text.elsewhere(&mut warnings);
    warnings.sort_by_key(|w| w.span);
    warnings
}

/// Checks a measure: does it name something to be done that one can see done?
pub fn vague_measure(text: &str) -> Vec<Warning> {
    let text = Text::new(text);
    let mut warnings = Vec::new();
    if !text.length(MIN_MEASURE, MAX_MEASURE, &mut warnings) {
        return warnings;
    }
    let acts = text.first(ACTIONS).is_some() || text.first(ARTEFACTS).is_some();
    if !acts && !text.counted() {
        let vague = text.first(VAGUE_VERBS).or_else(|| text.first(ADVERBS));
        warnings.push(match vague {
            Some(span) => text.warn(
                Code::NoAction,
                span,
                format!("“{}”说的是方向，没有写要做的具体动作", text.words(span)),
                "写明谁、在什么时间、做哪一件事、留下什么可以查看的材料或结果",
            ),
            None => text.warn(
                Code::NoAction,
                text.whole(),
                "没有写要做的具体动作".to_string(),
                "写明谁、在什么时间、做哪一件事、留下什么可以查看的材料或结果",
            ),
        });
    }
    text.set_phrases(&mut warnings);
    warnings.sort_by_key(|w| w.span);
    warnings
}

/// Checks a goal: could another person say whether it is reached?
pub fn vague_goal(text: &str) -> Vec<Warning> {
    let text = Text::new(text);
    let mut warnings = Vec::new();
    if !text.length(MIN_MEASURE, MAX_MEASURE, &mut warnings) {
        return warnings;
    }
    if text.first(FINISHED).is_none() && text.first(ARTEFACTS).is_none() && !text.counted() {
        let vague =
            text.first(VAGUE_VERBS).or_else(|| text.first(ADVERBS)).or_else(|| text.first(SET_PHRASES));
        let (span, reason) = match vague {
            Some(span) => (span, format!("“{}”到什么程度算达到，别人无法核对", text.words(span))),
            None => (text.whole(), "到什么程度算达到，别人无法核对".to_string()),
        };
        warnings.push(text.warn(
            Code::NotCheckable,
            span,
            reason,
            "写成可以核对的结果：数量、比例、日期，或“建成”“办结”“清零”“出台某某制度”等状态",
        ));
    }
    text.set_phrases(&mut warnings);
    warnings.sort_by_key(|w| w.span);
    warnings
}

/// A text ready for the rules.
struct Text {
    chars: Vec<char>,
}

impl Text {
    fn new(text: &str) -> Self {
        Self { chars: text.chars().collect() }
    }

    fn whole(&self) -> Span {
        Span::new(0, self.chars.len())
    }

    fn words(&self, span: Span) -> String {
        self.chars[span.start..span.end].iter().collect()
    }

    fn warn(&self, code: Code, span: Span, reason: String, suggestion: &str) -> Warning {
        Warning { code, span, reason, suggestion: suggestion.to_string() }
    }

    /// Warns about the length; false when there is too little to look at further.
    fn length(&self, least: usize, most: usize, warnings: &mut Vec<Warning>) -> bool {
        let length = self.chars.iter().filter(|c| c.is_alphanumeric()).count();
        if length == 0 {
            let advice = "请填写内容";
            warnings.push(self.warn(Code::Empty, self.whole(), "没有内容".to_string(), advice));
        } else if length < least {
            let reason = format!("只有 {length} 个字（少于 {least} 个），说不清是什么事");
            warnings.push(self.warn(Code::TooShort, self.whole(), reason, "补充地点、对象和具体表现"));
        } else if length > most {
            let reason = format!("有 {length} 个字（多于 {most} 个），一条里装的内容太多");
            warnings.push(self.warn(
                Code::TooLong,
                self.whole(),
                reason,
                "只留下事实，背景和过程放到附件；有几件事就分成几条",
            ));
        }
        length > 0
    }

    /// Every place of any of the words, the longest word at each place.
    fn all(&self, words: &[&str]) -> Vec<Span> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.chars.len() {
            let longest = words.iter().filter_map(|word| self.at(at, word)).max();
            at = match longest {
                Some(end) => {
                    found.push(Span::new(at, end));
                    end
                }
                None => at + 1,
            };
        }
        found
    }

    fn first(&self, words: &[&str]) -> Option<Span> {
        self.all(words).into_iter().next()
    }

    /// Where the word ends when it stands here.
    fn at(&self, at: usize, word: &str) -> Option<usize> {
        let mut end = at;
        for c in word.chars() {
            if self.chars.get(end) != Some(&c) {
                return None;
            }
            end += 1;
        }
        Some(end)
    }

    /// Whether a number of things, people, places or days is told: 3处、百余户、第2季度、80%.
    fn counted(&self) -> bool {
        self.chars.iter().enumerate().any(|(at, c)| {
            if c.is_ascii_digit() || ('０'..='９').contains(c) {
                return true;
            }
            let number = "一二三四五六七八九十百千万两几数".contains(*c);
            let next = |n: usize| self.chars.get(at + n).is_some_and(|c| MEASURE_WORDS.contains(*c));
            let idiom = self.at(at, "一些").is_some() || self.at(at, "一个个").is_some();
            number && !idiom && (next(1) || (self.chars.get(at + 1) == Some(&'余') && next(2)))
        })
    }

    /// Whether one could go and look: a number, a place, a thing or a named document.
    fn concrete(&self) -> bool {
        self.counted() || self.chars.contains(&'《') || self.first(OBJECTS).is_some() || self.place()
    }

    /// Whether a place is named: a word of place with at least one more character in front of it that is no
    /// general word (各村, 基层社区 name no place).
    fn place(&self) -> bool {
        self.all(PLACE_ENDINGS).iter().any(|span| {
            span.start > 0 && {
                let before = self.chars[span.start - 1];
                before.is_alphanumeric() && !"各些有个该层多全农乡城和与及在到的本每某".contains(before)
            }
        })
    }

    fn set_phrases(&self, warnings: &mut Vec<Warning>) {
        for span in self.all(SET_PHRASES) {
            let reason = format!("“{}”是套话，删去不影响意思", self.words(span));
            warnings.push(self.warn(Code::SetPhrase, span, reason, "删去，或换成具体的事实、数量"));
        }
    }

    fn several(&self, warnings: &mut Vec<Warning>) {
        let items: Vec<Span> =
            numbering_of(&self.chars).into_iter().filter(|n| n.mark != Mark::Must).map(|n| n.span).collect();
        if let [_, second, ..] = items[..] {
            let reason = format!("一条里编了 {} 个序号，装了几个问题", items.len());
            warnings.push(self.warn(
                Code::SeveralProblems,
                second,
                reason,
                "拆成几条，每条一个问题，分别定责任和时限",
            ));
            return;
        }
        let parts: Vec<Span> = self.parts();
        let wrong = parts.iter().filter(|part| self.defect_in(**part)).count();
        if wrong >= 3 {
            let reason = format!("用分号、句号并列了 {wrong} 个问题");
            warnings.push(self.warn(
                Code::SeveralProblems,
                self.whole(),
                reason,
                "拆成几条，每条一个问题，分别定责任和时限",
            ));
        }
    }

    /// Pieces between full stops and semicolons.
    fn parts(&self) -> Vec<Span> {
        let mut parts = Vec::new();
        let mut from = 0;
        for (at, c) in self.chars.iter().enumerate() {
            if matches!(c, '。' | '；' | ';' | '\n') {
                parts.push(Span::new(from, at));
                from = at + 1;
            }
        }
        parts.push(Span::new(from, self.chars.len()));
        parts
    }

    fn defect_in(&self, part: Span) -> bool {
        let piece = Self { chars: self.chars[part.start..part.end].to_vec() };
        piece.first(DEFECTS).is_some() || piece.first(ATTITUDES).is_some()
    }

    fn hedges(&self, warnings: &mut Vec<Warning>) {
        if self.counted() {
            return;
        }
        if let Some(span) = self.first(HEDGES) {
            let reason = format!("用“{}”把问题说轻了，又没有数量，属于“避重就轻”", self.words(span));
            warnings.push(self.warn(
                Code::Hedged,
                span,
                reason,
                "查实后写明是哪些、有多少，不用“个别”“有时”一类的词",
            ));
        }
    }

    fn trifles(&self, warnings: &mut Vec<Warning>) {
        if let Some(span) = self.first(TRIFLES) {
            let reason =
                format!("“{}”属于日常工作中随手可改的事，单独列入清单可能“小而碎”", self.words(span));
            warnings.push(self.warn(
                Code::Trifle,
                span,
                reason,
                "当场改正并记录；若反复发生，写明范围、次数和背后的管理问题",
            ));
        }
    }

    fn elsewhere(&self, warnings: &mut Vec<Warning>) {
        for part in self.parts() {
            let piece = Self { chars: self.chars[part.start..part.end].to_vec() };
            let Some(cause) = piece.first(CAUSES) else { continue };
            let behind = Self { chars: piece.chars[cause.end..].to_vec() };
            if let Some(other) = behind.first(ELSEWHERE) {
                let span = Span::new(part.start + cause.start, part.start + cause.end + other.end);
                let reason =
                    format!("“{}”把原因归到外部或上级，没有说本单位该做而没有做的事", self.words(span));
                warnings.push(self.warn(
                    Code::CauseElsewhere,
                    span,
                    reason,
                    "先写本单位的原因；确属上级层面的，按“上级认领”提交，不在问题里推责",
                ));
            }
        }
    }
}
