//! What values look like: units, deadlines, numbers in sequence, sections, footers.

/// The ends of unit names; used only where the words around leave a doubt.
const UNIT_ENDS: &[&str] = &[
    "局",
    "委",
    "办",
    "部",
    "厅",
    "院",
    "校",
    "站",
    "所",
    "处",
    "科",
    "股",
    "室",
    "队",
    "中心",
    "公司",
    "集团",
    "街道",
    "乡",
    "镇",
    "县",
    "区",
    "市",
    "旗",
    "州",
    "村",
    "支部",
    "党委",
    "党组",
    "政府",
    "办事处",
    "委员会",
    "管委会",
    "指挥部",
    "协会",
    "学院",
    "大学",
    "中学",
    "小学",
    "医院",
    "社区",
    "支队",
    "大队",
    "中队",
    "银行",
    "部门",
    "单位",
    "联社",
    "总站",
    "法院",
    "检察院",
    "工会",
    "团委",
    "妇联",
    "残联",
    "工商联",
    "科协",
    "文联",
    "居委会",
    "村委会",
    "园区",
    "开发区",
    "景区",
    "林场",
    "农场",
    "电视台",
    "报社",
    "总队",
    "专班",
    "领导小组",
    "馆",
    "社",
    "组",
];

/// Whether a text could be the name of one unit.
pub(super) fn looks_like_unit(text: &str) -> bool {
    let text = super::words::without_brackets(&super::words::normal(text));
    let length = text.chars().count();
    if !(2..=24).contains(&length) || text.contains(['。', '，', ',', '；', '：', ':', '“', '！', '？'])
    {
        return false;
    }
    // What is done with a problem, though it ends like an office.
    const DEEDS: &[&str] = &[
        "交办", "转办", "督办", "查办", "催办", "承办", "主办", "协办", "领办", "代办", "待办", "会办",
        "未办", "已办",
    ];
    if DEEDS.contains(&text.as_str()) {
        return false;
    }
    if UNIT_ENDS.iter().any(|end| text.ends_with(end)) {
        return true;
    }
    text.starts_with('各') && text.chars().count() <= 12
}

/// Whether a text could be a deadline.
pub(super) fn looks_like_deadline(text: &str) -> bool {
    let text = super::words::normal(text);
    if text.chars().count() > 30 {
        return false;
    }
    const WORDS: &[&str] = &[
        "立行立改",
        "长期坚持",
        "持续整改",
        "持续推进",
        "立即整改",
        "限期整改",
        "边审边改",
        "底前",
        "月底",
        "年底",
        "日前",
        "日内",
        "天内",
        "工作日",
        "每月",
        "每季度",
        "月前",
        "季度末",
        "即知即改",
    ];
    let dated = text.contains(|c: char| c.is_ascii_digit())
        && (text.contains(['年', '月', '日', '天']) || is_iso_like(&text));
    dated || WORDS.iter().any(|w| text.contains(w))
}

fn is_iso_like(text: &str) -> bool {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    (2..=3).contains(&parts.len())
        && parts.iter().all(|p| (1..=4).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_digit()))
        && (parts[0].len() == 4 || parts.len() == 3)
}

/// How a paragraph or row is numbered, from the outermost: 一、 then （一） then 1. then (1) then ①.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Han,
    HanBracket,
    Arabic,
    ArabicBracket,
    Circle,
}

fn is_han_number(c: char) -> bool {
    "〇零一二三四五六七八九十百".contains(c)
}

/// The number at the beginning of a text: its level and how many bytes it takes, marks included.
pub(super) fn enumerator(text: &str) -> Option<(Level, usize)> {
    let first = text.chars().next()?;
    if ('①'..='⑳').contains(&first) || ('⑴'..='⒇').contains(&first) {
        let level = if ('①'..='⑳').contains(&first) { Level::Circle } else { Level::ArabicBracket };
        return Some((level, first.len_utf8()));
    }
    if matches!(first, '(' | '（') {
        let end = text.find([')', '）'])?;
        let inner = text[first.len_utf8()..end].trim();
        let close = text[end..].chars().next().map_or(1, char::len_utf8);
        let mut size = end + close;
        if text[size..].starts_with('、') {
            size += '、'.len_utf8();
        }
        if inner.is_empty() || inner.chars().count() > 3 {
            return None;
        }
        if inner.chars().all(is_han_number) {
            return Some((Level::HanBracket, size));
        }
        return inner.chars().all(|c| c.is_ascii_digit()).then_some((Level::ArabicBracket, size));
    }
    let digits: usize = text.chars().take_while(|c| c.is_ascii_digit()).map(char::len_utf8).sum();
    if (1..=3).contains(&digits) {
        let mark = text[digits..].chars().next()?;
        let next = text[digits + mark.len_utf8()..].chars().next();
        // 1.5 is a figure, not the first point.
        let numbered = matches!(mark, '、' | '．' | ')' | '）')
            || (mark == '.' && !next.is_some_and(|c| c.is_ascii_digit()));
        return numbered.then_some((Level::Arabic, digits + mark.len_utf8()));
    }
    let han: usize = text.chars().take_while(|c| is_han_number(*c)).map(char::len_utf8).sum();
    if han > 0 && han <= 12 {
        let mark = text[han..].chars().next()?;
        return matches!(mark, '、' | '．' | '.' | '，').then_some((Level::Han, han + mark.len_utf8()));
    }
    None
}

/// Whether a sequence cell is a Chinese number (一, （二）), which heads a section where the rows have digits.
pub(super) fn is_han_seq(text: &str) -> bool {
    let core = text.trim().trim_matches(['(', ')', '（', '）', '、', '.']);
    !core.is_empty() && core.chars().count() <= 3 && core.chars().all(is_han_number)
}

/// Whether a cell is a plain number, as sequence cells are.
pub(super) fn is_number(text: &str) -> bool {
    let core = text.trim().trim_end_matches(['.', '、', '．', '%']);
    !core.is_empty() && core.chars().all(|c| c.is_ascii_digit() || c == '.')
}

/// Whether a cell begins a row of sums, which is no problem.
pub(super) fn is_subtotal(text: &str) -> bool {
    let name = super::words::normal(text);
    if name.chars().count() > 14 {
        return false;
    }
    const WORDS: &[&str] = &["合计", "总计", "小计", "共计", "累计", "总数", "本页小计", "本表合计"];
    let head = WORDS.iter().find_map(|w| name.strip_prefix(w)).or_else(|| {
        // 云溪镇小计, 以上合计
        let tail = ["小计", "合计"].iter().find(|w| name.ends_with(**w))?;
        (name.chars().count() <= 14).then(|| name.strip_suffix(tail)).flatten().map(|_| "")
    });
    head.is_some_and(|rest| {
        rest.is_empty()
            || rest.starts_with([':', '：', '(', '共'])
            || rest.chars().next().is_some_and(|c| c.is_ascii_digit())
    })
}

/// Whether a number cell marks the row that only shows how to fill in the form.
pub(super) fn is_sample(text: &str) -> bool {
    let name = super::words::normal(text);
    let core = name.trim_matches(['(', ')']);
    ["示例", "样例", "范例", "例", "例如", "举例", "填写示例", "填报示例"].contains(&core)
}

/// A count such as 14个, 共3项, （5件）.
pub(super) fn is_count(text: &str) -> bool {
    let name = super::words::normal(text);
    let core = name
        .trim_matches(['(', ')'])
        .trim_start_matches('共')
        .trim_end_matches(['个', '项', '件', '条', '处', '起']);
    !core.is_empty() && core.chars().all(|c| c.is_ascii_digit())
}

/// Whether a lonely row is a note, a signature or a date below a table.
pub(super) fn is_footer(text: &str) -> bool {
    let name = super::words::normal(text);
    const STARTS: &[&str] = &[
        "注:",
        "注：",
        "注1",
        "备注:",
        "备注：",
        "说明:",
        "说明：",
        "填表人",
        "填报人",
        "审核人",
        "制表",
        "负责人",
        "联系人",
        "联系电话",
        "填表说明",
        "单位负责人",
        "主要负责人",
        "签字",
        "签名",
        "(盖章)",
        "单位(盖章)",
        "单位盖章",
        "填报单位",
        "填报日期",
        "填报时间",
        "报送单位",
        "报送时间",
        "审批人",
        "附:",
        "附：",
        "附件",
        "抄送",
        "注.",
        "※",
        "填表日期",
        "经办人",
    ];
    STARTS.iter().any(|s| name.starts_with(s)) || is_bare_date(&name)
}

/// A line that is nothing but a date.
pub(super) fn is_bare_date(name: &str) -> bool {
    let core: String = name.chars().filter(|c| !c.is_whitespace()).collect();
    core.contains('年')
        && core.contains('月')
        && core.chars().count() <= 12
        && core.chars().all(|c| c.is_ascii_digit() || is_han_number(c) || "年月日○".contains(c))
}

/// A section's words without its number and its count: `（一）某某镇（14个）` is `某某镇`.
pub(super) fn section_core(text: &str) -> &str {
    let text = text.trim();
    let text = enumerator(text).map_or(text, |(_, size)| text[size..].trim());
    let Some(open) = text.rfind(['(', '（']) else {
        return text.trim_end_matches([':', '：']);
    };
    let inside = text[open..].trim_matches(['(', ')', '（', '）']);
    if text.ends_with([')', '）']) && is_count(inside) { text[..open].trim() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_at_the_beginning_have_levels() {
        let level = |t| enumerator(t).map(|(l, n)| (l, &t[..n]));
        assert_eq!(level("一、某事"), Some((Level::Han, "一、")));
        assert_eq!(level("（十二）某事"), Some((Level::HanBracket, "（十二）")));
        assert_eq!(level("1.某事"), Some((Level::Arabic, "1.")));
        assert_eq!(level("1.5万元"), None);
        assert_eq!(level("(3)某事"), Some((Level::ArabicBracket, "(3)")));
        assert_eq!(level("②某事"), Some((Level::Circle, "②")));
        assert_eq!(level("一是某事"), None);
        assert_eq!(level("2024年"), None);
    }

    #[test]
    fn sections_lose_number_and_count() {
        assert_eq!(section_core("（一）青石镇（14个）"), "青石镇");
        assert_eq!(section_core("二、县住建局"), "县住建局");
        assert_eq!(section_core("已完成整改（共3项）"), "已完成整改");
        assert_eq!(section_core("各乡镇（街道）"), "各乡镇（街道）");
    }

    #[test]
    fn sums_and_footers_are_known() {
        for text in ["合计", "合  计", "总计：12", "小计", "青石镇小计", "共计3个"] {
            assert!(is_subtotal(text), "{text}");
        }
        assert!(!is_subtotal("合计划拨资金不到位"));
        assert!(!is_subtotal("累计3次被群众反映仍未清理的垃圾堆"));
        for text in ["注：本表一式两份", "2024年3月5日", "填表人：          审核人：", "二〇二四年三月"]
        {
            assert!(is_footer(text), "{text}");
        }
        assert!(!is_footer("注重日常管理不够"));
    }
}
