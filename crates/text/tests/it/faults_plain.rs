//! Slips of days, hours, names and blanks: a weekday that does not fit, 25时, a letter for a nought, what was to be filled in.

use bihuan_text::{FaultKind, OwnWords, faults, faults_with};

/// The kinds told of a text.
fn kinds(text: &str) -> Vec<FaultKind> {
    faults(text).iter().map(|f| f.kind).collect()
}

#[test]
fn hours_and_days_of_the_week_are_checked_m43() {
    let meeting = "会议定于2026年11月24日（星期二）15时30分召开。";
    assert_eq!(kinds(meeting), []);
    assert_eq!(kinds(&meeting.replace("星期二", "星期一")), [FaultKind::Date]);
    assert_eq!(kinds(&meeting.replace("15时", "25时")), [FaultKind::Date]);
    assert_eq!(kinds(&meeting.replace("30分", "75分")), [FaultKind::Date]);
    assert_eq!(kinds("会议于2024年2月29日（周四）召开，历时24时00分。"), []);
    assert_eq!(kinds("2025年工作要点。各村于2月28日前报送。"), []);
    assert_eq!(kinds("2025年工作要点。各村于2月29日前报送。"), [FaultKind::Date]);
    // The next year may be meant, and it has such a day.
    assert_eq!(kinds("2023年工作总结。各村于2月29日前报送。"), []);
    assert_eq!(kinds("于3月31日日前报送。"), [FaultKind::Duplicate]);
    assert_eq!(kinds("日前报送，近日日均办件20件，3月31日日均办件30件。"), []);
}

#[test]
fn names_and_terms_with_a_word_left_out_are_told_m43() {
    for (right, wrong) in [
        ("学习习近平新时代中国特色社会主义思想。", "学习习近平新时代特色社会主义思想。"),
        ("坚决做到“两个维护”。", "坚决做到“三个维护”。"),
        ("同志们：", "同志门："),
        ("坚持预防为主、防消结合的方针。", "坚持预防为主、消防结合的方针。"),
        ("社区有10栋居民楼。", "社区有1O栋居民楼。"),
        ("成灾率为2.1‰，低于上年。", "成灾率为2.1‰,低于上年。"),
    ] {
        assert_eq!(kinds(right), [], "{right}");
        assert_eq!(kinds(wrong).len(), 1, "{wrong}");
    }
    let own = OwnWords { phrases: vec!["县住房和城乡建设局".to_string()], ..OwnWords::default() };
    assert_eq!(faults_with("报县住房和城乡建设局备案。", &own), []);
    for wrong in ["报县住房与城乡建设局备案。", "报县住房城乡建设局备案。"] {
        assert_eq!(faults_with(wrong, &own).len(), 1, "{wrong}");
    }
}

#[test]
fn blanks_and_traces_are_told_m43() {
    for (wrong, kind) in [
        ("办公室设在（填写股室名称），负责协调。", FaultKind::Placeholder),
        ("简报\n（第　期）\n青岚镇编", FaultKind::Placeholder),
        ("省政府第考核巡查组到我市考核。", FaultKind::Placeholder),
        ("区委第X巡察组到我局巡察。", FaultKind::Placeholder),
        ("每年＿月底前发布预警。", FaultKind::Placeholder),
        ("数据截至5月【此处待核】。", FaultKind::Placeholder),
        ("播出一批节目。（点击下一页继续阅读）扩大宣传。", FaultKind::Residue),
        ("相关阅读：用气小常识", FaultKind::Residue),
    ] {
        assert_eq!(kinds(wrong), [kind], "{wrong}");
    }
    assert_eq!(kinds("简报\n（第3期）\n市委第三巡察组到青岚镇巡察，每年5月底前发布预警。"), []);
}

#[test]
fn a_share_at_the_end_of_a_paragraph_needs_its_stop_m43() {
    let rows = "测评已经完成。评价“好”的占98.2%。\n下一步抓好整改。\n";
    assert_eq!(kinds(rows), []);
    assert_eq!(kinds(&rows.replace("%。", "%")), [FaultKind::Punctuation]);
    // In a table it stands alone.
    assert_eq!(kinds("办结率\n98.2%\n满意率\n97.1%\n"), []);
}

#[test]
fn blanks_hours_and_names_of_rules_are_seen_m43() {
    for (wrong, right) in [
        ("落实渠道清淤补助资金万元，月底前完工。", "落实渠道清淤补助资金6万元，月底前完工。"),
        ("村民自筹比例不到%。", "村民自筹比例不到5%。"),
        ("5月9日26时前，低洼处群众全部转移。", "5月9日22时前，低洼处群众全部转移。"),
        ("重温《中国共产党党纪处分条例》。", "重温《中国共产党纪律处分条例》。"),
        ("防汛知识入恼入心。", "防汛知识入脑入心。"),
        ("对标准说不清、道不名。", "对标准说不清、道不明。"),
        ("讯前检查泵站。", "汛前检查泵站。"),
        ("归纳为“看、问、记”三字决，人人会背。", "归纳为“看、问、记”三字诀，人人会背。"),
        ("塘尿病患者规范管理1146人。", "糖尿病患者规范管理1146人。"),
        ("时刻绷紧安全这根玄。", "时刻绷紧安全这根弦。"),
        ("至今仍未未整改。", "至今仍未整改。"),
        ("氛围尚未完全形成，完全形成。", "氛围尚未完全形成。"),
        ("建成垃圾分类示范小县4个。", "建成垃圾分类示范小区4个。"),
        ("报送青岚县人民政局府。", "报送青岚县人民政府。"),
        (
            "大家决心把这股劲头带到清淤一线去，带到清淤一线去，带到清淤一线去。",
            "大家决心把这股劲头带到清淤一线去，把泥清干净。",
        ),
        (
            "学员要把学到的办法用到服务群众的工作中去，用到服务群众的工作中去。",
            "学员要把学到的办法用到服务群众的工作中去。",
        ),
    ] {
        assert!(!faults(wrong).is_empty(), "{wrong}");
        assert_eq!(faults(right), [], "{right}");
    }
    for right in [
        "单位：万元、%。",
        "增长率（%）：4.5。",
        "通讯前端升级，设备通讯期限延长。",
        "由县财政给予定额补助。",
        "孩子们身心健健康康。",
        "县医院卒中中心通过验收。",
        "增强了“四个意识”。",
        "全县未来三年的规划。",
        "移送检察机关2人。",
        "塘边村有46户。",
        "采取明查暗访的方式。",
        "采取明察暗访的方式。",
        "比例以%表示。",
    ] {
        assert_eq!(faults(right), [], "{right}");
    }
}
