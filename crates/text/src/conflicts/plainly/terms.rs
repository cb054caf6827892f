//! How long something took, against the dates beside it: 3月1日起至10月31日止，为期6个月; 12日8时至14日8时，持续72小时; 上半年有7个月.

use super::super::reckon::all_han;
use super::super::within::plain;
use super::super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, find, stands};
use crate::numbers::number_at;

/// How far in front of the length its dates may begin, in code points.
const FAR: usize = 70;
/// How far behind its dates it may stand.
const NEAR: usize = 30;
/// Days of a month and hours of a day, as reckoned here.
const MONTH: f64 = 30.44;
const DAY: f64 = 24.0;
/// Months of a year.
const YEAR: f64 = 12.0;
/// What may stand between two dates.
const TO: [char; 9] = ['至', '到', '—', '-', '－', '–', '~', '～', '一'];

pub(super) fn told(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let m = &mentions[i];
    if !m.exact() || m.quoted || m.rhythm || m.number.value < 1.0 {
        return;
    }
    let unit = m.plain_unit(chars);
    match unit.as_str() {
        "个月" | "月" => {
            part_of_year(found, m);
            between_dates(found, m, Date::months, (0.76, 1.0));
        }
        "小时" => between_dates(found, m, Date::hours, (1.01, 0.0)),
        _ => (),
    }
}

/// 2024年1月至2026年12月，为期两年: years are no figures of their own.
pub(super) fn years(found: &mut Found<'_>) {
    let chars = found.chars;
    let mut at = 0;
    while let Some(said) = find(chars, at, chars.len(), "为期") {
        at = said + 2;
        let Some(number) = number_at(chars, at).filter(|n| chars.get(n.end) == Some(&'年')) else {
            continue;
        };
        let from = said.saturating_sub(FAR);
        let ends = |c: &char| matches!(c, '。' | '；' | '\n');
        let from = chars[from..said].iter().rposition(ends).map_or(from, |n| from + n + 1);
        let Some((start, end, first, to)) = dates(chars, from, said) else { continue };
        let Some(right) = first.months(to).map(|months| months / YEAR).filter(|_| said - end <= NEAR) else {
            continue;
        };
        let near = |value: f64| (value - number.value).abs() <= 0.5;
        if !near(right) && !near(right - 1.0 / YEAR) {
            let reason = format!("所写起止之间约{right:.0}年，文中为{}年", plain(number.value));
            let spans = [(start, end), (said, number.end + 1)];
            found.tell(&spans, ConflictKind::Duration, Certainty::Certain, reason);
        }
    }
}

/// 上半年有7个月实现零死亡: no half of a year has so many.
fn part_of_year(found: &mut Found<'_>, m: &Mention) {
    const PARTS: [(&str, f64); 6] = [
        ("上半年", 6.0),
        ("下半年", 6.0),
        ("前三季度", 9.0),
        ("一季度", 3.0),
        ("二季度", 3.0),
        ("四季度", 3.0),
    ];
    let chars = found.chars;
    let part = PARTS.iter().find(|(name, _)| {
        let length = name.chars().count() + 1;
        m.number.start >= length
            && stands(chars, m.number.start - length, name)
            && chars[m.number.start - 1] == '有'
    });
    if let Some((name, most)) = part.filter(|(_, most)| m.number.value > *most) {
        let reason = format!("{name}只有{most}个月，文中为{}个月", plain(m.number.value));
        let from = m.number.start - name.chars().count() - 1;
        found.tell(&[(from, m.end)], ConflictKind::Duration, Certainty::Certain, reason);
    }
}

/// A point of time as it is printed.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Date {
    year: Option<u32>,
    month: u32,
    day: Option<u32>,
    hour: Option<u32>,
}

impl Date {
    /// The date at a place, and where it ends.
    fn at(chars: &[char], at: usize) -> Option<(Self, usize)> {
        let part = |at: usize, unit: &[char], most: u32| {
            let number = number_at(chars, at).filter(|n| !n.han && n.value.fract() == 0.0)?;
            let ends = chars.get(number.end).is_some_and(|c| unit.contains(c));
            (ends && number.value <= f64::from(most)).then_some((number.value as u32, number.end + 1))
        };
        let (year, next) = match part(at, &['年'], 2_100) {
            Some((year, next)) if year > 1_900 => (Some(year), next),
            _ => (None, at),
        };
        let (month, next) = part(next, &['月'], 12)?;
        let (day, next) = part(next, &['日', '号'], 31).map_or((None, next), |(day, next)| (Some(day), next));
        let (hour, end) = part(next, &['时'], 24).map_or((None, next), |(hour, end)| (Some(hour), end));
        Some((Self { year, month, day, hour }, end))
    }

    /// Months up to another date; without days both are counted in.
    fn months(self, to: Self) -> Option<f64> {
        let years = match (self.year, to.year) {
            (Some(from), Some(to)) => to.checked_sub(from)?,
            (None, Some(_)) => return None,
            _ => 0,
        };
        let months = f64::from(12 * years + to.month) - f64::from(self.month);
        let months = match (self.day, to.day) {
            (Some(from), Some(to)) => months + (f64::from(to) - f64::from(from) + 1.0) / MONTH,
            _ => months + 1.0,
        };
        (months > 0.0).then_some(months)
    }

    /// Hours up to another date of the same month.
    fn hours(self, to: Self) -> Option<f64> {
        let (from_hour, to_hour) = self.hour.zip(to.hour)?;
        let (from_day, to_day) = self.day.zip(to.day).filter(|_| self.month == to.month)?;
        let days = f64::from(to_day) - f64::from(from_day);
        let hours = days * DAY + f64::from(to_hour) - f64::from(from_hour);
        (hours > 0.0).then_some(hours)
    }
}

/// The length between two dates in front, which may be off by so much, or be told without the last month.
fn between_dates(
    found: &mut Found<'_>,
    m: &Mention,
    length: impl Fn(Date, Date) -> Option<f64>,
    (off, last): (f64, f64),
) {
    let chars = found.chars;
    let lasting = any(
        chars,
        m.number.start.saturating_sub(4).max(m.clause.0),
        m.number.start,
        "为期 历时 持续 期限 时间 共 用时",
    );
    let lasting = lasting && !of_a_stage(chars, m);
    let from = m.number.start.saturating_sub(FAR).max(m.sentence.0);
    let Some((start, end, first, to)) = dates(chars, from, m.number.start).filter(|_| lasting) else {
        return;
    };
    // 第一批3月至5月、第二批7月至9月: of several, or a part of the time.
    if m.start.saturating_sub(end) > NEAR
        || any(chars, start, m.start, "期间 其中 分批 每 先后 第一 第二 累计")
    {
        return;
    }
    let Some(right) = length(first, to) else { return };
    let near = |value: f64| (value - m.number.value).abs() <= off;
    if !near(right) && !near(right - last) {
        let unit = m.plain_unit(chars);
        let reason = format!("所写起止之间约{right:.0}{unit}，文中为{}{unit}", plain(m.number.value));
        let spans = [(start, end), (m.start, m.end)];
        found.tell(&spans, ConflictKind::Duration, Certainty::Certain, reason);
    }
}

/// 集中攻坚时间3个月, 主体施工历时18个月: a stage of the whole time.
fn of_a_stage(chars: &[char], m: &Mention) -> bool {
    const WORDS: [&str; 9] = ["为期", "共历时", "历时", "持续", "期限", "时间", "用时", "共计", "共"];
    // 出现持续72小时的强降雨过程
    const WHOLE: &str = "过程 专项 行动 工作 活动 整治 总 全程 前后 整个 试点 持续 培训 工程 降雨 强降雨";
    let ends = |word: &&str| find(chars, m.clause.0, m.number.start, word);
    let Some(at) = WORDS.iter().find_map(ends) else { return false };
    let name = &chars[m.clause.0..at];
    let han = name.iter().rev().take_while(|c| all_han(&[**c])).count();
    let own = &name[name.len() - han..];
    // The clause that tells the dates names the whole.
    let dated = chars[m.clause.0..at].iter().any(char::is_ascii_digit);
    let stage = any(own, 0, own.len(), "阶段 时段 集中 自查 主体 首期 其间 脱产 驻点 期间");
    !stands(chars, at, "为期")
        && !dated
        && own.len() > 1
        && (stage || !own.ends_with(&['出', '现']) && !any(own, 0, own.len(), WHOLE))
}

/// The first pair of dates between two places, joined by 至 or the like: where it stands, and both.
fn dates(chars: &[char], from: usize, to: usize) -> Option<(usize, usize, Date, Date)> {
    (from..to).find_map(|at| {
        let within = at > 0 && chars[at - 1].is_ascii_digit();
        let (first, mut next) = Date::at(chars, at).filter(|_| !within)?;
        let begun = ["开始，", "启动，", "起，", "开始", "起"];
        next += begun.iter().find(|word| stands(chars, next, word)).map_or(0, |w| w.chars().count());
        let joint = chars[next..].iter().take_while(|c| TO.contains(c)).count();
        let (second, end) = Date::at(chars, next + joint).filter(|_| joint > 0)?;
        (end <= to).then_some((at, end, first, second))
    })
}
