//! Words, clauses and sentences written twice.

use super::{FaultKind, Found, han, heard, stutter};
use crate::lexicon::{stands, words};

/// Longest doubled word looked for, in code points.
const MAX_WORD: usize = 10;

/// Characters with which words that say something twice by right begin or end.
const JOINING: &str = "作为立党国是的在有无大小来去下上和与及年月日个人民会以";

pub(super) fn doubled(found: &mut Found<'_>) {
    let chars = found.chars;
    let mut at = 0;
    while at < chars.len() {
        // Asked at every character: nearly always the same one does not stand again so soon.
        let near = &chars[at + 1..(at + 1 + MAX_WORD).min(chars.len())];
        // All are compared at once that way.
        let near = || near.iter().fold(false, |any, c| any | (*c == chars[at]));
        let twice = han(chars.get(at)) && near();
        let length = if twice { (1..=MAX_WORD).rev().find(|n| again(chars, at, *n)) } else { None };
        if let Some(n) = length {
            let word = words(chars, at, at + n);
            found.tell(
                at,
                at + 2 * n,
                FaultKind::Duplicate,
                "word twice",
                format!("“{word}”连写两遍"),
                Some(word),
            );
            at += 2 * n;
            continue;
        }
        listed_twice(found, at);
        meeting_meeting(found, at);
        at += 1;
    }
}

/// 整改改的是问题, 民庭庭长, 一次次: whether a character stands here and again because two words meet, or on purpose.
pub(super) fn on_purpose(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|i| chars[i]);
    let next = chars.get(at + 2).copied().unwrap_or('。');
    let verb = before == Some('整') && chars[at] == '改' && matches!(next, '的' | '了' | '得');
    let head = next == '长' && "局庭处科队组部院所校站镇乡县".contains(chars[at]);
    let again = at >= 2 && chars[at - 2] == '进';
    let times = before == Some('一') && !again && "次件项个条户层步遍点拖".contains(chars[at]);
    // 自己给自己把把脉.
    verb || head || times || chars[at] == '把' && matches!(next, '脉' | '关')
}

/// Whether a word of `n` characters stands here and directly again.
fn again(chars: &[char], at: usize, n: usize) -> bool {
    // The first character decides nearly always; only then is it worth comparing the rest.
    if at + 2 * n > chars.len()
        || chars[at] != chars[at + n]
        || chars[at..at + n] != chars[at + n..at + 2 * n]
    {
        return false;
    }
    if !chars[at..at + n].iter().all(|c| han(Some(c))) {
        return false;
    }
    match n {
        // 应收收账款, 集团公公司: without it there is one word over the place.
        1 if stutter::over_the_place(chars, at) => true,
        1 => one_again(chars, at),
        // 担当作为作为党员, 立党立国: two words may meet so inside of a clause.
        2 => {
            let inside = at > 0 && han(chars.get(at - 1)) && han(chars.get(at + 4));
            // 再合计合计, 研究研究: done a little.
            const LITTLE_WHILE: &str = "掂量 合计 研究 讨论 商量 考虑 琢磨 了解 学习 锻炼 休息 走动 活动 盘算 打听 思考 反思 比较 体验 准备 整理 收拾 交流 沟通 打扫 宣传 说道 评论 高兴 辅导 指导 帮助 教育 引导 检查 核实";
            let word: String = chars[at..at + 2].iter().collect();
            let begins = at == 0 || !han(chars.get(at - 1));
            let ends = chars.get(at + 4).is_none_or(|c| "后再吧看，。；".contains(*c));
            let asked = begins && ends || at > 0 && "再要好去来多起该需一下".contains(chars[at - 1]);
            if asked && LITTLE_WHILE.split(' ').any(|w| w == word) {
                return false;
            }
            // 攻坚攻坚，就是要……: said twice on purpose.
            let begins = at == 0 || matches!(chars[at - 1], '。' | '\n' | '！' | '“');
            const NOUNS: &str = "期间 目前 同时 近年 当前 下步 今年 去年";
            if begins && matches!(chars.get(at + 4), Some('，')) && !NOUNS.split(' ').any(|w| w == word) {
                return false;
            }
            // 建立建立长效机制: none of them begins or ends another word.
            const VERBS: &str = "建立 设立 成立 推进 落实 完善 健全 加强";
            if VERBS.split(' ').any(|w| w == word) {
                return true;
            }
            const ONE_WORD: &str = "一律 一致 一并 一般 一同 一直 一定 一旦 以上 以下 以内";
            if ONE_WORD.split(' ').any(|w| w == word) {
                return true;
            }
            // 逐项逐项整改, 再跑再跑一趟, 不能不能打折扣
            if chars[at] == '逐' && "项条个户村".contains(chars[at + 1])
                || chars[at] == '再' && stands(chars, at + 4, "一")
                || chars[at] == '不' && "能得会要再".contains(chars[at + 1]) && han(chars.get(at + 4))
            {
                return true;
            }
            // 作出更大更大贡献, 提供有力有力支撑: said of the same.
            const OF_IT: &str =
                "更大 更好 更高 更多 有力 有效 重要 坚强 良好 积极 全面 深入 切实 扎实 明显 显著 不断 持续";
            if han(chars.get(at + 4)) && OF_IT.split(' ').any(|w| w == word) {
                return true;
            }
            // 各个各个战线: no word ends with 各个.
            let joins = !"各这该其每".contains(chars[at]);
            // 担当作为作为党员: a word ends with the first, or one begins with the second.
            let met = |from: usize, to: usize| chars.get(from..to).is_some_and(heard::is_word);
            let longer = (1..=2).any(|n| at >= n && met(at - n, at + 2));
            let begun = longer
                || chars[at..at + 2].iter().any(|c| !"工作及有时".contains(*c) && JOINING.contains(*c));
            let inside = inside && joins && begun && chars[at..at + 2].iter().any(|c| JOINING.contains(*c));
            // 讲着讲着, 一个一个, 看不看不.
            let often =
                "一逐越又再边层有多三两".contains(chars[at]) || chars[at] == '不' && chars[at + 1] != '断';
            let idiom = often || "一不着".contains(chars[at + 1]) && !"统专唯第".contains(chars[at]);
            !inside && !idiom && chars[at] != chars[at + 1]
        }
        // 一次性一次性 and 最后一公里一公里 are told, 一件一件 is not.
        _ => {
            !"一逐".contains(chars[at])
                || chars[at + n - 1] == '性'
                || at > 1 && stands(chars, at - 2, "最后")
        }
    }
}

/// Whether a character that stands twice does so by slip.
fn one_again(chars: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).map(|i| chars[i]);
    if on_purpose(chars, at) {
        return false;
    }
    match chars[at] {
        // 某某 stands for a name.
        '某' => false,
        '的' => !matches!(before, Some('目' | '标' | '有')) && chars.get(at + 2) != Some(&'确'),
        '是' => chars.get(at + 2) != Some(&'非') && !matches!(before, Some('于' | '还' | '就' | '但')),
        '我' => !matches!(before, Some('你' | '自')),
        '在' => !before.is_some_and(|c| "现实所内潜好旨重贵自外健".contains(c)),
        '与' | '被' | '把' | '们' | '让' | '必' => true,
        // 予以以通报 is told, 可以以书面形式 is not.
        '以' => !matches!(before, Some('可' | '所' | '难' | '足' | '得' | '加')),
        // 示范窗口口。 and 门诊量量为: the word ends there.
        '口' | '量' | '率' | '员' | '额'
            if before.is_some_and(|c| han(Some(&c)))
                && chars.get(at + 2).is_none_or(|c| !han(Some(c)) || "的为是达".contains(*c)) =>
        {
            true
        }
        // 安全感感。 and 有奔头了了。: the word ends there.
        '感' => !han(chars.get(at + 2)),
        '了' if !han(chars.get(at + 2)) => !matches!(before, Some('未' | '一' | '便' | '直')),
        '得' if before == Some('所') => true,
        '一' => one_by_one(chars, at),
        // 提升到到93.6%.
        '到' | '至' | '达' if chars.get(at + 2).is_some_and(char::is_ascii_digit) => true,
        // 苗头性性问题: the second begins no word.
        '性' => {
            before.is_some_and(|c| han(Some(&c)))
                && !chars.get(at + 2).is_some_and(|c| "质格别能情命急价".contains(*c))
        }
        // 村村村: three are too many of any.
        c if chars.get(at + 2) == Some(&c) => before != Some(c) && chars.get(at + 3) != Some(&c),
        // 36场场: the unit of a number.
        '场' | '次' | '项' | '名' | '户' | '件' | '条' | '份' | '处' | '所' | '座' | '台' | '辆' | '亩'
        | '篇'
            if before.is_some_and(|c| c.is_ascii_digit()) =>
        {
            true
        }
        c if LITTLE.contains(c) => little_twice(chars, at),
        // 取得得分 is right, 不得得 is not.
        '得' => matches!(before, Some('不' | '值' | '懂' | '舍' | '使')),
        _ => stutter::stuttered(chars, at),
    }
}

/// 一一公里: not each by itself, but one of a unit.
fn one_by_one(chars: &[char], at: usize) -> bool {
    const UNITS: [&str; 14] =
        ["公里", "个", "项", "批", "名", "家", "步", "级", "体", "年", "季度", "些", "系列", "方面"];
    let unit = UNITS.iter().any(|w| stands(chars, at + 2, w));
    unit && !(at > 0 && "统唯同第十万三逐合归".contains(chars[at - 1]))
}

/// Little words that nobody writes twice, each with what may stand in front of the two and behind them by right.
const LITTLE: &str = "凡未和要了在对为将从由及向不已也并而还很更最其但且若于有";

fn little_twice(chars: &[char], at: usize) -> bool {
    let (front, behind) = match chars[at] {
        '未' => ("", "来必央成知婚"),
        '凡' => ("平非不", "例人事"),
        '和' => ("暖", "美睦气顺暖"),
        '要' => ("需", "求点素么害义领件紧闻"),
        '了' => ("", "解却结然断事如"),
        '在' => ("现存实潜好内外自所志旨", "建校职编册途线岗读位座家场野逃押"),
        '对' => ("应面针绝核校比相反", "象策方口手标照接比外内子"),
        '为' => ("作成认因行以人称即更较最分", "民人了何"),
        '将' => ("即必麻大小上中少武勇名", "士军领"),
        '从' => ("服听遵随顺盲自无", "容"),
        '由' => ("自理缘因经任事", "于"),
        '及' => ("以涉普", "时格其早"),
        '向' => ("方导意倾走动去面转趋内外", "前上下"),
        '于' => ("对关由属等至基终位处鉴便易利勇善乐限大小高低", "是今田都丹谦洪"),
        '有' => ("所占拥享国公私共持富具独特原固含", "关效力利序机人所些的时没益色限意望"),
        '也' | '很' | '但' | '已' | '且' | '若' | '不' => ("而并", ""),
        '并' => ("合兼吞归撤", ""),
        '而' => ("", ""),
        '还' => ("偿归返退交", ""),
        '更' => ("变", "换改新名正"),
        '最' => ("", ""),
        _ => ("尤与极何", "他实余中次"),
    };
    let before = at.checked_sub(1).map(|i| chars[i]);
    let next = chars.get(at + 2);
    let whole = han(next) && next != chars.get(at);
    whole
        && !before.is_some_and(|c| front.contains(c) || c == chars[at])
        && !next.is_some_and(|c| behind.contains(*c))
}

/// A、A in a list.
fn listed_twice(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    if chars[at] != '、' {
        return;
    }
    if let Some(length) = tail_again(chars, at, 3) {
        if by_turns(chars, at) {
            return;
        }
        let word = words(chars, at - length, at);
        let reason = format!("“{word}”重复");
        found.tell(at - length, at + 1 + length, FaultKind::Duplicate, "item twice", reason, Some(word));
        return;
    }
    // 事事有着落、着落。
    if tail_again(chars, at, 2).is_some()
        && chars.get(at + 3).is_none_or(|c| "，。；、".contains(*c))
        && han(chars.get(at.wrapping_sub(3)))
        && !by_turns(chars, at)
    {
        let word = words(chars, at - 2, at);
        found.tell(at - 2, at + 3, FaultKind::Duplicate, "item twice", format!("“{word}”重复"), Some(word));
        return;
    }
    let boundary = |c: &char| matches!(c, '、' | '，' | '。' | '；' | '：' | '\n' | '“' | '”' | '（' | '）');
    item_after_next(found, at, boundary);
    let from = chars[..at].iter().rposition(boundary).map_or(0, |i| i + 1);
    let to = chars[at + 1..].iter().position(boundary).map_or(chars.len(), |i| at + 1 + i);
    let length = at - from;
    // 分别培训62人、60人、60人: numbers of several may be the same.
    let counts = chars[from..at].first().is_some_and(char::is_ascii_digit);
    if length >= 2 && !counts && to - at > length && chars[from..at] == chars[at + 1..at + 1 + length] {
        let whole = to == at + 1 + length;
        let level = length == 2 && matches!(chars[from], '省' | '市' | '县' | '区');
        if (whole || level) && !by_turns(chars, at) {
            let word = words(chars, from, at);
            found.tell(
                from,
                at + 1 + length,
                FaultKind::Duplicate,
                "item twice",
                format!("并列的“{word}”重复"),
                None,
            );
        }
    }
}

/// 分别获一等奖、二等奖、二等奖: what falls to one after the other may be the same.
pub(super) fn by_turns(chars: &[char], at: usize) -> bool {
    /// How far in front of a mark it may be said.
    const SAID: usize = 40;
    let from = at.saturating_sub(SAID);
    let begin =
        chars[from..at].iter().rposition(|c| matches!(c, '。' | '；' | '\n')).map_or(from, |n| from + n + 1);
    crate::lexicon::any(chars, begin, at, "分别 依次 先后")
}

/// Shortest item that may not stand twice in one list.
pub(super) const MIN_ITEM: usize = 3;

/// 各自为战、单打独斗、各自为战: an item, another one, and the first again.
fn item_after_next(found: &mut Found<'_>, at: usize, boundary: impl Fn(&char) -> bool) {
    let chars = found.chars;
    let from = chars[..at].iter().rposition(&boundary).map_or(0, |i| i + 1);
    let next = |from: usize| chars[from..].iter().position(&boundary).map_or(chars.len(), |i| from + i);
    let middle = next(at + 1);
    if chars.get(middle) != Some(&'、') || at < from + MIN_ITEM {
        return;
    }
    let (third, end) = (middle + 1, next(middle + 1));
    // 清单化、台账化、清单化管理: what all items say of one thing. In front of the first there may be a verb.
    let item = (from..=at - MIN_ITEM).find(|from| chars[third..end].starts_with(&chars[*from..at]));
    let Some(item) = item.map(|from| &chars[from..at]) else { return };
    let whole = end - third == item.len();
    let way = item.last() == Some(&'化');
    if (whole || way) && item.iter().all(|c| han(Some(c))) && !by_turns(chars, at) {
        let word = words(chars, third, third + item.len());
        let reason = format!("并列的“{word}”重复");
        found.tell(at - item.len(), end, FaultKind::Duplicate, "item twice", reason, None);
    }
}

/// 对整改事项挂图作战、挂图作战: how many characters in front of a mark stand behind it again, up to the next mark or a 的.
pub(super) fn tail_again(chars: &[char], at: usize, least: usize) -> Option<usize> {
    let mark = |c: &char| matches!(c, '、' | '，' | '。' | '；' | '：' | '\n' | '”' | '）' | '！' | '？');
    let stop = (at + 1..(at + 22).min(chars.len())).find(|i| mark(&chars[*i])).unwrap_or(at + 1);
    let of = (at + 1..stop).find(|i| chars[*i] == '的');
    [Some(stop), of].into_iter().flatten().find_map(|to| {
        let length = to - at - 1;
        if length < least || at < length || chars[at - length..at] != chars[at + 1..to] {
            return None;
        }
        // 基本称职、称职 and 不合格、合格 are two grades.
        let front = &chars[..at.saturating_sub(length)];
        let grade = front.ends_with(&['基', '本'])
            || front.ends_with(&['比', '较'])
            || front.last().is_some_and(|c| "不未非较".contains(*c));
        let graded = grade && length < 4;
        (!graded && chars[at + 1..to].iter().all(|c| han(Some(c)))).then_some(length)
    })
}

/// 座谈会会议: 会 said twice. 常委会会议 is right.
fn meeting_meeting(found: &mut Found<'_>, at: usize) {
    let chars = found.chars;
    if chars[at] != '会' || at == 0 || !stands(chars, at, "会会议") {
        return;
    }
    const KINDS: [&str; 11] =
        ["党组", "局务", "党务", "例", "座谈", "推进", "研讨", "生活", "动员", "交流", "调度"];
    if let Some(kind) =
        KINDS.iter().find(|k| at >= k.chars().count() && stands(chars, at - k.chars().count(), k))
    {
        let from = at - kind.chars().count();
        found.tell(
            from,
            at + 3,
            FaultKind::Duplicate,
            "meeting twice",
            "“会”与“会议”重复".to_string(),
            Some(format!("{kind}会")),
        );
    }
}
