//! Names of persons and bodies at the front of a clause.

use std::sync::LazyLock;

use super::clause::{Setting, longest_is};
use super::words::*;
use crate::deadline::{Times, deadline_at};
use crate::lexicon::{Ends, any, stands};
use crate::segment::is_blank;

/// Longest name of one body, in code points.
const MAX_BODY: usize = 16;
/// Longest row of names with 等 at its end, in code points.
const MAX_ROW: usize = 30;
/// Longest name of all bodies of a kind, in code points.
const MAX_EACH: usize = 10;
/// First characters of the names of bodies: their level, or a word for all or this one of them.
const LEVELS: &str = "省市县区州旗乡镇街村局各本该我";
/// Last characters of the names of bodies, behind a level.
const ENDS: &str = "局委办厅部室科股处站所院校队组会馆台";
/// Last words of the names of bodies, whatever stands in front of them.
static LONG_ENDS: LazyLock<Ends> = LazyLock::new(|| {
    Ends::new(
        "县委 市委 区委 州委 镇党委 乡党委 党委 党组 党工委 纪委 纪委监委 武装部 融媒体中心 防指 \
         街道办事处 办事处 镇人民政府 乡人民政府 镇政府 乡政府 县政府 市政府 管委会 委员会 居委会 \
         村委会 服务中心 中心校 指挥部 分局 支队 大队 中队 专班 公司 集团 银行 联社 中心 医院 \
         学校 园区 协会 电视台",
    )
});
/// What joins two names.
const JOINTS: [char; 5] = ['、', '和', '及', '与', '／'];

/// Where a name of the office's own that begins at `at` ends.
pub(super) fn own_subject(setting: &Setting<'_>, at: usize, end: usize) -> Option<usize> {
    let ends = |name: &String| at + name.chars().count();
    let names = setting.own.subjects.iter().filter(|n| !n.is_empty() && stands(setting.chars, at, n));
    names.map(ends).filter(|to| *to <= end).max()
}

/// Where the name of persons or bodies that begins at `at` ends, if one does and a predicate follows.
pub(super) fn subject_end(chars: &[char], at: usize, end: usize) -> Option<usize> {
    listed(chars, at, end).or_else(|| bodies(chars, at, end)).or_else(|| and_others(chars, at, end))
}

/// 教育、文旅、交通等部门: a row of names that ends with what all of them are.
fn and_others(chars: &[char], at: usize, end: usize) -> Option<usize> {
    let stop = (at + MAX_ROW).min(end);
    // 会同教育、公安等部门: with whom.
    if WORDS.at(chars, at, end).is_some_and(|w| w.is(PREPOSITION)) {
        return None;
    }
    let etc = (at + 2..stop).find(|i| chars[*i] == '等')?;
    let row = chars[at..etc].contains(&'、') && chars[at..etc].iter().all(|c| *c == '、' || han(c));
    let heads =
        ["有关部门", "相关部门", "职能部门", "部门", "有关单位", "相关单位", "单位", "企业", "乡镇", "科室"];
    let head = heads.iter().find(|w| stands(chars, etc + 1, w)).filter(|_| row)?;
    let to = etc + 1 + head.chars().count();
    // What is read may end within the word: 市场监管、公安、卫健等部 of 卫健等部门.
    (to <= end && follows(chars, to, end)).then_some(to)
}

fn han(c: &char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(c)
}

/// Names made of words that are known: 各级党组织书记.
fn listed(chars: &[char], at: usize, end: usize) -> Option<usize> {
    let mut to = at;
    let mut last_head = None;
    while to < end {
        let hit = WORDS.at_of(chars, to, end, HEAD | DET | JOIN);
        let Some(hit) = hit else { break };
        to = hit.end;
        if hit.is(HEAD) || chars[hit.end - 1] == '等' && last_head.is_some() {
            last_head = Some(to);
        }
    }
    let to = last_head?;
    follows(chars, to, end).then_some(to)
}

/// Whether a predicate follows, or nothing. 党员意识, 干部队伍: a name in front of another noun is no subject.
fn follows(chars: &[char], to: usize, end: usize) -> bool {
    let rest = &chars[to..end];
    rest.is_empty() || rest.first().is_some_and(|c| "要都也将应须需在必每于逐".contains(*c)) || {
        let next = WORDS.at(chars, to, end);
        let known = next.is_some_and(|n| {
            n.is(MODAL | ADVERB | PREPOSITION | MAKE | DO | ATTITUDE | NEGATIVE | TELLING)
                && !n.is(HEAD | OBJECT | ABSTRACT)
        });
        const NEXT: [&str; 8] = ["会前", "会后", "会上", "继续", "固定", "至少", "定期", "每"];
        known
            || NEXT.iter().any(|w| stands(chars, to, w))
            || stands(chars, to, "负责")
            || stands(chars, to, "具体负责")
            || dated(chars, to, end)
    }
}

/// 县水利局12月底前修复……, 各单位于10月20日前……: a limit directly behind the name.
fn dated(chars: &[char], to: usize, end: usize) -> bool {
    let latest = ["最迟", "最晚", "至迟"].iter().any(|w| stands(chars, to, w));
    let from = if latest { to + 2 } else { to };
    deadline_at(chars, from, end, Times { year: Some(2000), ..Times::default() })
        .is_some_and(|time| time.end < end)
}

/// Names told by how they begin and end: 县住建局、市生态环境局云溪分局.
fn bodies(chars: &[char], at: usize, end: usize) -> Option<usize> {
    let first = *chars.get(at)?;
    let level = LEVELS.contains(first);
    let stop = (at + MAX_BODY).min(end);
    let mut to = at + 2;
    if let Some(to) = department(chars, at, end).filter(|_| !level) {
        return Some(to);
    }
    while to <= stop {
        if to > at && ends_name(&chars[at..to], level) && clean(chars, at, to) {
            let to = bracket(chars, to, end);
            if follows(chars, to, end) && (to < end || to - at >= 4) {
                return Some(to);
            }
            // 青岚镇党委主要负责同志: who of them.
            if let Some(whole) = post(chars, at, to, end) {
                return Some(whole);
            }
            if chars.get(to).is_some_and(|c| JOINTS.contains(c))
                && let Some(whole) = listed(chars, to + 1, end).or_else(|| bodies(chars, to + 1, end))
            {
                return Some(whole);
            }
        }
        to += 1;
    }
    None
}

/// 仓储处9月15日前完成……, 科技处牵头……: a department of the speaker's own body, told by what it has to do by a day.
fn department(chars: &[char], at: usize, end: usize) -> Option<usize> {
    const LENGTH: std::ops::RangeInclusive<usize> = 3..=6;
    let charged = |to: usize| {
        ["牵头", "每月", "每周", "每季度"].iter().any(|w| stands(chars, to, w)) || dated(chars, to, end)
    };
    let ends = |to: &usize| *to < end && "处科部室办".contains(chars[to - 1]) && clean(chars, at, *to);
    LENGTH.map(|n| at + n).filter(ends).find(|to| charged(*to))
}

/// Where the post ends that stands behind the name of a body: 青岚镇党委主要负责同志.
fn post(chars: &[char], at: usize, to: usize, end: usize) -> Option<usize> {
    const POSTS: [&str; 7] = ["主要负责", "主要领导", "分管", "班子", "书记", "负责同志", "负责人"];
    let verb = WORDS.at(chars, at, to).is_some_and(|w| w.is(MAKE | DO | ATTITUDE | PREPOSITION | ADVERB));
    let named =
        !verb && POSTS.iter().any(|w| stands(chars, to, w)) && !any(chars, at, to, "报 向 给 送 根据 按照");
    listed(chars, to, end).filter(|_| named)
}

/// 县发改局（粮储局）: behind the bracket that belongs to a name.
fn bracket(chars: &[char], at: usize, end: usize) -> usize {
    let close = (at..(at + 10).min(end)).find(|i| chars[*i] == '）');
    close.filter(|_| chars.get(at) == Some(&'（')).map_or(at, |i| i + 1)
}

/// Whether the words end as a name ends.
fn ends_name(name: &[char], level: bool) -> bool {
    let last = name[name.len() - 1];
    let short = level && name.len() >= 3 && ENDS.contains(last);
    // 青石镇, 柳湾乡: a place by itself.
    let place = !level && (3..=4).contains(&name.len()) && "镇乡".contains(last);
    short || place || LONG_ENDS.end(name)
}

/// Whether the stretch holds nothing that no name holds.
fn clean(chars: &[char], at: usize, to: usize) -> bool {
    let builds = |i: usize| chars[i] == '设' && i > at && chars[i - 1] == '建';
    (at..to)
        .all(|i| han(&chars[i]) && (builds(i) || !"的了要须将把是在对每为已由从请召设".contains(chars[i])))
        && !WORDS.at_of(chars, at, to, MODAL).is_some_and(|m| longest_is(chars, m, to))
        && !makes(chars, at, to)
}

/// 成立工作专班, 分别成立工作专班: the words begin with what is done.
fn makes(chars: &[char], at: usize, to: usize) -> bool {
    let verb = |at: usize| WORDS.at(chars, at, to).filter(|w| w.is(MAKE) && w.end - w.start > 1);
    let how = WORDS.at(chars, at, to).filter(|w| w.is(ADVERB));
    verb(at).is_some() || how.is_some_and(|w| verb(w.end).is_some())
}

/// Whether the words in front of the modal verb end as the name of a body or of persons ends.
pub(super) fn names_somebody(chars: &[char], at: usize, to: usize, head: bool) -> bool {
    const LAST: &str = "指局委办镇乡村县市区院校站所队组处科股馆台室部厅社团";
    let length = to.saturating_sub(at);
    let known = LONG_ENDS.end(&chars[at..to]);
    let name = (3..=20).contains(&length) && (known || LAST.contains(chars[to - 1]));
    // 各粮库要: all of a kind, whatever it is; not 各项工作.
    let each = (2..=MAX_EACH).contains(&length)
        && chars[at] == '各'
        && !"项种类方个".contains(chars[at + 1])
        && chars[at..to].iter().all(han);
    length > 0 && (head && length <= 40 || name || each)
}

/// 由县住建局负责: where the name behind 由 begins.
pub(super) fn behind_by(chars: &[char], at: usize, end: usize) -> Option<usize> {
    (chars.get(at) == Some(&'由') && subject_end(chars, at + 1, end).is_some_and(|to| to < end))
        .then_some(at + 1)
}

/// 田长每周巡田: a short name in front of a rhythm.
pub(super) fn before_rhythm(chars: &[char], at: usize, end: usize) -> Option<usize> {
    const RHYTHM: [&str; 9] = ["每周", "每月", "每日", "每天", "每旬", "每季度", "每半月", "每半年", "每年"];
    let to = (at + 2..(at + 9).min(end)).find(|to| RHYTHM.iter().any(|w| stands(chars, *to, w)))?;
    let known = WORDS.at(chars, at, to).is_some_and(|w| !w.is(HEAD | DET | OBJECT | NOISE));
    let name = chars[at..to].iter().all(|c| ('\u{4E00}'..='\u{9FFF}').contains(c) && !is_blank(*c));
    // 平均每月一次: on the average.
    (!known && name && !stands(chars, at, "平均") && !chars[at..to].contains(&'的')).then_some(to)
}
