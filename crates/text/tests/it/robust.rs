//! Whatever text comes in, nothing breaks, spans lie inside, and the answer is the same twice.

use bihuan_text::{
    IssueDay, OwnTerms, conflicts, faults, figures, highlight, obligations, obligations_of_day, parties,
    shared_parts, snippet, vague_goal, vague_measure, vagueness,
};
use proptest::prelude::*;

/// Documents as they are kept with their labels; only their words matter here.
const DOCUMENTS: [&str; 3] = [
    include_str!("heldout/rounds/tenth.json"),
    include_str!("heldout/rounds/sixteenth.json"),
    include_str!("heldout/rounds/twentieth.json"),
];

fn check(text: &str) {
    let length = text.chars().count();
    let inside = |start: usize, end: usize| {
        assert!(start <= end && end <= length, "{start}..{end} of {length}: {text:?}")
    };
    for o in obligations(text, Some(2023)) {
        inside(o.start, o.end);
    }
    let day = IssueDay::new(2024, 2, 29).unwrap();
    for o in obligations_of_day(text, day, &OwnTerms::default()) {
        inside(o.start, o.end);
        o.subject.iter().for_each(|subject| assert!(parties(subject).len() <= subject.len()));
    }
    for f in figures(text) {
        inside(f.start, f.end);
    }
    for c in conflicts(text) {
        c.spans.iter().for_each(|[s, e]| inside(*s, *e));
    }
    for f in faults(text) {
        inside(f.start, f.end);
    }
    for w in vagueness(text).into_iter().chain(vague_measure(text)).chain(vague_goal(text)) {
        inside(w.span.start, w.span.end);
    }
    for span in highlight(text, "整改 第3期") {
        inside(span.start, span.end);
    }
    snippet(text, "整改", 10);
    shared_parts(text, text);
    assert_eq!(obligations(text, None), obligations(text, None));
    assert_eq!(faults(text), faults(text));
}

#[test]
fn odd_texts_do_no_harm() {
    for text in [
        "",
        "\n",
        "。",
        "“",
        "”",
        "第",
        "一、",
        "年",
        "*",
        "将",
        "要",
        "每",
        "1",
        "１２",
        "9999999999999999999999999",
        "百千万",
        "月",
        "13月",
        "（",
        "半",
        "等4",
        "。。。。",
        "\u{FEFF}",
        "🙂🙂要🙂",
        "对的，要",
        "“\n一是",
        "“\n三、",
        "%",
        "三点意见：一是好。二是快。",
        "全县187个建制村全部通客车。仍有5个建制村通客车工作尚未完成。",
        "全县187个建制村全部通客车。仍有5个建制村通客车工作尚未完成",
        "截至3月99999999999日，化解12件。9月28日至10月99999999999日，历时7天。",
        "根据部署，云溪县教育局会同市场监管、公安、卫健等部门，对食堂开展了排查。现报告如下：",
        "解剖麻雀”“解剖麻雀”",
        "柳溪镇等10个县直",
        "通报了县住建局、柳溪镇等10个县直单",
        "列入省级示范的柳溪镇等8个乡镇",
        "省级试点柳溪镇等8个乡镇",
        "两个省级园区等5个县级",
        "文昌街、滨河路两条省级示范街等6条市级",
        "半 年内",
    ] {
        check(text);
    }
}

/// Length of the texts whose times are held against one another, in code points.
const LONG: usize = 200_000;
/// How many times as long as an ordinary text an odd one may take; one that took quadratic time would take hundreds.
const SLOWER: f64 = 20.0;

/// How long a reading takes, in seconds.
fn seconds(read: fn(&str) -> usize, text: &str) -> f64 {
    let begun = std::time::Instant::now();
    read(text);
    begun.elapsed().as_secs_f64()
}

/// Each text takes its time in another place; all of them have in common that a mark or a line end never comes.
#[test]
fn odd_texts_are_read_in_time() {
    let whole = DOCUMENTS.concat().replace("\", \"", "\n");
    let ordinary: String = whole.chars().cycle().take(LONG).collect();
    let odd = |front: &str, unit: &str| -> String {
        front.chars().chain(unit.chars().cycle()).take(LONG).collect()
    };
    let in_figures: fn(&str) -> usize = |t| figures(t).len();
    let in_faults: fn(&str) -> usize = |t| faults(t).len();
    let in_obligations: fn(&str) -> usize = |t| obligations(t, Some(2023)).len();
    for (read, texts) in [
        (in_figures, &[("“", "完成3项。")][..]),
        (
            in_faults,
            &[
                ("", "300%"),
                ("", "率300%"),
                ("", "("),
                ("", "（"),
                ("", "中)"),
                ("", "“三看”"),
                ("", "“"),
                ("", "》"),
                ("", "甲、乙三个方面"),
                ("", "”三个方面"),
                ("", "三项，即甲、乙"),
                ("", "三项，第一项，"),
                ("", "三支，一支"),
                ("", "三个“不”：不"),
                ("", "》二项制度"),
                ("", "十"),
            ],
        ),
        (
            in_obligations,
            &[
                ("“", "要"),
                ("", "公开"),
                ("对", "公开"),
                ("“", "就是"),
                ("", "9"),
                ("县局要建成2座桥，", "县局牵头，"),
                ("", "县局要配合，"),
                ("", "两周内"),
                ("每月", "十五日"),
                ("", "2026年11月20日前"),
            ],
        ),
    ] {
        // The first reading makes the lists of words.
        seconds(read, "");
        let usual = seconds(read, &ordinary);
        for (front, unit) in texts {
            let times = seconds(read, &odd(front, unit)) / usual;
            println!("{front}{unit}…: {times:.1}");
            assert!(times <= SLOWER, "{front}{unit}…: {times}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn texts_of_official_words_do_no_harm(words in proptest::collection::vec(prop::sample::select(vec![
        "各级党委", "（党组）", "要", "必须", "将", "把", "对", "在", "每月", "1次", "11月底前", "年内", "建立", "制定", "清单", "台账", "开展", "一批", "问题", "，", "。", "；", "：",
        "\n", "一是", "二要", "三、", "第四，", "（五）", "6.", "“", "”", "《", "》", "（", "）", "*", "共", "其中", "3个", "85%", "占", "由", "增加到", "增长", "第2位", "较2021年", "较上年", "等", "的", "不", "防止",
        "确保", "同志们", "下面，我讲三点意见", "下一步", "汇报", "2023年", "2月30日", "x", "D员", "社街道", "习近平", "半", "一", "十", "百", "以", "时", "中", " ", "a", "1.5", "万", "亿", "合格率", "人员中", "全县", "全镇", "个村", "份", "至", "城县", "县场", "化、", "感感", "了了", "篇", "报告", "有个", "第届",
    ]), 0..60)) {
        check(&words.concat());
    }

    /// Pieces of whole documents, cut anywhere and put together: what no list of words would make.
    #[test]
    fn pieces_of_documents_do_no_harm(cuts in proptest::collection::vec((any::<prop::sample::Index>(), 1_usize..90), 1..14)) {
        let whole: Vec<char> = DOCUMENTS.iter().flat_map(|json| json.chars()).collect();
        let text: String = cuts
            .iter()
            .flat_map(|(at, length)| {
                let at = at.index(whole.len());
                whole[at..(at + length).min(whole.len())].iter()
            })
            .collect();
        check(&text.replace("\", \"", "\n"));
    }

    #[test]
    fn any_text_does_no_harm(text in "\\PC{0,80}") {
        check(&text);
    }
}
