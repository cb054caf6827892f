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

#[test]
fn gaps_of_numbers_days_and_names_are_told_m43() {
    for wrong in [
        "按照云政发〔2024〕 号文件要求办理。",
        "会议定于2024年9月\u{3000}日召开，请准时参加。",
        "20 年，我将继续努力。",
        "市督察第组反馈了意见。",
        "县里派出[ ]名专家到场指导。",
        "人均补助   元，惠及全镇。",
        "牵头领导为张三（姓名），负责调度。",
    ] {
        assert_eq!(kinds(wrong).first(), Some(&FaultKind::Placeholder), "{wrong}");
    }
    for right in [
        "按照云政发〔2024〕12号文件要求办理。",
        "会议定于2024年9月6日召开，请准时参加。",
        "2025年，我将继续努力。",
        "市督察第三组反馈了意见。",
        "县里派出6名专家到场指导。",
        "人均补助120元，惠及全镇。",
        "签字人（姓名）：",
    ] {
        assert_eq!(kinds(right), [], "{right}");
    }
    assert_eq!(kinds("依据云政发[2023]31号文件。"), [FaultKind::Punctuation]);
    assert_eq!(faults("依据云政发[2023]31号文件。")[0].expected.as_deref(), Some("〔2023〕31号"));
}

#[test]
fn what_is_said_twice_around_a_mark_or_inside_of_a_word_is_told_m43() {
    for wrong in [
        "多做“解剖麻雀”“解剖麻雀”式调研。",
        "克服松劲歇脚、松劲歇脚的思想。",
        "要建立建立长效机制。",
        "打通最后一公里一公里。",
        "抓紧拿出整改改方案。",
        "再上新台台阶。",
        "把措施落到实处处。",
        "我我代表县委讲几点意见。",
    ] {
        assert_eq!(kinds(wrong), [FaultKind::Duplicate], "{wrong}");
    }
    for right in [
        "一个村一个村、一个组一个组地走。",
        "进行行政处罚，处处留心，人人尽责。",
        "现在在家的有六人，一件一件办。",
    ] {
        assert_eq!(kinds(right), [], "{right}");
    }
}

#[test]
fn a_list_called_by_its_number_is_counted_m43() {
    let quoted = "拓展“看、听、问、办、评”四大功能。";
    assert_eq!(kinds(quoted), [FaultKind::CountMismatch]);
    assert_eq!(kinds(&quoted.replace("四大", "五大")), []);
    // The number may be the last of the text.
    for last in ["推行“学、讲、比、练”五步", "推行“学、讲、比、练”五步走", "拓展“看、听、问”四大", "分三步"]
    {
        assert!(kinds(last).len() < 3, "{last}");
    }
    assert_eq!(kinds("推行“学、讲、比、练”五步走。"), [FaultKind::CountMismatch]);
    let ones = "推行“四个一”工作法，即一张图、一本账、一支队。";
    assert_eq!(kinds(ones), [FaultKind::CountMismatch]);
    assert_eq!(kinds(&ones.replace("四个", "三个")), []);
}

#[test]
fn rivers_of_their_own_and_words_that_meet_are_no_faults_m43() {
    for text in
        ["对柳溪河流域开展巡查。", "少先队队员共有86名。", "力争2025年年底前完成。", "各单位3月月底前报送。"]
    {
        let found = faults(text);
        assert!(found.is_empty(), "{text} {found:?}");
    }
    let found = faults("全县产业发展走在前列、名列前矛。");
    assert!(found.iter().any(|fault| fault.expected.as_deref() == Some("名列前茅")), "{found:?}");
}
