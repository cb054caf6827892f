//! Slips of every day: words counted by their number, notes left between brackets, units typed twice.

use bihuan_text::{FaultKind, faults};

/// The kinds told of a text.
fn kinds(text: &str) -> Vec<FaultKind> {
    faults(text).iter().map(|f| f.kind).collect()
}

#[test]
fn a_word_with_its_number_is_counted_behind_it_m43() {
    let four = "各单位要做到“四个严禁”：严禁随意发文，严禁变相考核，严禁转嫁责任，严禁重复填表。";
    assert_eq!(kinds(four), []);
    assert_eq!(kinds(&four.replace("“四个", "“五个")), [FaultKind::CountMismatch]);
    let three = "坚持“三个一批”推进整改，即立行立改一批、限期整改一批、建章立制一批。";
    assert_eq!(kinds(three), []);
    assert_eq!(kinds(&three.replace("“三个", "“四个")), [FaultKind::CountMismatch]);
    let headed = "全市突出“两个坚持”，推动服务提质。\n（一）坚持政府主导。完善机制。\n（二）坚持需求导向。提升能力。\n三、下一步打算\n继续推进。";
    assert!(!kinds(headed).contains(&FaultKind::CountMismatch));
    assert!(kinds(&headed.replace("“两个", "“三个")).contains(&FaultKind::CountMismatch));
    // Told of in passing, no list follows.
    assert_eq!(kinds("深刻领悟“两个确立”的决定性意义，增强“四个意识”。"), []);
}

#[test]
fn what_was_to_be_filled_in_is_told_m43() {
    assert_eq!(kinds("课后服务经费缺口约（此处补充数据）万元。"), [FaultKind::Placeholder]);
    assert_eq!(kinds("县文旅局【待补充】等单位要求重复报送。"), [FaultKind::Placeholder]);
    assert_eq!(kinds("AA乡探索积分兑换的做法。"), [FaultKind::Placeholder]);
    assert_eq!(kinds("人员待补充到位（详见附件）。"), []);
}

#[test]
fn what_was_typed_twice_or_in_half_width_is_told_m43() {
    assert_eq!(kinds("开展宣讲36场场，受众5400人次。"), [FaultKind::Duplicate]);
    assert_eq!(kinds("对照清单逐项逐项整改。"), [FaultKind::Duplicate]);
    assert_eq!(kinds("(一）预算执行方面。"), [FaultKind::Punctuation]);
    assert_eq!(kinds("(一)预算执行方面。\n(二)收支管理方面。"), []);
    assert_eq!(kinds("满意的占96.0%; 对反映的问题限期改进。"), [FaultKind::Punctuation]);
    assert_eq!(kinds("逐项逐条整改，开展宣讲36场次。"), []);
    // What only looks like a word taken for another.
    assert_eq!(kinds("改善食堂条件，扛起责任敢担当，还清另有约定的欠款。"), []);
}
