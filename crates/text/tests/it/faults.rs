use bihuan_text::{FaultKind, OwnWords, faults, faults_with};

fn told(text: &str) -> Vec<(FaultKind, String)> {
    faults(text).into_iter().map(|f| (f.kind, f.quote)).collect()
}

fn kinds(text: &str) -> Vec<FaultKind> {
    faults(text).into_iter().map(|f| f.kind).collect()
}

#[test]
fn numbering_that_skips_repeats_or_changes_shape_is_told_m43() {
    assert_eq!(kinds("一、甲事\n二、乙事\n四、丁事\n"), [FaultKind::Numbering]);
    assert_eq!(kinds("一、甲事\n二、乙事\n二、丙事\n"), [FaultKind::Numbering]);
    assert_eq!(kinds("一、甲事\n二、乙事\n第三，丙事\n"), [FaultKind::Numbering]);
    assert_eq!(kinds("做法有：一是学习；二是调研；四是整改。"), [FaultKind::Numbering]);
    assert_eq!(kinds("（一）甲事\n（三）丙事\n"), [FaultKind::Numbering]);
    assert_eq!(
        kinds("一、甲事\n（一）子项\n（二）子项\n二、乙事\n（一）子项\n1.细项\n2.细项\n（二）子项\n1.细项\n"),
        []
    );
}

#[test]
fn announced_counts_are_held_against_their_items_m43() {
    assert_eq!(kinds("下面，我讲三点意见：\n一、甲事\n二、乙事\n"), [FaultKind::CountMismatch]);
    assert_eq!(kinds("下面，我讲两点意见：\n一、甲事\n二、乙事\n"), []);
    assert_eq!(kinds("把握学习、调研、整改四个环节。"), [FaultKind::CountMismatch]);
    assert_eq!(kinds("把握学习、调研、检视和整改四个环节。"), []);
}

#[test]
fn quotes_and_brackets_are_balanced_m43() {
    assert_eq!(told("弘扬”实干”精神。"), [(FaultKind::Quotes, "”实干”".to_string())]);
    assert_eq!(kinds("他说：“增强“四个意识”，做好工作。”"), [FaultKind::Quotes]);
    assert_eq!(kinds("落实《云溪县整改方案的要求。"), [FaultKind::Quotes]);
    assert_eq!(kinds("弘扬\"实干\"精神。"), [FaultKind::Quotes]);
    assert_eq!(kinds("弘扬“实干”精神，落实《方案》（试行）。1）甲。"), []);
}

#[test]
fn half_width_marks_and_stray_spaces_are_told() {
    assert_eq!(kinds("学习要深,调研要实;整改要真。"), [FaultKind::Punctuation; 2]);
    assert_eq!(kinds("比例为1,000:1，时间10:30，见www。"), []);
    assert_eq!(kinds("学习要深，，调研要实。"), [FaultKind::Punctuation]);
    assert_eq!(kinds("学 习要深。"), [FaultKind::Punctuation]);
    assert_eq!(kinds("\u{A0}同志们："), [FaultKind::Other]);
    assert_eq!(kinds("一是要学。做到学深悟透\n下一段。"), [FaultKind::Punctuation]);
}

#[test]
fn blanks_and_replacements_are_told_m43() {
    for text in [
        "共召开*次会议。",
        "在××市召开。",
        "由XX同志负责。",
        "在市委第督查组指导下，",
        "召开次会议。",
        "共收集意见（ ）条。",
        "于2023年月日完成。",
        "涉及的问题有，要整改。",
    ] {
        assert_eq!(kinds(text), [FaultKind::Placeholder], "{text}");
    }
    for text in ["全体D员要带头。", "深入社街道走访。", "以同志为核心的党中央。", "试点地街道先行。"]
    {
        assert_eq!(kinds(text), [FaultKind::Substitution], "{text}");
    }
    for text in [
        "长3×4米。",
        "召开次数增加。",
        "A座3楼，B类人员，C919飞机。",
        "解决个人困难。",
        "街道办事处和社区。",
        "某些问题。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn doubled_words_and_sentences_are_told() {
    assert_eq!(kinds("研究研究部署工作。"), [FaultKind::Duplicate]);
    assert_eq!(kinds("省委、省委部署的工作。"), [FaultKind::Duplicate]);
    assert_eq!(
        kinds("把调研得来的成果用到改进工作上，把调研的成果用到改进工作上，见成效。"),
        [FaultKind::Duplicate]
    );
    assert_eq!(
        kinds("一、全面夯实基层治理根基\n做事。\n二、全面夯实基层治理根基\n做事。\n"),
        [FaultKind::Duplicate]
    );
    assert_eq!(kinds("方方面面、实实在在、一件一件、天天，目的的确好。"), []);
}

#[test]
fn set_phrases_with_a_wrong_character_and_wrong_words_are_told_m43() {
    assert_eq!(told("学习新时代中国特色社会注义思想。")[0].0, FaultKind::WrongChar);
    assert_eq!(told("抓实理论学习、调查研究推动发展、检视整改。").len(), 1);
    assert_eq!(faults("截止目前，已部署。")[0].expected.as_deref(), Some("截至目前"));
    assert_eq!(faults("要融汇惯通。")[0].expected.as_deref(), Some("贯通"));
    assert_eq!(faults("要融会惯通。")[0].expected.as_deref(), Some("融会贯通"));
    assert_eq!(faults("要强化“四个意识”。")[0].expected.as_deref(), Some("增强“四个意识”"));
    assert_eq!(kinds("增强“四个意识”、坚定“四个自信”、做到“两个维护”，学习总书记讲话。"), []);
    assert_eq!(kinds("跟进学习习总书记讲话。"), [FaultKind::Other]);
}

#[test]
fn days_that_do_not_exist_are_told() {
    assert_eq!(kinds("2023年2月29日召开。"), [FaultKind::Date]);
    assert_eq!(kinds("13月5日召开，4月31日结束。"), [FaultKind::Date; 2]);
    assert_eq!(kinds("2024年2月29日召开，12月31日结束，历时3个月。"), []);
}

#[test]
fn traces_of_a_download_are_told() {
    assert_eq!(kinds("更多材料请关注，www.example.com下载。"), [FaultKind::Residue; 2]);
}

#[test]
fn an_office_brings_its_own_names_and_words() {
    let own = OwnWords {
        phrases: vec!["云溪县行政审批服务管理局".to_string()],
        wrong: vec![("审管办".to_string(), "行政审批服务管理局".to_string())],
    };
    let text = "云溪县行政审批服备管理局会同审管办办理。";
    let found = faults_with(text, &own);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(found[0].expected.as_deref(), Some("云溪县行政审批服务管理局"));
    assert!(faults("云溪县行政审批服备管理局办理。").is_empty());
}

#[test]
fn a_body_that_calls_itself_by_another_name_than_the_title_is_told() {
    let text = "市林业局关于整改工作情况的汇报\n我委高度重视。\n我县森林覆盖率提高。\n";
    assert_eq!(kinds(text), [FaultKind::Other; 2]);
    let text = "市林业局关于整改工作情况的汇报\n我局高度重视，我市森林覆盖率提高。\n我们继续努力。\n";
    assert_eq!(kinds(text), []);
}

/// What the words by their sounds tell in a text: as written and as proposed.
fn heard(text: &str) -> Vec<(String, String)> {
    let told = faults(text).into_iter().filter(|f| f.kind == FaultKind::WrongChar);
    told.map(|f| (f.quote, f.expected.unwrap_or_default())).collect()
}

#[test]
fn a_character_of_the_same_sound_is_told_with_the_word_that_was_meant_m43() {
    for (text, right) in [
        ("这件事要靠大家同心协立。", "同心协力"),
        ("拖欠的人有恃无孔。", "有恃无恐"),
        ("青禾镇要把道路畅通作为重点像目。", "项目"),
        ("我们走访了三家企页。", "企业"),
        ("合作社的产品供不应球。", "供不应求"),
        ("他们任劳任愿地守在灌区。", "任劳任怨"),
    ] {
        let told = heard(text);
        assert!(told.iter().any(|(_, fix)| fix.contains(right)), "{text}: {told:?}");
    }
}

#[test]
fn a_character_of_a_near_sound_or_a_like_look_is_told() {
    for (text, right) in [
        ("会上大家踊跃发言、畅所欲严。", "畅所欲言"),
        ("青禾镇的做法独树一织。", "独树一帜"),
        ("不能因为小事就半途而肺。", "半途而废"),
        ("要做到未雨绸谬、有备无患。", "未雨绸缪"),
    ] {
        let told = heard(text);
        assert!(told.iter().any(|(_, fix)| fix.contains(right)), "{text}: {told:?}");
    }
}

#[test]
fn good_writing_with_short_words_names_and_terms_is_left_alone() {
    for text in [
        "要抓实抓细，讲清讲透，改到位、改彻底。",
        "严格落实三会一课，开展两学一做。",
        "县委督查室会同省委督察组开展督查。",
        "王建业同志和李秋禾镇长到会，赵石岩、孙河生请假。",
        "白芷乡、石碣村和柳堰社区按时报送。",
        "云溪县春穗农机合作社负责。",
        "请大家掂一掂、问一问、找一找。",
        "共有350余名群众报名，已全部办结。",
        "既要看得见，也要守得住、做得成。",
        "推动专班专人专抓，实行清单销号、闭环管理。",
        "有的同志心浮气躁，坐不住、学不进、悟不透。",
        "渠首闸门由灌区管护站负责启闭。",
    ] {
        assert_eq!(heard(text), [], "{text}");
    }
}

#[test]
fn an_office_s_own_words_are_no_slips() {
    let text = "合作社的产品供不应球。";
    assert_eq!(heard(text).len(), 1);
    let own = OwnWords { phrases: vec!["供不应球".to_string()], wrong: Vec::new() };
    assert!(faults_with(text, &own).is_empty());
}

#[test]
fn a_pair_of_characters_that_the_text_repeats_is_taken_for_a_term() {
    let once = heard("我们走访了三家企页。").len();
    let often = heard("我们走访了三家企页。镇里来了企页，村里谈起企页，各企页都有记录，还有两家企页。").len();
    assert!(once == 1 && often == 0, "{once} {often}");
}

#[test]
fn writing_without_marks_is_read_in_stretches_and_in_time() {
    let text = "各单位要奏访群众".repeat(20_000);
    let begun = std::time::Instant::now();
    faults(&text);
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

fn mended(text: &str) -> Vec<(String, Option<String>)> {
    faults(text).into_iter().map(|f| (f.quote, f.expected)).collect()
}

#[test]
fn a_proposed_word_takes_the_place_of_the_whole_quote_m43() {
    let all = |quote: &str, right: &str| vec![(quote.to_string(), Some(right.to_string()))];
    assert_eq!(mended("学习中国特色社会注意理论。"), all("特色社会注意", "特色社会主义"));
    assert_eq!(mended("按照县委的安排部属推进。"), all("安排部属", "安排部署"));
    assert_eq!(mended("开展志愿服务(含预备党员)活动。"), all("(含预备党员)", "（含预备党员）"));
}

#[test]
fn a_character_twice_in_a_word_is_told_and_words_said_twice_are_not_m43() {
    for text in
        ["推推动各项工作。", "组织部部要牵头。", "县县委要带头。", "持续推进进各项任务。", "工作作要扎实。"]
    {
        assert_eq!(kinds(text), [FaultKind::Duplicate], "{text}");
    }
    for text in [
        "握握手、谈谈心、聊聊天，工作作风要好，推进进度要快。",
        "高高兴兴、扎扎实实、形形色色、层层压实、处处讲规矩。",
        "一笔笔记录清楚，村村通公路，云溪县县委书记，白云镇镇长。",
        "学习习近平总书记重要讲话，商量商量再定。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
    assert_eq!(kinds("在座的都是各个各个战线的骨干。"), [FaultKind::Duplicate]);
}

#[test]
fn words_of_a_like_sound_or_shape_are_told_and_coined_ones_are_not_m43() {
    for (text, right) in [
        ("把学习的体汇写进笔记。", "体会"),
        ("新市民的住防困难得到缓解，住房有保障。", "住房"),
        ("干事不可能一番风顺。", "一帆风顺"),
        ("千里之堤，馈于蚁穴。", "溃于蚁穴"),
        ("全县改造老日小区六个。", "老旧小区"),
    ] {
        let told = faults(text);
        assert_eq!(told.len(), 1, "{text} {told:?}");
        assert!(told[0].expected.as_deref().is_some_and(|e| e.contains(right)), "{text} {told:?}");
    }
    for text in
        ["把流量变成“留量”。", "做到应融尽融、应改尽改。", "不学等于白学，关键在人、关键在干。", "请予审议。"]
    {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn counts_are_held_against_what_follows_at_once_and_names_in_front_m43() {
    assert_eq!(kinds("呈现四个特点。一是早。二是实。三是严。"), [FaultKind::CountMismatch]);
    assert_eq!(kinds("呈现三个特点。一是早。二是实。三是严。"), []);
    assert_eq!(kinds("对大塘、白石、长桥、柳汀5个乡镇进行通报。"), [FaultKind::CountMismatch]);
    for text in [
        "对大塘、白石、长桥、柳汀4个乡镇进行通报。",
        "对大塘、白石、长桥等6个乡镇进行通报。",
        "建成3个街道、2个镇、5个乡10个村的网络。",
        "有三个问题比较突出，要重视。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn ordinals_inside_of_a_paragraph_count_on_m43() {
    assert_eq!(kinds("第一，要学。第二，要做。第四，要改。"), [FaultKind::Numbering]);
    assert_eq!(kinds("第一，要学。第二，要做。第二，要改。"), [FaultKind::Numbering]);
    assert_eq!(kinds("第一，要学。第二，要做。第三，要改。"), []);
}

#[test]
fn a_title_and_a_body_that_name_different_places_are_told_m43() {
    let text = "关于青岚镇主题教育开展情况的报告\n县委：\n柳汀镇召开会议。柳汀镇党委研究部署。请审阅。\n";
    assert_eq!(told(text), [(FaultKind::Other, "柳汀镇".to_string())]);
    let fine = "关于青岚镇主题教育开展情况的报告\n县委：\n青岚镇向柳汀镇学习，柳汀镇的做法很好。\n";
    assert_eq!(kinds(fine), []);
    let county = "云溪县关于隐患排查情况的报告\n市委：\n现将情况报告如下。\n我镇高度重视。\n";
    assert_eq!(told(county), [(FaultKind::Other, "我镇".to_string())]);
}

#[test]
fn a_day_that_does_not_exist_is_told_with_spaces_in_it_too_m43() {
    assert_eq!(told("会议定于2023年2月30日召开。"), [(FaultKind::Date, "2月30日".to_string())]);
    let spaced = faults("会议定于 2023 年 2 月 30 日召开。");
    let day: Vec<_> = spaced.iter().filter(|f| f.kind == FaultKind::Date).map(|f| f.quote.as_str()).collect();
    assert_eq!(day, ["2 月 30 日"]);
}

#[test]
fn letters_in_numbers_doubled_words_and_other_places_are_told_m43() {
    for text in ["截至2O24年底完成。", "推出夜间场馆l2家。"] {
        assert_eq!(kinds(text), [FaultKind::Substitution], "{text}");
    }
    for text in ["发现苗头性性问题13个。", "为排名后三位的村村村派出工作队。", "提供坚强的组组织保障。"]
    {
        assert_eq!(kinds(text), [FaultKind::Duplicate], "{text}");
    }
    let left = "云溪县教育局工作汇报\n云溪县坚持育人为本。\n现将情况报告如下。\n下一步，平岗县教育局将采取联盟办学。\n";
    assert_eq!(told(left), [(FaultKind::Other, "平岗县".to_string())]);
    for text in ["推广O2O模式。", "分别培训62人、60人、60人。", "一日游游客多。", "需要属地街道配合。"]
    {
        assert_eq!(kinds(text), [], "{text}");
    }
    assert_eq!(kinds(&left.replace("平岗县", "云溪县")), []);
    // Its own place may stand in the title alone.
    let once =
        "云溪县教育局工作汇报\n我局坚持育人为本。\n现将情况报告如下。\n建议平岗县结合布局调整补充师资。\n";
    assert_eq!(told(once), [(FaultKind::Other, "平岗县".to_string())]);
    assert_eq!(kinds(&once.replace("建议平岗县结合", "赴平岗县学习")), []);
}

#[test]
fn what_is_named_is_held_against_its_count_m43() {
    for text in [
        "印发《发包管理办法》《收支管理细则》《工程管理规定》四项制度。",
        "建立健全三项制度，即管水员考核制度、水质公示制度。",
        "突出“四个一批”，即提升一批精品村、打造一批示范村、整治一批后进村。",
    ] {
        assert_eq!(kinds(text), [FaultKind::CountMismatch], "{text}");
    }
    for text in [
        "印发《发包管理办法》《收支管理细则》《工程管理规定》三项制度。",
        "印发《发包管理办法》《收支管理细则》等四项制度。",
        "建立健全两项制度，即管水员考核制度、水质公示制度。",
        "突出“三个一批”，即提升一批精品村、打造一批示范村、整治一批后进村。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

/// Rows that are numbered by a word of their own.
#[test]
fn rows_numbered_by_words_are_told_m43() {
    let told = |text: &str| -> Vec<(String, Option<String>)> {
        let all = faults(text).into_iter().filter(|f| f.kind == FaultKind::Numbering);
        all.map(|f| (f.quote, f.expected)).collect()
    };
    let asked =
        "一问：定了哪些事？\n定了三件。\n二问：办到哪一步？\n办了两件。\n三问：还有什么难处？\n缺人。\n";
    assert_eq!(told(asked), []);
    assert_eq!(told(&asked.replace("三问", "二问")), [("二问".into(), Some("三问".into()))]);
    let listed = "问题1：台账不全。\n已补。\n问题2：路灯不亮。\n已修。\n问题3：井盖松动。\n已换。\n";
    assert_eq!(told(listed), []);
    assert_eq!(told(&listed.replace("问题3", "问题4")), [("问题4".into(), Some("问题3".into()))]);
    let those = "其一，派单要看人。其二，办完要回头。其三，答复要写清。";
    assert_eq!(told(those), []);
    assert_eq!(told(&those.replace("其三", "其四")), [("其四".into(), Some("其三".into()))]);
    // Two lines may be of two rows, and a row that begins later is a part of another text.
    assert_eq!(told("问题1：台账不全。\n已补。\n问题3：井盖松动。\n已换。\n"), []);
}
