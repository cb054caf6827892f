//! What is told of the same things in several places: counts that must not fall, all of a place, those counted before.

use super::days::as_of;
use super::reckon::{all_han, bare, in_front, quantity, same_unit, word_before};
use super::within::plain;
use super::{Certainty, ConflictKind, Found};
use crate::figures::Mention;
use crate::lexicon::{any, stands, words};

pub(super) fn document(found: &mut Found<'_>, mentions: &[Mention]) {
    fallen(found, mentions);
    villages(found, mentions);
    reached_more(found, mentions);
    for i in 1..mentions.len() {
        these(found, mentions, i);
    }
}

/// Words of finishing by which a count that only grows is known.
const DONE: [&str; 9] =
    ["整改到位", "完成整改", "整改完成", "整改销号", "办结", "销号", "化解", "完成整治", "整改"];
/// How far in front of what is done its whole stands, in code points.
const WHOLE: usize = 160;

/// What has been done of a whole by a day.
struct Standing<'a> {
    count: &'a Mention,
    day: (u32, u32),
    whole: f64,
    what: String,
}

/// 截至11月20日整改46个 where 49个 had been by the end of October.
fn fallen(found: &mut Found<'_>, mentions: &[Mention]) {
    let chars = found.chars;
    let mut standings: Vec<Standing<'_>> = Vec::new();
    for (i, count) in mentions.iter().enumerate().filter(|(_, m)| quantity(m)) {
        let from = count.start.saturating_sub(48).max(count.sentence.0);
        let Some((year, day)) = as_of(chars, from, count.start) else { continue };
        let said = count.clause.0..count.start;
        let Some(what) = what_was_done(chars, said.start, said.end) else { continue };
        let whole = in_front(chars, mentions, i, WHOLE).find(|m| m.amount(chars) > count.amount(chars));
        let whole = whole.map_or(0.0, |m| m.amount(chars));
        standings.push(Standing { count, day: (year, day), whole, what });
    }
    for (n, one) in standings.iter().enumerate() {
        for other in &standings[..n] {
            let (early, late) = if one.day.1 < other.day.1 { (one, other) } else { (other, one) };
            let same = early.what == late.what && same_unit(chars, early.count, late.count);
            let years = early.day.0 == late.day.0 || early.day.0 * late.day.0 == 0;
            let of_same = early.whole > 0.0 && (early.whole - late.whole).abs() < 1e-9
                || early.what.starts_with("累计")
                || same_thing(chars, early, late);
            if same
                && years
                && of_same
                && early.day.1 < late.day.1
                && early.count.amount(chars) > late.count.amount(chars)
            {
                let reason = format!(
                    "先前已有{}，后来的累计只有{}",
                    plain(early.count.amount(chars)),
                    plain(late.count.amount(chars))
                );
                let mut figures = [early.count, late.count];
                figures.sort_by_key(|m| m.start);
                found.between(&figures, ConflictKind::Decrease, Certainty::Certain, reason);
                return;
            }
        }
    }
}

/// Whether the four characters in front of both counts are the same name: 化解矛盾纠纷126件.
fn same_thing(chars: &[char], one: &Standing<'_>, other: &Standing<'_>) -> bool {
    let name = |s: &Standing<'_>| words(chars, s.count.start.saturating_sub(4), s.count.start);
    name(one) == name(other) && !DONE.iter().any(|word| name(one).contains(word))
}

/// The kind of thing done, or the words between 累计 and the count.
fn what_was_done(chars: &[char], from: usize, to: usize) -> Option<String> {
    if let Some(word) = DONE.iter().find(|word| any(chars, from, to, word)) {
        let open = any(chars, from, to, "未 正在 剩余 其余 新 本月 当月");
        let kind = if word.contains("整改") { "整改" } else { word };
        return (!open).then(|| kind.to_string());
    }
    let at = word_before(chars, from, to, "累计")?;
    (to - at >= 2 && to - at <= 12).then(|| format!("累计{}", words(chars, at, to)))
}

/// 辖13个行政村、2个社区 …… 全镇17个村（社区）.
fn villages(found: &mut Found<'_>, mentions: &[Mention]) {
    const QUARTERS: [&str; 4] = ["社区", "居委会", "居民委员会", "涉农社区"];
    const BOTH: [&str; 9] = [
        "村（社区）",
        "村(社区)",
        "行政村（社区）",
        "村、社区",
        "村和社区",
        "村居",
        "村（居）",
        "村社",
        "行政村和社区",
    ];
    let chars = found.chars;
    let at = |m: &Mention, words: &[&str]| words.iter().any(|w| stands(chars, m.end, w));
    let told = mentions.windows(2).find(|pair| {
        let [villages, quarters] = pair else { return false };
        let has = any(chars, villages.clause.0, villages.start, "辖 现有 共有 设有 下设");
        let list = quarters.start - villages.end <= 5;
        has && list
            && quantity(villages)
            && quantity(quarters)
            && at(villages, &["行政村", "村", "个行政村", "建制村"])
            && at(quarters, &QUARTERS)
    });
    let Some([villages, quarters]) = told else { return };
    let sum = villages.amount(chars) + quarters.amount(chars);
    for all in mentions.iter().filter(|m| m.start > quarters.end && quantity(m)) {
        let near = all.start.saturating_sub(3).max(all.clause.0);
        let whole = any(chars, near, all.start, "全镇 全乡 全街道 全县 全区 全市 全部 辖区 所有");
        if whole && at(all, &BOTH) && all.amount(chars) > sum {
            let reason = format!("前文共有{}个村和社区，这里说{}个", plain(sum), plain(all.amount(chars)));
            found.between(
                &[villages, quarters, all],
                ConflictKind::SubsetExceedsSet,
                Certainty::Certain,
                reason,
            );
            return;
        }
    }
}

/// 全镇3860户农户 …… 走访农户4210户: more were reached than there are; some perhaps twice.
fn reached_more(found: &mut Found<'_>, mentions: &[Mention]) {
    const PLACES: &str = "全县 全镇 全乡 全街道 全区 全系统";
    const REACHED: &str = "走访 深入 检查 入户 覆盖 排查 遍访 探访 上门";
    let chars = found.chars;
    let noun = |m: &Mention| {
        let behind = chars.get(m.end..m.end + 2).unwrap_or_default();
        let han = all_han(behind);
        if han && behind.len() == 2 {
            behind.to_vec()
        } else {
            chars[m.start.saturating_sub(4)..m.start].to_vec()
        }
    };
    let whole = |m: &Mention| {
        let from = m.number.start.saturating_sub(3).max(m.clause.0);
        let start = any(chars, from, m.number.start, PLACES);
        let range = any(chars, m.clause.0, m.number.start, "列入 纳入")
            && any(chars, m.clause.0, m.number.start, "范围");
        (start || range) && m.number.value >= 10.0
    };
    for some in mentions.iter().filter(|m| quantity(m) && any(chars, m.clause.0, m.start, REACHED)) {
        // 全县 says all of them; 户次 and 家次 count times.
        let summed = any(chars, some.clause.0, some.start, "合计 总计 共计");
        if whole(some) || summed || bare(chars, some).last() == Some(&'次') {
            continue;
        }
        let own = noun(some);
        let fewer = mentions.iter().find(|m| {
            quantity(m)
                && m.start != some.start
                && same_unit(chars, m, some)
                && whole(m)
                && m.amount(chars) < some.amount(chars)
                && (noun(m) == own || bare(chars, m) == ['户'])
        });
        if let Some(fewer) = fewer {
            let reason = format!(
                "一共{}，这里却有{}；若按次数计或含范围外的，应写明口径",
                plain(fewer.amount(chars)),
                plain(some.amount(chars))
            );
            found.between(&[fewer, some], ConflictKind::SubsetExceedsSet, Certainty::Query, reason);
            return;
        }
    }
}

/// How far in front those may be counted that 这 points at.
const POINTED: usize = 400;
/// How far the count may be from theirs and still mean them, as a share.
const MEANT: f64 = 0.3;

/// 收集意见建议214条。……这241条意见建议.
fn these(found: &mut Found<'_>, mentions: &[Mention], i: usize) {
    let chars = found.chars;
    let these = &mentions[i];
    let from = these.start.saturating_sub(2);
    let points = any(chars, from, these.start, "这 上述 以上 前述");
    let noun: &[char] = chars.get(these.end..these.end + 2).unwrap_or_default();
    let named = all_han(noun);
    if !points || !named || !quantity(these) || these.number.value < 10.0 || bare(chars, these).is_empty() {
        return;
    }
    let same: Vec<&Mention> = in_front(chars, mentions, i, POINTED).collect();
    let of = these.amount(chars);
    let sums = (0..same.len()).any(|from| {
        let mut sum = 0.0;
        same[from..].iter().any(|m| {
            sum += m.amount(chars);
            (sum - of).abs() < 1e-9
        })
    });
    let less =
        same.iter().any(|a| same.iter().any(|b| (a.amount(chars) - b.amount(chars) - of).abs() < 1e-9));
    if sums || less {
        return;
    }
    let said = |m: &&&Mention| {
        let stop = m.clause.1.min(m.end + 8);
        chars[m.clause.0..stop].windows(2).any(|w| w == noun)
    };
    let mut naming = same.iter().filter(said);
    let Some(first) = naming.next().filter(|m| (m.amount(chars) - of).abs() <= MEANT * of) else { return };
    if naming.next().is_none() {
        let reason = format!("前文为{}，这里说{}", plain(first.amount(chars)), plain(of));
        found.between(&[first, these], ConflictKind::TwoValues, Certainty::Certain, reason);
    }
}
