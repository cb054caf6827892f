use bihuan_text::{Certainty, Conflict, ConflictKind, conflicts};

fn kinds(text: &str) -> Vec<(ConflictKind, Certainty)> {
    conflicts(text).iter().map(|c: &Conflict| (c.kind, c.strength)).collect()
}

#[test]
fn wrong_sums_and_shares_are_certain_m43() {
    assert_eq!(
        kinds("排查隐患东岭镇3处、柳湾村4处、河口村5处，共13处。"),
        [(ConflictKind::Sum, Certainty::Certain)]
    );
    assert_eq!(
        kinds("办理诉求1200件，其中教育400件、医疗500件、养老400件。"),
        [(ConflictKind::Sum, Certainty::Certain)]
    );
    assert_eq!(kinds("受理信访件120件，办结90件，办结率80%。"), [(ConflictKind::Share, Certainty::Certain)]);
    assert_eq!(kinds("由50户增加到60户，增长30%。"), [(ConflictKind::Change, Certainty::Certain)]);
    assert_eq!(kinds("城镇占60%，乡村占50%。"), [(ConflictKind::SharesOfWhole, Certainty::Certain)]);
    assert_eq!(kinds("群众满意率达到985%。"), [(ConflictKind::RateOver100, Certainty::Certain)]);
    assert_eq!(
        kinds("召开座谈会30场，其中乡镇35场。"),
        [(ConflictKind::SubsetExceedsSet, Certainty::Certain)]
    );
    assert_eq!(kinds("梳理问题20个，已完成25个。"), [(ConflictKind::SubsetExceedsSet, Certainty::Certain)]);
    assert_eq!(kinds("在全市9个县区位列第12名。"), [(ConflictKind::Rank, Certainty::Certain)]);
}

#[test]
fn right_sums_shares_and_roundings_are_left_alone() {
    for text in [
        "排查隐患东岭镇3处、柳湾村4处、河口村5处，共12处。",
        "办理诉求1200件，其中教育400件、医疗500件、养老300件，办结1150件，办结率95.83%。",
        "对250个问题进行整改，已销号问题239个，占问题总数的95.6%；申请延期11个，占4.4%。",
        "反馈的400个问题，完成整改388个，基本完成7个，未完成5个，总体完成率97%。",
        "由50户增加到60户，增长20%。营业收入增长120%。",
        "共查找8个方面90个问题，已完成整改8个。",
        "第一组占33.3%，第二组占33.3%，第三组占33.3%。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn said_to_be_all_done_and_two_bases_are_queries() {
    let text = "梳理问题20个，已有18个问题得到解决。\n目前，各类问题已全部办结。";
    assert_eq!(kinds(text), [(ConflictKind::AllDoneVsUnfinished, Certainty::Query)]);
    let text = "2023年合格率达到91%，较2021年提高8个百分点，较上年提高3个百分点。";
    assert_eq!(kinds(text), [(ConflictKind::BaseYear, Certainty::Query)]);
}

#[test]
fn the_figures_that_disagree_are_all_pointed_at() {
    let text = "受理信访件120件，办结90件，办结率80%。";
    let chars: Vec<char> = text.chars().collect();
    let quotes: Vec<String> =
        conflicts(text)[0].spans.iter().map(|[s, e]| chars[*s..*e].iter().collect()).collect();
    assert_eq!(quotes, ["120件", "90件", "80%"]);
    assert_eq!(conflicts(text)[0].quotes, quotes);
}

/// Every text must tell exactly one conflict, of this kind and sure.
fn certain(kind: ConflictKind, texts: &[&str]) {
    for text in texts {
        assert_eq!(kinds(text), [(kind, Certainty::Certain)], "{text}");
    }
}

/// No text may tell any conflict.
fn innocent(texts: &[&str]) {
    for text in texts {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn what_is_left_must_fit_its_whole_even_in_another_sentence_m43() {
    certain(
        ConflictKind::Sum,
        &[
            "县里共排查信访积案86件。经过包案化解，已化解61件，余下的35件由县级领导包抓。",
            "共收到问卷答复312份。反映出行难的最多，有128份；反映看病贵的96份；剩下的78份集中在用水上。",
            "下达奖补资金1260万元，目前已兑付980万元，剩余180万元将于年底前兑付到位。",
            "查摆问题45个，已完成整改32个，还有18个正在推进。",
            "收集意见427条，剔除重复的109条，归纳保留328条。",
            "排查出隐患52处。经集中攻坚，已整改41处，未整改的9处已落实管控措施。",
            "针对412名对象领取补贴61.8万元问题，已追回386人57.9万元，剩余26人5.9万元正在追缴。",
        ],
    );
    innocent(&[
        "县里共排查信访积案86件。经过包案化解，已化解61件，余下的25件由县级领导包抓。",
        "走访企业120家，收集问题36个，其中用地问题12个、融资问题9个，其余为用工和物流问题。",
        "17个乡镇中，除东岭镇死亡3人外，其余16个乡镇形势平稳。",
        "办理提案62件，其余部门协办18件。",
        "查摆问题45个，已完成整改32个，还有5个因资金问题正在推进、8个需要长期坚持。",
    ]);
}

#[test]
fn lists_must_make_their_whole_in_whatever_words_it_is_told_m43() {
    certain(
        ConflictKind::Sum,
        &[
            "争取资金860万元，分别用于硬化、饮水和整治，依次为320万元、280万元、290万元。",
            "新建制度4项、修订制度5项，形成了《云溪县管护办法》等11项制度。",
            "对47所中小学、62所幼儿园共119所学校开展排查。",
            "整改金额1.27亿元，其中上缴8640万元、归还原渠道2060万元、调账3000万元。",
            "共排查隐患128处：道路类46处、消防类39处、燃气类53处。",
            "发放贷款12笔860万元，其中春耕5笔320万元、养殖7笔560万元。",
        ],
    );
    innocent(&[
        "新建制度4项、修订制度5项，形成了《云溪县管护办法》等9项制度。",
        "县医院、中医院门诊量分别为860人次、420人次。",
        "共有干部56名，其中35岁以下21名，女干部18名，本科以上学历49名。",
        "收集意见建议156条，其中合理的121条，这121条意见建议已全部交办。",
        "全县种植面积43907亩，其中小麦21500亩，比上年增加390亩；玉米21118亩，比上年减少565亩。",
    ]);
}

#[test]
fn growth_must_agree_however_it_is_told_m43() {
    certain(
        ConflictKind::Change,
        &[
            "收入达到960万元，与2020年的320万元相比翻了两番。",
            "用户由1200户增加到3000户，增长2.5倍。",
            "日处理能力由1200吨提升到1500吨，提高了三分之一。",
            "受理信访件36件，比去年同期的48件减少12件，下降35%。",
            "去年受理投诉240件，今年受理投诉180件，下降35%。",
            "接待群众由480人减少到620人。",
            "办理时间由15天缩短到5天，缩短一半。",
        ],
    );
    innocent(&[
        "收入达到1280万元，与2020年的320万元相比翻了两番。",
        "用户由1200户增加到2500户，翻了一番多。",
        "用户由1200户增加到3000户，增长1.5倍。",
        "端口由1860个增加到4650个，是原来的2.5倍。",
        "受理信访件36件，比去年同期的48件减少12件，下降25%。",
        "第二产业完成122万元，同比增长8.2%；第三产业增加值完成76万元。",
    ]);
}

#[test]
fn averages_and_products_are_computed_m43() {
    certain(
        ConflictKind::Average,
        &[
            "发放救助金48万元，惠及困难群众320人，人均1800元。",
            "开展义诊24场，服务群众1200人次，场均80人次。",
            "组建宣讲队12支，开展宣讲96场，平均每支队伍12场。",
        ],
    );
    certain(
        ConflictKind::Product,
        &[
            "为36个行政村每村配备网格员、调解员各1名，共82名。",
            "14个乡镇各举办培训2场，共26场。",
            "县委常委会会议、县政府常务会议各研究5次，共12次。",
            "安排慰问金36万元，对120户困难家庭每户发放2000元。",
        ],
    );
    innocent(&[
        "农业总产值3.2亿元，带动农户1200户，户均增收5000元。",
        "收入570万元，13个行政村村均近44万元。",
        "每村配备第一书记1名、工作队员2名，共108名。",
        "全县有村干部1200人，村均6名，其中女干部312名。",
        "对240户家庭按每户1.5万元落实补助资金360万元。",
    ]);
}

#[test]
fn shares_of_money_of_a_named_whole_and_in_words_are_computed_m43() {
    certain(
        ConflictKind::Share,
        &[
            "下达债券资金1.5亿元，已支出1.2亿元，支出率达到90%。",
            "争取到位资金4.8亿元，完成投资3.2亿元，占到位资金的76.7%。",
            "排查隐患240处，其中消防类隐患96处，占一半以上。",
            "针对拖欠工程款360万元问题，已追回270万元，占拖欠总额的三分之二。",
            "应补缴基金500万元，已补缴320万元，达到八成。",
        ],
    );
    certain(ConflictKind::SharesOfWhole, &["网上反映的占42.5%，来信占21.3%，其余渠道占30.2%。"]);
    innocent(&[
        "排查隐患240处，其中消防类隐患126处，占一半以上。",
        "追缴租金158万元，占应收租金237万元的三分之二。",
        "投资3.2亿元，占年度计划的64%。",
        "化解矛盾860件，其中村级化解620件，占七成以上。",
    ]);
}

#[test]
fn days_places_and_counts_that_only_grow_are_held_against_one_another_m43() {
    certain(
        ConflictKind::Duration,
        &["10月8日至12日，举办为期7天的读书班。", "9月28日至10月7日，开展为期15天的排查。"],
    );
    certain(
        ConflictKind::Decrease,
        &["截至10月底，已化解矛盾纠纷126件。截至11月15日，累计化解矛盾纠纷118件。"],
    );
    certain(
        ConflictKind::SubsetExceedsSet,
        &[
            "全乡辖9个行政村、1个社区。全乡12个村（社区）建成服务站。",
            "受理群众举报42件，查实51件。",
            "应参保39600人，已参保39927人。",
            "排查安全隐患238处，整改425处。",
        ],
    );
    certain(
        ConflictKind::AllDoneVsUnfinished,
        &[
            "抽查的8家单位中，有6家完成公示，2家因人员变动仍未公示。复查时，8家单位均已完成公示。",
            "问题已全部完成整改，剩余3个长期坚持的正在推进。",
        ],
    );
    innocent(&[
        "10月8日至12日，举办为期5天的读书班。",
        "9月4日至15日，分两批举办为期3天的培训班。",
        "截至10月底，已化解矛盾纠纷126件。截至11月15日，累计化解矛盾纠纷138件。",
        "截至10月底，东岭镇已整改到位46个；截至11月20日，柳湾村已整改到位32个。",
        "计划培训500人，实际培训560人。",
        "全乡辖9个行政村、1个社区。全乡10个村（社区）建成服务站。",
    ]);
}

#[test]
fn parts_that_name_all_there_is_must_make_all_of_it_m43() {
    certain(ConflictKind::Sum, &["共发现问题126条，其中就业类43条、社保类38条、其他方面26条。"]);
    certain(ConflictKind::SubsetExceedsSet, &["发现隐患1652处，其中重大隐患58处，完成整改3470处。"]);
    innocent(&[
        "共发现问题126条，其中就业类43条、社保类38条、其他方面45条。",
        "整改问题36个，巩固提升已整改问题52个。",
        "检查企业58家，累计整改隐患126处。",
    ]);
}

#[test]
fn what_is_left_of_a_list_speaks_against_all_of_it_done_m43() {
    for text in [
        "受理欠薪线索46条，办结41条。受理的欠薪线索已全部办结。",
        "清单上的问题已经销号29个，还有7个需要持续推进。目前，清单上的问题已全部整改销号。",
    ] {
        let found: Vec<ConflictKind> = kinds(text).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(found, [ConflictKind::AllDoneVsUnfinished], "{text}");
    }
    for text in [
        "受理欠薪线索46条，办结46条。受理的欠薪线索已全部办结。",
        "走访企业46家，还有7家待走访。查摆的问题已全部整改销号。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn sessions_times_who_came_each_time_are_all_who_came_m43() {
    let wrong = "今年一共开了12期，每期50人，参训的720名学员都拿到了证书。";
    assert_eq!(kinds(wrong), [(ConflictKind::Product, Certainty::Certain)]);
    for text in [
        "今年一共开了12期，每期60人，参训的720名学员都拿到了证书。",
        "今年一共开了12期，每期约60人，参训的有720余人。",
        "今年一共开了12期，每期50人，带动720人就业。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn what_is_open_later_and_the_year_before_and_rates_in_words_are_held_together_m43() {
    let open =
        "热线收到农户诉求43件，目前已全部办结。\n前面讲到的43件诉求，有6件情况复杂，至今仍在协调之中。";
    let kinds_of = |text: &str| kinds(text).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>();
    // What stands between is of the same count.
    assert_eq!(kinds_of(&open.replace("情况复杂，", "")), [ConflictKind::AllDoneVsUnfinished]);
    assert_eq!(kinds_of(open), [ConflictKind::AllDoneVsUnfinished]);
    assert_eq!(kinds_of("受理投诉141件，而去年同一时段是186件，少了55件。"), [ConflictKind::Change]);
    assert_eq!(kinds_of("受理投诉141件，而去年同一时段是186件，少了45件。"), []);
    let rate = "查摆出问题75个。已经整改到位54个，算下来整改率有八成五。";
    assert_eq!(kinds_of(rate), [ConflictKind::Share]);
    assert_eq!(kinds_of(&rate.replace("八成五", "七成二")), []);
    assert_eq!(kinds_of(&open.replace("有6件情况复杂，至今仍在协调之中", "已逐件回访")), []);
}

#[test]
fn numbers_told_sentences_apart_are_held_against_one_another_m43() {
    for (text, kind) in [
        (
            "汛前共登记隐患73处，逐处明确责任人。到6月底，已有58处完成除险。余下的17处全部落实预案。",
            ConflictKind::Sum,
        ),
        (
            "共排查隐患864条。到9月末已经整改到位813条。\n眼下还没有整改到位的41条，都已明确时限。",
            ConflictKind::Sum,
        ),
        ("去年底，全县医院开放床位1412张。目前开放床位达到1520张，多出98张。", ConflictKind::Change),
        (
            "从台账中梳理出信访积案38件，逐件包案。半年来多方协调。这批积案中有43件签了协议。",
            ConflictKind::SubsetExceedsSet,
        ),
        (
            "到9月底，这98件信访件已悉数办结。在上级交办的信访件中，目前有6件没有办结。",
            ConflictKind::AllDoneVsUnfinished,
        ),
        (
            "全县在册低保对象8426人，按月发放。城市低保对象1152人，住在城关镇。农村低保对象7374人。",
            ConflictKind::Sum,
        ),
        ("县里下达改造任务86公里。入秋以来已铺筑64.5公里。进度达到年度任务的85%。", ConflictKind::Share),
        ("景区接待游客46.2万人次，上年同期为38.5万人次，同比增长15.3%。", ConflictKind::Change),
    ] {
        let found: Vec<ConflictKind> = kinds(text).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(found, [kind], "{text}");
    }
    for text in [
        "汛前共登记隐患73处，逐处明确责任人。到6月底，已有58处完成除险。余下的15处全部落实预案。",
        "共排查隐患864条。到9月末已经整改到位813条。\n眼下还没有整改到位的51条，都已明确时限。",
        "去年底，全县医院开放床位1412张。目前开放床位达到1520张，多出108张。",
        "从台账中梳理出信访积案38件，逐件包案。半年来多方协调。这批积案中有33件签了协议。",
        "全县在册低保对象8526人，按月发放。城市低保对象1152人，住在城关镇。农村低保对象7374人。",
        "县里下达改造任务86公里。入秋以来已铺筑64.5公里。进度达到年度任务的75%。",
        "景区接待游客46.2万人次，上年同期为38.5万人次，同比增长20%。",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn what_the_text_itself_explains_is_no_conflict_m43() {
    for text in [
        "完成抽检1250批次，不合格30批次，合格率97.6%；其中农产品抽检182批次，不合格2批次。",
        "识别对象612户1874人，已消除风险431户1302人，按户计占70.4%，按人计占69.5%。",
        "登记留守儿童2315人、困难学生1872人，两类兼有的681人，去重后共3506人。",
        "新增就业4312人，为年度目标4000人的107.8%，比上年同期的3998人增加314人。",
        "外出务工1.84万人，完成年度任务1.75万人的105.1%，其中省外0.67万人、省内1.17万人。",
        "属于欠薪的152条，这152条已全部办结；其余55条不属于欠薪，已转有关部门。",
    ] {
        let certain: Vec<_> =
            kinds(text).into_iter().filter(|(_, sure)| *sure == Certainty::Certain).collect();
        assert_eq!(certain, [], "{text}");
    }
}
