//! The check of a template file against its shape. It goes on after a fault, so that one look shows all of them.

use std::collections::HashMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::TemplateFault;
use super::shape::{Field, Kind, MAX_CODE_CHARS, Shape, TEMPLATE, wrong_places};

type Value<'i> = Spanned<DeValue<'i>>;

/// The faults found so far, and the codes and references seen.
pub(super) struct Check<'t> {
    text: &'t str,
    faults: Vec<(Range<usize>, &'static str, String)>,
    /// Codes by list.
    codes: HashMap<&'static str, Vec<(String, Range<usize>)>>,
    /// References: list, code, place.
    references: Vec<(&'static str, String, Range<usize>)>,
}

/// All faults of a file, in the order of their lines.
pub(super) fn check(text: &str) -> Vec<TemplateFault> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut check = Check { text, faults: Vec::new(), codes: HashMap::new(), references: Vec::new() };
    for error in &errors {
        let sentence = format!("不是有效的TOML：{}", super::syntax::in_chinese(error.message()));
        check.fault(error.span().unwrap_or(0..0), "not_toml", sentence);
    }
    if errors.is_empty() {
        check.table(table.get_ref(), &(0..0), &TEMPLATE, "");
        check.compare_codes();
        check.faults.extend(super::ladder::faults(table.get_ref()));
    }
    check.into_faults()
}

impl Check<'_> {
    fn fault(&mut self, span: Range<usize>, code: &'static str, sentence: String) {
        self.faults.push((span, code, sentence));
    }

    fn into_faults(mut self) -> Vec<TemplateFault> {
        self.faults.sort_by_key(|(span, ..)| span.start);
        let text = self.text;
        self.faults
            .into_iter()
            .map(|(span, code, sentence)| {
                let (line, column) = position(text, span.start);
                TemplateFault { line, column, code, sentence }
            })
            .collect()
    }

    fn table(&mut self, table: &DeTable<'_>, span: &Range<usize>, shape: &Shape, list: &'static str) {
        for (key, _) in table.iter() {
            let name = key.get_ref().as_ref();
            if !shape.fields.iter().any(|field| field.key == name) {
                self.fault(key.span(), "unknown_key", unknown_key(name, shape));
            }
        }
        for field in shape.fields {
            match table.iter().find(|(key, _)| key.get_ref().as_ref() == field.key) {
                Some((_, value)) => self.value(value, field, list),
                None if field.required => {
                    let sentence = format!("缺少{}（{}），请补上", field.key, field.says);
                    self.fault(span.clone(), "missing_key", sentence);
                }
                None => {}
            }
        }
    }

    fn value(&mut self, value: &Value<'_>, field: &Field, list: &'static str) {
        let fits = match field.kind {
            Kind::Text(max) => self.text_value(value, field, max).map(|_| ()),
            Kind::Wording(max, known) => self.wording(value, field, max, known),
            Kind::Code => self.code(value, field, list),
            Kind::Integer(low, high) => self.integer(value, field, low, high),
            Kind::Flag => value.get_ref().as_bool().map(|_| ()),
            Kind::Texts(items, chars) => self.texts(value, field, items, chars),
            Kind::Choices(choices) => self.choices(value, field, choices),
            Kind::Choice(choices) => self.choice(value, field, choices),
            Kind::Reference(to) => self.reference(value, field, to),
            Kind::References(to, most) => self.references(value, field, to, most),
            Kind::ReportText(max) => self.report_text(value, field, max),
            Kind::Table(shape) => value.get_ref().as_table().map(|table| {
                self.table(table, &value.span(), shape, field.key);
            }),
            Kind::Tables(shape, least, most) => self.tables(value, field, shape, least, most),
        };
        if fits.is_none() {
            let found = type_name(value.get_ref());
            let sentence =
                format!("{}（{}）应是{}，现在是{found}", field.key, field.says, expected(field.kind));
            self.fault(value.span(), "wrong_type", sentence);
        }
    }

    fn text_value<'v>(&mut self, value: &'v Value<'_>, field: &Field, max: usize) -> Option<&'v str> {
        let text = value.get_ref().as_str()?;
        if text.trim().is_empty() && field.required {
            self.fault(value.span(), "empty", format!("{}（{}）是空的，请填写", field.key, field.says));
        }
        if text.chars().nth(max).is_some() {
            let sentence = format!("{}（{}）最多{max}个字，请精简", field.key, field.says);
            self.fault(value.span(), "too_long", sentence);
        }
        Some(text)
    }

    fn wording(&mut self, value: &Value<'_>, field: &Field, max: usize, known: &[&str]) -> Option<()> {
        let text = self.text_value(value, field, max)?;
        for place in wrong_places(text, known) {
            let short: String = place.chars().take(20).collect();
            let sentence = format!("正文中的{{{short}}}不能自动填写，可用的有：{}", known.join("、"));
            self.fault(value.span(), "unknown_place", sentence);
        }
        Some(())
    }

    fn choice(&mut self, value: &Value<'_>, field: &Field, words: &[&str]) -> Option<()> {
        let word = value.get_ref().as_str()?;
        if !words.contains(&word) {
            let sentence = format!("{}（{}）只能取：{}", field.key, field.says, words.join("、"));
            self.fault(value.span(), "unknown_value", sentence);
        }
        Some(())
    }

    fn report_text(&mut self, value: &Value<'_>, field: &Field, max: usize) -> Option<()> {
        let text = self.text_value(value, field, max)?.to_owned();
        for fault in crate::report::text::parse(&text).err().into_iter().flatten() {
            let sentence = format!("{}（{}）{fault}", field.key, field.says);
            self.fault(value.span(), "report_text_fault", sentence.trim_end_matches('。').to_owned());
        }
        Some(())
    }

    fn code(&mut self, value: &Value<'_>, field: &Field, list: &'static str) -> Option<()> {
        let text = self.text_value(value, field, MAX_CODE_CHARS)?;
        let letters = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !text.is_empty() && (!letters || !text.starts_with(|first: char| first.is_ascii_lowercase())) {
            let sentence =
                format!("代码“{text}”只能用小写字母、数字和连字符，并以字母开头，例如 theory-study");
            self.fault(value.span(), "bad_code", sentence);
        }
        self.codes.entry(list).or_default().push((text.to_string(), value.span()));
        Some(())
    }

    fn integer(&mut self, value: &Value<'_>, field: &Field, low: i64, high: i64) -> Option<()> {
        let number = value.get_ref().as_integer()?;
        let parsed = i64::from_str_radix(number.as_str(), number.radix());
        if !parsed.is_ok_and(|number| (low..=high).contains(&number)) {
            let sentence = format!("{}（{}）应在{low}到{high}之间", field.key, field.says);
            self.fault(value.span(), "out_of_range", sentence);
        }
        Some(())
    }

    fn texts(&mut self, value: &Value<'_>, field: &Field, items: usize, chars: usize) -> Option<()> {
        let array = value.get_ref().as_array()?;
        if array.len() > items {
            let sentence = format!("{}（{}）最多{items}项，现在有{}项", field.key, field.says, array.len());
            self.fault(value.span(), "too_many", sentence);
        }
        for item in array.iter() {
            let word = Field { required: true, ..*field };
            if self.text_value(item, &word, chars).is_none() {
                let sentence = format!("{}（{}）的每一项都应是加引号的文字", field.key, field.says);
                self.fault(item.span(), "wrong_type", sentence);
            }
        }
        Some(())
    }

    fn choices(&mut self, value: &Value<'_>, field: &Field, choices: &[&str]) -> Option<()> {
        let array = value.get_ref().as_array()?;
        let mut seen: Vec<&str> = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(word) if seen.contains(&word) => {
                    let sentence = format!("{}中的“{word}”重复，请删去一个", field.key);
                    self.fault(item.span(), "duplicate_code", sentence);
                }
                Some(word) if choices.contains(&word) => seen.push(word),
                _ => {
                    let sentence = format!("{}（{}）只能取：{}", field.key, field.says, choices.join("、"));
                    self.fault(item.span(), "unknown_value", sentence);
                }
            }
        }
        Some(())
    }

    fn reference(&mut self, value: &Value<'_>, field: &Field, to: &'static str) -> Option<()> {
        let code = self.text_value(value, field, MAX_CODE_CHARS)?;
        self.references.push((to, code.to_string(), value.span()));
        Some(())
    }

    fn references(&mut self, value: &Value<'_>, field: &Field, to: &'static str, most: usize) -> Option<()> {
        let array = value.get_ref().as_array()?;
        if array.is_empty() || array.len() > most {
            let sentence = format!("{}（{}）应有1到{most}项，现在有{}项", field.key, field.says, array.len());
            self.fault(value.span(), "too_many", sentence);
        }
        for item in array.iter() {
            if self.reference(item, field, to).is_none() {
                let sentence = format!("{}（{}）的每一项都应是加引号的代码", field.key, field.says);
                self.fault(item.span(), "wrong_type", sentence);
            }
        }
        Some(())
    }

    fn tables(
        &mut self,
        value: &Value<'_>,
        field: &Field,
        shape: &Shape,
        least: usize,
        most: usize,
    ) -> Option<()> {
        let array = value.get_ref().as_array()?;
        if array.len() < least || array.len() > most {
            let sentence = format!("{}应有{least}到{most}项，现在有{}项", field.says, array.len());
            self.fault(value.span(), "too_many", sentence);
        }
        for item in array.iter() {
            match item.get_ref().as_table() {
                Some(table) => self.table(table, &item.span(), shape, field.key),
                None => {
                    let sentence = format!("{}的每一项都应写成[[{}]]一节", field.says, field.key);
                    self.fault(item.span(), "wrong_type", sentence);
                }
            }
        }
        Some(())
    }

    /// Codes that occur twice in a list, and references that lead nowhere.
    fn compare_codes(&mut self) {
        let mut found = Vec::new();
        for (list, codes) in &self.codes {
            let mut first: HashMap<&str, usize> = HashMap::new();
            for (code, span) in codes {
                let line = position(self.text, span.start).0;
                if let Some(earlier) = first.get(code.as_str()) {
                    let sentence = format!("[[{list}]]的代码“{code}”与第{earlier}行重复，请改用别的代码");
                    found.push((span.clone(), "duplicate_code", sentence));
                } else {
                    first.insert(code, line);
                }
            }
        }
        for (list, code, span) in &self.references {
            let known = self.codes.get(list).map_or(&[][..], Vec::as_slice);
            if !known.iter().any(|(other, _)| other == code) {
                let all: Vec<&str> = known.iter().map(|(code, _)| code.as_str()).collect();
                let sentence = format!("没有代码为“{code}”的[[{list}]]，现有：{}", all.join("、"));
                found.push((span.clone(), "missing_reference", sentence));
            }
        }
        self.faults.extend(found);
    }
}

/// Line and column, both from 1, the column in characters.
pub(super) fn position(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

fn unknown_key(name: &str, shape: &Shape) -> String {
    let near = shape.fields.iter().find(|field| distance(field.key, name) <= 2);
    match near {
        Some(field) => format!("没有“{name}”这一项，是不是要写{}（{}）？", field.key, field.says),
        None => {
            let known: Vec<&str> = shape.fields.iter().map(|field| field.key).collect();
            format!("没有“{name}”这一项，请删去；这里可以写：{}", known.join("、"))
        }
    }
}

/// How many letters differ, added or left out.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, against) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *against);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

fn type_name(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "文字",
        DeValue::Integer(_) => "整数",
        DeValue::Float(_) => "小数",
        DeValue::Boolean(_) => "是否（true/false）",
        DeValue::Datetime(_) => "日期",
        DeValue::Array(_) => "列表",
        DeValue::Table(_) => "一节",
    }
}

fn expected(kind: Kind) -> &'static str {
    match kind {
        Kind::Text(_)
        | Kind::Wording(..)
        | Kind::Code
        | Kind::Reference(_)
        | Kind::Choice(_)
        | Kind::ReportText(_) => "加引号的文字",
        Kind::Integer(..) => "整数",
        Kind::Flag => "true或false",
        Kind::Texts(..) | Kind::Choices(_) | Kind::References(..) => "方括号内加引号的文字列表",
        Kind::Table(_) => "单独一节（[名称]）",
        Kind::Tables(..) => "若干节（[[名称]]）",
    }
}
