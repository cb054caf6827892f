//! A title broken into lines that end with a whole word and are of like length, as GB/T 9704 wants titles set.

/// Characters of 2号 type that stand on a line of the type area: 156 mm by 22 points.
const LINE_CHARS: usize = 20;
/// The longest name that is kept whole.
const NAME_CHARS: usize = 14;
/// What breaking within a word, or where no word is known to end, costs beside an uneven line of two characters.
const WITHIN_WORD: usize = 400;
const NO_KNOWN_END: usize = 12;

/// Words of official titles, so that none is torn apart. General terms: names come as pieces of their own.
const WORDS: [&str; 79] = [
    "关于",
    "阶段性",
    "阶段",
    "进展",
    "情况",
    "汇报",
    "报告",
    "专报",
    "简报",
    "通报",
    "通知",
    "请示",
    "批复",
    "纪要",
    "问题",
    "整改",
    "检视",
    "工作",
    "落实",
    "办理",
    "逾期",
    "主题",
    "教育",
    "专项",
    "行动",
    "排查",
    "整治",
    "专项整治",
    "督查",
    "督办",
    "督导",
    "检查",
    "安全",
    "生产",
    "环境",
    "生态",
    "保护",
    "审计",
    "乡镇",
    "街道",
    "全县",
    "全市",
    "全省",
    "群众",
    "身边",
    "清单",
    "台账",
    "销号",
    "调度",
    "会议",
    "贯彻",
    "实施",
    "方案",
    "意见",
    "推进",
    "部署",
    "总结",
    "年度",
    "季度",
    "上半年",
    "下半年",
    "开展",
    "进一步",
    "加强",
    "做好",
    "有关",
    "事项",
    "党建",
    "作风",
    "建设",
    "发展",
    "项目",
    "任务",
    "重点",
    "监督",
    "评估",
    "反馈",
    "回头看",
    "自查",
];

/// Breaks a title, given as the pieces it was written in: plain words and filled-in names.
pub(super) fn title_lines(pieces: &[(String, bool)]) -> Vec<String> {
    let chars: Vec<char> = pieces.iter().flat_map(|(text, _)| text.chars()).collect();
    let width =
        |from: usize, to: usize| chars[from..to].iter().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    let room = LINE_CHARS * 2;
    let total: usize = width(0, chars.len());
    let count = total.div_ceil(room);
    if count < 2 {
        return vec![chars.iter().collect()];
    }
    let costs = costs(pieces, &chars);
    let mean = total / count;
    // Best way to set the first `at` characters in a number of lines: cost, and where the last of them begins.
    let mut best: Vec<Vec<Option<(usize, usize)>>> = vec![vec![None; chars.len() + 1]; count + 2];
    best[0][0] = Some((0, 0));
    for line in 1..=count + 1 {
        for to in 1..=chars.len() {
            for from in (0..to).rev() {
                let wide = width(from, to);
                if wide > room {
                    break;
                }
                let Some((before, _)) = best[line - 1][from] else { continue };
                let uneven = wide.abs_diff(mean);
                let cost = before + uneven * uneven + costs[to];
                if best[line][to].is_none_or(|(have, _)| cost < have) {
                    best[line][to] = Some((cost, from));
                }
            }
        }
    }
    // One line more only where no way of so few keeps its words whole.
    let lines =
        if best[count][chars.len()].is_some_and(|(cost, _)| cost < WITHIN_WORD) { count } else { count + 1 };
    let lines = if best[lines][chars.len()].is_some() { lines } else { count };
    let (mut out, mut to) = (Vec::new(), chars.len());
    for line in (1..=lines).rev() {
        let Some((_, from)) = best[line][to] else { return vec![chars.iter().collect()] };
        out.push(chars[from..to].iter().collect::<String>());
        to = from;
    }
    out.reverse();
    out
}

/// What it costs to end a line before each character.
fn costs(pieces: &[(String, bool)], chars: &[char]) -> Vec<usize> {
    let mut costs = vec![NO_KNOWN_END; chars.len() + 1];
    let mut known = |at: usize| costs[at] = 0;
    let mut at = 0;
    for (text, _) in pieces {
        at += text.chars().count();
        known(at);
    }
    for (at, char) in chars.iter().enumerate() {
        if "的和与及、，》）".contains(*char) {
            known(at + 1);
        }
    }
    let mut within = vec![false; chars.len() + 1];
    let mut at = 0;
    while at < chars.len() {
        let rest: String = chars[at..].iter().take(4).collect();
        let word =
            WORDS.iter().filter(|word| rest.starts_with(**word)).map(|word| word.chars().count()).max();
        let Some(long) = word else {
            at += 1;
            continue;
        };
        known(at);
        known(at + long);
        within[at + 1..at + long].fill(true);
        at += long;
    }
    // 关于 leads what follows, 的 and closing marks end what came before.
    for at in 1..chars.len() {
        let ends_with_lead = at >= 2 && chars[at - 2] == '关' && chars[at - 1] == '于';
        let digits = chars[at - 1].is_ascii_alphanumeric() && chars[at].is_ascii_alphanumeric();
        if within[at]
            || digits
            || ends_with_lead
            || "的、，》）".contains(chars[at])
            || "《（".contains(chars[at - 1])
        {
            costs[at] = WITHIN_WORD;
        }
    }
    costs[chars.len()] = 0;
    name_inside(pieces, &mut costs);
    costs
}

/// A name that was filled in is torn only where nothing else will do.
fn name_inside(pieces: &[(String, bool)], costs: &mut [usize]) {
    let mut at = 0;
    for (text, is_name) in pieces {
        let long = text.chars().count();
        if *is_name && long <= NAME_CHARS {
            for cost in &mut costs[at + 1..(at + long).max(at + 1)] {
                *cost += NO_KNOWN_END * 8;
            }
        }
        at += long;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[(&str, bool)]) -> Vec<String> {
        let pieces: Vec<(String, bool)> =
            pieces.iter().map(|(text, name)| ((*text).to_owned(), *name)).collect();
        title_lines(&pieces)
    }

    #[test]
    fn a_title_ends_its_lines_with_whole_words() {
        let found =
            lines(&[("关于", false), ("云溪县主题教育检视整改", true), ("阶段性进展情况的汇报", false)]);
        assert_eq!(found, ["关于云溪县主题教育检视整改", "阶段性进展情况的汇报"]);
        let found = lines(&[("关于进一步加强安全生产专项整治逾期问题办理情况的通报", false)]);
        assert_eq!(found.concat(), "关于进一步加强安全生产专项整治逾期问题办理情况的通报");
        assert!(found.len() == 2 && found[0].ends_with("整治"), "{found:?}");
    }

    #[test]
    fn a_short_title_is_one_line_and_a_name_alone_may_be_cut() {
        assert_eq!(lines(&[("情况汇报", false)]), ["情况汇报"]);
        assert_eq!(lines(&[("", false)]), [""]);
        let name = "甲".repeat(45);
        let found = lines(&[(name.as_str(), true)]);
        assert_eq!(found.concat(), name);
        assert!(found.iter().all(|line| line.chars().count() <= LINE_CHARS), "{found:?}");
    }
}
