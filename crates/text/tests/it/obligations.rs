use bihuan_text::{Hardness, Obligation, OwnTerms, obligations, obligations_with};

/// A made-up speech: account first, then tasks.
const SPEECH: &str = "在云溪县主题教育推进会上的讲话
同志们：
前一阶段，全县先后召开推进会3次，解决了一批难题。下面，我讲两点意见。
一、提高思想认识，增强行动自觉
要深刻认识开展主题教育的重大意义，坚定信心，自觉对标对表。
二、抓好重点任务，确保取得实效
一是抓好理论学习。各党支部每月要开展2次以上集中学习，每名党员年底前至少撰写1篇学习心得。要坚持读原著、学原文，真正入脑入心，防止走过场。
二是抓好整改整治。各乡镇要在10月底前建立问题清单，实行销号管理。对历史遗留问题，要逐件明确办法。要持续开展“净水畅渠”行动，推动水环境不断改善。县水利局要疏通河道12公里。
";

fn of<'a>(all: &'a [Obligation], words: &str) -> &'a Obligation {
    all.iter().find(|o| o.quote.contains(words)).unwrap_or_else(|| panic!("{words}: {all:#?}"))
}

#[test]
fn a_count_and_a_rhythm_make_it_hard_m42() {
    let all = obligations(SPEECH, Some(2023));
    let study = of(&all, "集中学习");
    assert_eq!(study.subject.as_deref(), Some("各党支部"));
    assert_eq!((study.quantity, study.comparator), (Some(2.0), Some(">=")));
    assert_eq!(study.quantity_unit.as_deref(), Some("次"));
    assert_eq!((study.cadence, study.hardness), (Some("monthly"), Hardness::Hard));
    assert_eq!(study.measure, Some("theory-study"));
}

#[test]
fn a_limit_is_kept_as_written_and_resolved_m42() {
    let all = obligations(SPEECH, Some(2023));
    let list = of(&all, "建立问题清单");
    assert_eq!(list.deadline.as_deref(), Some("10月底前"));
    assert_eq!(list.deadline_resolved.as_deref(), Some("2023-10-31"));
    assert_eq!(list.subject.as_deref(), Some("各乡镇"));
    let essay = of(&all, "学习心得");
    assert_eq!(essay.deadline_resolved.as_deref(), Some("2023-12-31"));
    assert_eq!((essay.quantity, essay.comparator, essay.cadence), (Some(1.0), Some(">="), Some("once")));
}

#[test]
fn without_a_year_the_text_says_which() {
    let text = "各单位要在11月15日前报送2024年工作计划，2024年继续开展排查。";
    assert_eq!(obligations(text, None)[0].deadline_resolved.as_deref(), Some("2024-11-15"));
    assert_eq!(obligations("各单位要在11月15日前报送计划。", None)[0].deadline_resolved, None);
}

#[test]
fn a_named_campaign_without_count_is_soft_and_a_bureau_is_a_subject() {
    let all = obligations(SPEECH, Some(2023));
    assert_eq!(of(&all, "净水畅渠").hardness, Hardness::Soft);
    assert_eq!(of(&all, "净水畅渠").cadence, Some("continuous"));
    let river = of(&all, "疏通河道");
    assert_eq!(river.subject.as_deref(), Some("县水利局"));
    assert_eq!((river.quantity, river.hardness), (Some(12.0), Hardness::Hard));
}

#[test]
fn what_was_done_and_what_is_only_attitude_is_not_proposed() {
    let all = obligations(SPEECH, Some(2023));
    for words in ["推进会3次", "深刻认识", "入脑入心", "走过场", "坚定信心"] {
        assert!(!all.iter().any(|o| o.quote.contains(words)), "{words}");
    }
}

#[test]
fn every_proposal_tells_its_reasons_and_stands_where_it_says() {
    let chars: Vec<char> = SPEECH.chars().collect();
    for o in obligations(SPEECH, Some(2023)) {
        assert_eq!(chars[o.start..o.end].iter().collect::<String>(), o.quote);
        assert!(o.reasons.iter().any(|r| r.rule == "points"), "{o:?}");
    }
}

#[test]
fn a_report_owes_only_what_it_announces() {
    let report = "县林业局工作情况汇报\n一、主要做法\n建立林长制度，组织巡护60次，制定方案3个。\n二、下一步打算\n12月底前建成防火通道8公里。\n";
    let all = obligations(report, Some(2023));
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0].quantity, Some(8.0));
}

#[test]
fn an_office_teaches_its_names_and_what_it_drops() {
    let text = "河长制专员每月开展巡河2次。各单位要开展“清风行”活动，报送活动方案。";
    let own =
        OwnTerms { subjects: vec!["河长制专员".to_string()], dropped: vec!["清风行".to_string()] };
    let all = obligations_with(text, None, &own);
    assert_eq!(all[0].subject.as_deref(), Some("河长制专员"));
    assert_eq!((all[0].quantity, all[0].cadence), (Some(2.0), Some("monthly")));
    assert!(!all.iter().any(|o| o.quote.contains("清风行")));
    assert!(obligations(text, None).iter().any(|o| o.quote.contains("清风行")));
}

#[test]
fn times_of_every_writing_are_resolved_to_their_last_day() {
    let cases = [
        ("9月10日前", "2023-09-10"),
        ("10月中旬左右", "2023-10-20"),
        ("11月", "2023-11-30"),
        ("10月底前后", "2023-10-31"),
        ("年内", "2023-12-31"),
        ("2024年3月底前", "2024-03-31"),
        ("明年1月上旬", "2024-01-10"),
        ("第三季度末", "2023-09-30"),
        ("国庆节前", "2023-09-30"),
        ("9月10日至10月20日", "2023-10-20"),
    ];
    for (time, day) in cases {
        let text = format!("各单位要在{time}完成整改清单。");
        let found = obligations(&text, Some(2023));
        assert_eq!(found[0].deadline_resolved.as_deref(), Some(day), "{time}: {found:?}");
        assert!(
            found[0]
                .deadline
                .as_deref()
                .is_some_and(|d| d.starts_with(time.trim_end_matches("左右").trim_end_matches("前后")))
        );
    }
    let open = obligations("近期，各单位要完成整改清单。", Some(2023));
    assert_eq!((open[0].deadline.as_deref(), open[0].deadline_resolved.as_deref()), (Some("近期"), None));
}

#[test]
fn a_unit_that_calls_itself_by_a_short_name_is_told_by_the_title() {
    let text = "云溪县粮食局关于开展仓储检查的通知\n各粮库：\n一、检查安排\n我局将于5月底前对12座粮库开展1次检查。各粮库要在4月20日前报送自查报告。\n";
    let all = obligations(text, Some(2024));
    let unit = |words: &str| {
        of(&all, words).reasons.iter().find(|r| r.rule == "issuing unit").map(|r| r.words.clone())
    };
    assert_eq!(unit("12座粮库").as_deref(), Some("云溪县粮食局"));
    assert_eq!(unit("自查报告"), None);
}

#[test]
fn a_speech_that_looks_back_under_a_heading_of_tasks_asks_for_nothing_there() {
    let text = "在全县推进会上的讲话\n同志们：\n下面，我讲三点意见。\n一、狠抓落实\n今年前5个月，全县共检查粮库12座，整改问题30个，已拆除危仓3座。各乡镇要在7月底前再开展1次检查。\n";
    let all = obligations(text, Some(2024));
    assert_eq!(all.len(), 1, "{all:#?}");
    assert_eq!(all[0].deadline_resolved.as_deref(), Some("2024-07-31"));
}

#[test]
fn a_number_that_only_says_whom_it_concerns_is_no_count() {
    let text = "各乡镇要成立20人的队伍，组织不少于2次演练。对整改率低于80%的乡镇，由县政府主要领导约谈。";
    let all = obligations(text, Some(2024));
    assert_eq!(of(&all, "演练").quantity, Some(2.0));
    assert_eq!(of(&all, "约谈").quantity, None);
}

#[test]
fn quarters_and_starts_are_told_apart_from_limits() {
    let day = |text: &str| obligations(text, Some(2024))[0].deadline_resolved.clone();
    assert_eq!(day("县里将在第三季度召开现场会。").as_deref(), Some("2024-09-30"));
    assert_eq!(day("各单位要在上半年完成整改清单。").as_deref(), Some("2024-06-30"));
    assert_eq!(day("各单位要从11月份开始建立整改台账。"), None);
    assert_eq!(day("各单位要在收到通知之日起15日内报送整改方案。"), None);
}

#[test]
fn spaces_that_layout_left_around_digits_change_nothing_m41() {
    let plain = "各乡镇要在12月15日前召开1次推进会，建成高标准农田2万亩。";
    let spaced = "各乡镇要在 12 月 15 日前召开 1 次推进会，建成高标准农田 2 万亩。";
    let [plain, spaced] = [plain, spaced].map(|text| (obligations(text, Some(2026)), text));
    assert!(!plain.0.is_empty());
    assert_eq!(plain.0.len(), spaced.0.len());
    for (one, other) in plain.0.iter().zip(&spaced.0) {
        assert_eq!(one.deadline_resolved, other.deadline_resolved);
        assert_eq!((one.quantity, one.hardness), (other.quantity, other.hardness));
        assert_eq!(one.quote, other.quote.replace(' ', ""));
        assert_eq!(bihuan_text::Span::new(other.start, other.end).of(spaced.1), other.quote);
    }
}

/// A made-up speech of the county whose tasks are these sentences.
fn speech(tasks: &str) -> String {
    format!(
        "在云溪县推进会上的讲话\n（2023年9月12日）\n同志们：\n下面，我讲两点意见。\n一、抓好落实\n{tasks}\n"
    )
}

#[test]
fn comparisons_equations_and_questions_ask_for_nothing_m42() {
    let talk = [
        "抓作风就是抓发展。",
        "办一件实事胜过开十次会议。",
        "修路好比架桥，清淤好比治病。",
        "检查归检查，服务归服务。",
        "谁报送材料、谁修改方案，一目了然。",
        "推进整改和服务群众从来不是两件事。",
        "各乡镇要把这次整改当成一次检验。",
        "要从群众反映的问题改起。",
        "班子里的同志要相互提醒、相互帮助。",
        "各级干部要多到田间走、多听农户说。",
        "问题不整改不销号。",
        "必须统筹安排、一体推进。",
        "要把学习和生产结合起来。",
        "为群众办理实事580余件，帮助46家企业解决了难题。",
    ];
    for sentence in talk {
        assert_eq!(obligations(&speech(sentence), Some(2023)), [], "{sentence}");
    }
}

#[test]
fn words_of_comparison_inside_of_a_demand_leave_it_one() {
    let asked = [
        "县委组织部要宣传一批担当作为的典型。",
        "对不是党员的村干部，乡镇党委要逐一谈话。",
        "县妇联要开展“不是亲人胜似亲人”结对活动2次。",
        "各单位要就是否超标准接待开展自查。",
        "各乡镇要再改造厕所1300余座。",
    ];
    for sentence in asked {
        assert_eq!(obligations(&speech(sentence), Some(2023)).len(), 1, "{sentence}");
    }
}

#[test]
fn what_has_to_be_so_by_a_day_belongs_to_the_demand_in_front_of_it_m42() {
    let cases = [
        ("县交通局要修复破损路段15公里，10月底前完工通车。", 15.0, "2023-10-31"),
        ("县财政局要安排专项资金200万元，年底前拨付到位。", 200.0, "2023-12-31"),
        ("各部门要筛选3件实事，年内办结并向社会公布。", 3.0, "2023-12-31"),
        ("县水利局要清淤沟渠8条，11月20日前必须通水。", 8.0, "2023-11-20"),
    ];
    for (sentence, quantity, day) in cases {
        let all = obligations(&speech(sentence), Some(2023));
        assert_eq!(all.len(), 1, "{all:#?}");
        assert_eq!((all[0].quantity, all[0].deadline_resolved.as_deref()), (Some(quantity), Some(day)));
    }
    let two = obligations(&speech("各乡镇要抓好秋粮收购，10月20日前召开一次现场会。"), Some(2023));
    assert_eq!(two.len(), 2, "{two:#?}");
}

#[test]
fn what_is_gathered_and_the_list_it_goes_into_are_one_demand() {
    let one = [
        "县档案馆负责把各乡镇的意见汇总起来，编制问题清单，报县委办公室备案。",
        "各乡镇要对前期的问题再过一遍筛子，修订完善问题清单。",
        "各单位要开展全面自查，10月底前形成问题清单。",
        "市、县两级都要建立成果转化清单，逐项写明承办单位和办结时间。",
    ];
    for sentence in one {
        let all = obligations(&speech(sentence), Some(2023));
        assert_eq!((all.len(), all[0].hardness), (1, Hardness::Hard), "{all:#?}");
    }
    let own = obligations(&speech("各村要摸清党员底数，建立党员、组织、阵地三本台账。"), Some(2023));
    assert_eq!(own.len(), 2, "{own:#?}");
}

#[test]
fn how_much_falls_to_each_is_the_count_of_the_demand() {
    let all = obligations(&speech("各乡镇要开展“走一次流程”体验，每个部门不少于2次。"), Some(2023));
    assert_eq!((all.len(), all[0].quantity, all[0].hardness), (1, Some(2.0), Hardness::Hard), "{all:#?}");
    let days = obligations(&speech("各乡镇要办好读书班，时间不得少于3天。"), Some(2023));
    assert_eq!((days.len(), days[0].quantity), (1, Some(3.0)), "{days:#?}");
    let picked = obligations(
        &speech("县科协要对申报项目进行审核，雷同的剔除、过小的缓办，从中确定6个示范点。"),
        Some(2023),
    );
    assert_eq!((picked.len(), picked[0].quantity), (1, Some(6.0)), "{picked:#?}");
}

#[test]
fn counted_rounds_and_nights_are_asked_of_who_has_to() {
    let cases = [
        ("镇妇联干部要把全镇留守儿童遍访两轮。", 2.0),
        ("县林业局局长要在四季度把各林场走一遍。", 1.0),
        ("每名镇干部要在联系的村住够5个晚上。", 5.0),
    ];
    for (sentence, quantity) in cases {
        let all = obligations(&speech(sentence), Some(2023));
        assert_eq!(
            (all.len(), all[0].quantity, all[0].hardness),
            (1, Some(quantity), Hardness::Hard),
            "{all:#?}"
        );
    }
    let set = obligations(&speech("年初承诺的十件实事，要在11月底前全部办结。"), Some(2023));
    assert_eq!((set.len(), set[0].quantity), (1, None), "{set:#?}");
    assert_eq!(set[0].deadline_resolved.as_deref(), Some("2023-11-30"));
}

#[test]
fn a_case_and_what_follows_where_it_arises_are_soft() {
    let cases = [
        "对拖延推诿的，及时提醒纠正。",
        "凡是验收不合格的，退回去重新施工。",
        "能够马上改的，三天之内改到位。",
        "乡里解决不了的，及时向县政府报告。",
    ];
    for sentence in cases {
        let all = obligations(&speech(sentence), Some(2023));
        assert_eq!((all.len(), all[0].hardness), (1, Hardness::Soft), "{all:#?}");
        assert_eq!(format!("{}。", all[0].quote), sentence);
    }
}

#[test]
fn rhythms_without_a_name_are_continuous_and_hard() {
    for rhythm in ["每半年", "每旬", "每半个月", "每两周", "每半月"] {
        let all = obligations(&speech(&format!("县水利局要{rhythm}通报一次工程进度。")), Some(2023));
        let one = &all[0];
        assert_eq!((one.cadence, one.hardness), (Some("continuous"), Hardness::Hard), "{one:?}");
    }
    let quarter = obligations(&speech("县委办公室按季度通报转化进度。"), Some(2023));
    assert_eq!((quarter[0].cadence, quarter[0].hardness), (Some("quarterly"), Hardness::Hard));
}

#[test]
fn this_month_is_the_month_of_the_day_under_the_title() {
    let text = speech("县里派出的巡察组本月底以前要进驻到位。");
    let all = obligations(&text, Some(2023));
    assert_eq!(all[0].deadline_resolved.as_deref(), Some("2023-09-30"), "{all:#?}");
    assert_eq!((all[0].cadence, all[0].subject.as_deref()), (Some("once"), Some("县里派出的巡察组")));
    let undated = text.replace("（2023年9月12日）\n", "");
    assert_eq!(obligations(&undated, Some(2023))[0].deadline_resolved, None);
}

#[test]
fn the_latest_day_and_a_blank_month_are_limits() {
    let latest = obligations(&speech("县医保局最迟12月上旬公布参保名单。"), Some(2023));
    assert_eq!(latest[0].deadline_resolved.as_deref(), Some("2023-12-10"));
    assert_eq!(latest[0].subject.as_deref(), Some("县医保局"));
    let blank = obligations(&speech("县里的同志要对照各自课题，×月底前形成调研报告。"), Some(2023));
    assert_eq!((blank.len(), blank[0].deadline_resolved.as_deref()), (1, None), "{blank:#?}");
}

#[test]
fn who_has_to_may_stand_a_clause_in_front_of_the_modal_verb() {
    let all = obligations(&speech("还没有办完培训班的乡镇和单位，要在11月20日前补上1次。"), Some(2023));
    assert_eq!(all[0].subject.as_deref(), Some("还没有办完培训班的乡镇和单位"), "{all:#?}");
    assert_eq!(all[0].deadline_resolved.as_deref(), Some("2023-11-20"));
    let sent = obligations(&speech("县委组织部选派的第一书记每月要在村工作20天以上。"), Some(2023));
    assert_eq!(sent[0].subject.as_deref(), Some("县委组织部选派的第一书记"));
}

#[test]
fn what_is_put_before_the_public_or_written_by_name_is_hard() {
    for sentence in [
        "检测结果在村务公开栏张榜公布。",
        "整改情况要向干部群众公布。",
        "督导结果在全县范围内通报。",
        "县卫健局要修订《村卫生室管理办法》。",
        "县委组织部要把学习资料整理成册，分发给各乡镇。",
    ] {
        let all = obligations(&speech(sentence), Some(2023));
        assert_eq!((all.len(), all[0].hardness), (1, Hardness::Hard), "{sentence}: {all:#?}");
    }
    let soft = obligations(&speech("各乡镇要对照上述问题逐一认领、切实改进。"), Some(2023));
    assert_eq!(soft[0].hardness, Hardness::Soft);
}

#[test]
fn a_share_a_team_and_a_case_keep_their_demand_whole() {
    let share = obligations(&speech("支部书记要讲党课，年底前每人不少于2次。"), Some(2023));
    assert_eq!((share.len(), share[0].quantity), (1, Some(2.0)), "{share:#?}");
    let team = obligations(&speech("县里将组织3个检查组，对学校食堂进行检查。"), Some(2023));
    assert_eq!((team.len(), team[0].quantity), (1, Some(3.0)), "{team:#?}");
    let told = obligations(&speech("会后，各村要把会议精神传达到每名党员。"), Some(2023));
    assert_eq!(told.len(), 1, "{told:#?}");
}

#[test]
fn single_words_and_ends_of_texts_do_no_harm() {
    for text in ["从", "要", "都", "多要", "各级党委，都", "凡的，", "不了的，", "把出来", "×月", "本月底"]
    {
        assert_eq!(obligations(text, Some(2023)), [], "{text}");
    }
}

#[test]
fn the_day_under_a_title_and_taking_the_floor_ask_for_nothing_m42() {
    let text = "在全县重点工作推进会上的讲话\n（2026年11月20日）\n同志们：\n下面，我讲两点意见。\n一、压实责任。各乡镇要在12月15日前建立重点问题清单。\n二、抓好督办。县应急局每月组织1次隐患排查。\n";
    let quotes: Vec<String> = obligations(text, Some(2026)).into_iter().map(|one| one.quote).collect();
    assert_eq!(quotes.len(), 2, "{quotes:?}");
    assert!(quotes[0].contains("清单") && quotes[1].contains("隐患排查"));
}
