//! Ledgers of the same kinds as those in the field, made up with their truth: how well each field is read. What varies:
//! titles, notes, header rows, merged regions, sections with units or states, sums, sheets, numbers and days as texts
//! or serials, how units are joined, forms, encodings, and headers in other words.

use bihuan_documents::ledger::LedgerRow;

use crate::support::{docx, p, read_rows, tr, xlsx, xlsx_sheets};

/// What should be read of one problem; units joined by 、. A field that is not named must be empty.
type Truth = &'static [(&'static str, &'static str)];

struct Kind {
    name: &'static str,
    bytes: Vec<u8>,
    truth: Vec<Truth>,
}

fn kind(name: &'static str, bytes: Vec<u8>, truth: &[Truth]) -> Kind {
    Kind { name, bytes, truth: truth.to_vec() }
}

fn value(row: &LedgerRow, key: &str) -> String {
    match &row.to_json()[key] {
        serde_json::Value::Array(units) => {
            units.iter().filter_map(|u| u.as_str()).collect::<Vec<_>>().join("、")
        }
        other => other.as_str().unwrap_or_default().to_owned(),
    }
}

const KEYS: [&str; 13] = [
    "seq",
    "category",
    "place",
    "problem",
    "measures",
    "goal",
    "deadline_text",
    "lead_unit",
    "responsible_units",
    "assisting_units",
    "progress",
    "status_text",
    "remark",
];

#[test]
fn ledgers_of_kinds_not_seen_before_are_read_field_by_field_m20() {
    let (mut right, mut all, mut wrong) = (0usize, 0usize, Vec::new());
    for kind in tables().into_iter().chain(sections()).chain(other_papers()) {
        let rows = read_rows(kind.name, &kind.bytes);
        if rows.len() != kind.truth.len() {
            let read: Vec<&str> = rows.iter().map(|row| row.problem.as_str()).collect();
            wrong.push(format!("{}: {} problems, not {}: {read:?}", kind.name, rows.len(), kind.truth.len()));
        }
        for (at, truth) in kind.truth.iter().enumerate() {
            for key in KEYS {
                let wanted = truth.iter().find(|(k, _)| *k == key).map_or("", |(_, text)| text);
                let read = rows.get(at).map(|row| value(row, key)).unwrap_or_default();
                all += 1;
                if read == wanted {
                    right += 1;
                } else {
                    wrong.push(format!("{} #{} {key}: “{read}”, not “{wanted}”", kind.name, at + 1));
                }
            }
        }
    }
    println!("{right} of {all} fields right");
    assert!(wrong.is_empty(), "{right} of {all} fields right\n{}", wrong.join("\n"));
}

fn tables() -> Vec<Kind> {
    vec![
        kind(
            "title_meta_notes.xlsx",
            xlsx(
                "整改台账",
                &[
                    "云溪县乡村振兴领域突出问题整改工作台账",
                    "填报单位：云溪县农业农村局||||填报日期：2024年3月5日||",
                    "序号|发现的突出问题|拟采取的整改举措|牵头单位|协同单位|完成时限|整改落实情况",
                    "#1|高标准农田机耕路塌陷两处|1.修复路基~2.加设护坡|县农业农村局|石桥镇、柳湾乡|#45473d|已修复一处，另一处正在施工",
                    "#2|农机补贴公示缺3个村|补充公示|县农业农村局||2024年4月底|已补充公示",
                    "合计|2个||||| ",
                    "注：1.完成时限以交办日起算。2.本表一式三份。",
                    "审核人：王某|||填表人：李某|||",
                ],
                &["A1:G1", "A7:G7"],
            ),
            &[
                &[
                    ("seq", "1"),
                    ("problem", "高标准农田机耕路塌陷两处"),
                    ("measures", "1.修复路基\n2.加设护坡"),
                    ("lead_unit", "县农业农村局"),
                    ("assisting_units", "石桥镇、柳湾乡"),
                    ("deadline_text", "2024-06-30"),
                    ("progress", "已修复一处，另一处正在施工"),
                ],
                &[
                    ("seq", "2"),
                    ("problem", "农机补贴公示缺3个村"),
                    ("measures", "补充公示"),
                    ("lead_unit", "县农业农村局"),
                    ("deadline_text", "2024年4月底"),
                    ("progress", "已补充公示"),
                ],
            ],
        ),
        kind(
            "two_header_rows.xlsx",
            xlsx(
                "Sheet1",
                &[
                    "序号|问题描述||责任分工|||整改时限|推进情况|",
                    "|问题类型|具体内容|牵头|配合|责任领导||当前状态|进展说明",
                    "01|作风建设|窗口午间无人值守|县政务服务局|县人社局；县税务局|张某|2024.5.31前|整改中|已排班",
                    "02|作风建设|一次性告知单未更新|县政务服务局||张某|立行立改|已完成|已更新12份",
                ],
                &["A1:A2", "B1:C1", "D1:F1", "G1:G2", "H1:I1"],
            ),
            &[
                &[
                    ("seq", "01"),
                    ("category", "作风建设"),
                    ("problem", "窗口午间无人值守"),
                    ("lead_unit", "县政务服务局"),
                    ("assisting_units", "县人社局、县税务局"),
                    ("deadline_text", "2024.5.31前"),
                    ("status_text", "整改中"),
                    ("progress", "已排班"),
                ],
                &[
                    ("seq", "02"),
                    ("category", "作风建设"),
                    ("problem", "一次性告知单未更新"),
                    ("lead_unit", "县政务服务局"),
                    ("deadline_text", "立行立改"),
                    ("status_text", "已完成"),
                    ("progress", "已更新12份"),
                ],
            ],
        ),
        kind(
            "merged_measures.xlsx",
            xlsx(
                "台账",
                &[
                    "编号|问题表述|整改目标|整改措施|责任单位|时间节点",
                    "1|集镇污水管网错接3处|雨污分流|排查管网|县住建局|2024年3月底前",
                    "|||改接错接管道|石桥镇|2024年5月底前",
                    "|||建立巡查制度|石桥镇|长期坚持",
                    "2|公厕夜间不开放|24小时开放|增配保洁员|县城管局|2024年3月底前",
                ],
                &["A2:A4", "B2:B4", "C2:C4"],
            ),
            &[
                &[
                    ("seq", "1"),
                    ("problem", "集镇污水管网错接3处"),
                    ("goal", "雨污分流"),
                    ("measures", "排查管网\n改接错接管道\n建立巡查制度"),
                    ("responsible_units", "县住建局、石桥镇"),
                    ("deadline_text", "2024年3月底前\n2024年5月底前\n长期坚持"),
                ],
                &[
                    ("seq", "2"),
                    ("problem", "公厕夜间不开放"),
                    ("goal", "24小时开放"),
                    ("measures", "增配保洁员"),
                    ("responsible_units", "县城管局"),
                    ("deadline_text", "2024年3月底前"),
                ],
            ],
        ),
        kind(
            "units_joined.xlsx",
            xlsx(
                "S",
                &[
                    "项次|反映的主要问题|责任单位（牵头单位排第一）|整改期限|销号状态|备 注",
                    "1|校门口占道经营|县城管局（牵头） 县公安局 县教育局|2024-06-30|未销号|重点",
                    "2|校车超员一次|县教育局、县公安局（牵头）|2024/4/15|已销号|",
                    "3|食堂留样不足48小时|县教育局，县市场监管局；石桥镇|20240420|未销号|",
                ],
                &[],
            ),
            &[
                &[
                    ("seq", "1"),
                    ("problem", "校门口占道经营"),
                    ("lead_unit", "县城管局"),
                    ("responsible_units", "县公安局、县教育局"),
                    ("deadline_text", "2024-06-30"),
                    ("status_text", "未销号"),
                    ("remark", "重点"),
                ],
                &[
                    ("seq", "2"),
                    ("problem", "校车超员一次"),
                    ("lead_unit", "县公安局"),
                    ("responsible_units", "县教育局"),
                    ("deadline_text", "2024/4/15"),
                    ("status_text", "已销号"),
                ],
                &[
                    ("seq", "3"),
                    ("problem", "食堂留样不足48小时"),
                    ("responsible_units", "县教育局、县市场监管局、石桥镇"),
                    ("deadline_text", "20240420"),
                    ("status_text", "未销号"),
                ],
            ],
        ),
        kind(
            "four_header_rows.xlsx",
            xlsx(
                "汇总",
                &[
                    "附件2||||||",
                    "环境问题整改清单||||||",
                    "序号|基本情况|||整改安排||",
                    "|点位|问题|类别|措施|责任|",
                    "|||||单位|期限",
                    "|||||（盖章）|（年月）",
                    "1|白塔镇砂石场|未密闭堆放|大气|搭建顶棚|白塔镇|2024年7月",
                    "2|柳湾河口|岸边倾倒垃圾|固废|清运30吨|柳湾乡|2024年4月",
                ],
                &["A1:G1", "A2:G2", "A3:A6", "B3:D3", "E3:G3", "B4:B6", "C4:C6", "D4:D6", "E4:E6", "F4:G4"],
            ),
            &[
                &[
                    ("seq", "1"),
                    ("place", "白塔镇砂石场"),
                    ("problem", "未密闭堆放"),
                    ("category", "大气"),
                    ("measures", "搭建顶棚"),
                    ("responsible_units", "白塔镇"),
                    ("deadline_text", "2024年7月"),
                ],
                &[
                    ("seq", "2"),
                    ("place", "柳湾河口"),
                    ("problem", "岸边倾倒垃圾"),
                    ("category", "固废"),
                    ("measures", "清运30吨"),
                    ("responsible_units", "柳湾乡"),
                    ("deadline_text", "2024年4月"),
                ],
            ],
        ),
        kind(
            "ticks.xlsx",
            xlsx(
                "审计",
                &[
                    "审计查出问题整改情况表||||||",
                    "序号|审计查出的问题|审计意见|整改责任单位|整改情况||",
                    "||||完成整改|正在整改|尚未整改",
                    "1|少计收入12万元|调整账务|县财政局|√||",
                    "2|超范围列支3.5万元|收回资金|县交通局||√|",
                    "3|资产未入账|补登资产|县交通局|||√",
                ],
                &["A1:G1", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:G2"],
            ),
            &[
                &[
                    ("seq", "1"),
                    ("problem", "少计收入12万元"),
                    ("measures", "调整账务"),
                    ("responsible_units", "县财政局"),
                    ("status_text", "完成整改"),
                ],
                &[
                    ("seq", "2"),
                    ("problem", "超范围列支3.5万元"),
                    ("measures", "收回资金"),
                    ("responsible_units", "县交通局"),
                    ("status_text", "正在整改"),
                ],
                &[
                    ("seq", "3"),
                    ("problem", "资产未入账"),
                    ("measures", "补登资产"),
                    ("responsible_units", "县交通局"),
                    ("status_text", "尚未整改"),
                ],
            ],
        ),
    ]
}

fn sections() -> Vec<Kind> {
    vec![
        kind(
            "unit_sections.xlsx",
            xlsx(
                "问题清单",
                &[
                    "巡察反馈问题整改清单",
                    "序号|巡察反馈意见|整改措施|完成时限|目前进度",
                    "一、县民政局",
                    "1|低保动态核查滞后|逐户核查|2024年4月底前|已核查80%",
                    "2|临时救助台账不规范|统一格式|2024年3月底前|已完成",
                    "小计：2项",
                    "二、石桥镇",
                    "1|村级财务公开不及时|每月公开|长期坚持|持续推进",
                    "小计：1项",
                    "总计：3项",
                ],
                &["A1:E1", "A3:E3", "A6:E6", "A7:E7", "A9:E9", "A10:E10"],
            ),
            &[
                &[
                    ("seq", "1"),
                    ("category", "一、县民政局"),
                    ("problem", "低保动态核查滞后"),
                    ("measures", "逐户核查"),
                    ("deadline_text", "2024年4月底前"),
                    ("responsible_units", "县民政局"),
                    ("progress", "已核查80%"),
                ],
                &[
                    ("seq", "2"),
                    ("category", "一、县民政局"),
                    ("problem", "临时救助台账不规范"),
                    ("measures", "统一格式"),
                    ("deadline_text", "2024年3月底前"),
                    ("responsible_units", "县民政局"),
                    ("progress", "已完成"),
                ],
                &[
                    ("seq", "1"),
                    ("category", "二、石桥镇"),
                    ("problem", "村级财务公开不及时"),
                    ("measures", "每月公开"),
                    ("deadline_text", "长期坚持"),
                    ("responsible_units", "石桥镇"),
                    ("progress", "持续推进"),
                ],
            ],
        ),
        kind(
            "status_sections.xlsx",
            xlsx(
                "台账",
                &[
                    "序号|存在的突出问题|地点|整改责任主体",
                    "（一）已完成整改（2个）",
                    "1|河道弃渣|青石村|石桥镇",
                    "2|标牌倒伏|上坪村|石桥镇",
                    "（二）正在整改（1个）",
                    "3|边坡滑塌|河湾村|柳湾乡",
                ],
                &["A2:D2", "A5:D5"],
            ),
            &[
                &[
                    ("seq", "1"),
                    ("problem", "河道弃渣"),
                    ("place", "青石村"),
                    ("responsible_units", "石桥镇"),
                    ("status_text", "已完成整改"),
                ],
                &[
                    ("seq", "2"),
                    ("problem", "标牌倒伏"),
                    ("place", "上坪村"),
                    ("responsible_units", "石桥镇"),
                    ("status_text", "已完成整改"),
                ],
                &[
                    ("seq", "3"),
                    ("problem", "边坡滑塌"),
                    ("place", "河湾村"),
                    ("responsible_units", "柳湾乡"),
                    ("status_text", "正在整改"),
                ],
            ],
        ),
        kind(
            "vertical_merges.xlsx",
            xlsx(
                "安全隐患",
                &[
                    "所属乡镇|隐患点名称|隐患描述|整治措施|责任单位|整治时限|备注",
                    "石桥镇|石桥大桥|栏杆缺失2米|更换栏杆|县交通局|2024年3月31日|",
                    "|石桥水库|警示牌缺失|补设警示牌||2024年3月15日|",
                    "柳湾乡|柳湾渡口|救生衣过期|更换20件|柳湾乡|2024年3月10日|已拨款",
                ],
                &["A2:A3", "E2:E3"],
            ),
            &[
                &[
                    ("category", "石桥镇"),
                    ("place", "石桥镇石桥大桥"),
                    ("problem", "栏杆缺失2米"),
                    ("measures", "更换栏杆"),
                    ("responsible_units", "县交通局"),
                    ("deadline_text", "2024年3月31日"),
                ],
                &[
                    ("category", "石桥镇"),
                    ("place", "石桥镇石桥水库"),
                    ("problem", "警示牌缺失"),
                    ("measures", "补设警示牌"),
                    ("responsible_units", "县交通局"),
                    ("deadline_text", "2024年3月15日"),
                ],
                &[
                    ("category", "柳湾乡"),
                    ("place", "柳湾乡柳湾渡口"),
                    ("problem", "救生衣过期"),
                    ("measures", "更换20件"),
                    ("responsible_units", "柳湾乡"),
                    ("deadline_text", "2024年3月10日"),
                    ("remark", "已拨款"),
                ],
            ],
        ),
    ]
}

fn other_papers() -> Vec<Kind> {
    let csv = "督办事项台账,,,,\r\n编号,交办事项,承办单位,办结时限,办理状态\r\nDB-001,\"整治柳湾街占道,含夜市\",柳湾乡,2024年3月20日前,办理中\r\nDB-002,更换破损井盖6处,县住建局,3个工作日内,已办结\r\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(csv);
    let form = |n: &str, task: &str, unit: &str, goal: &str, state: &str| {
        vec![
            "整改任务销号表|".to_owned(),
            format!("整改任务|{task}"),
            format!("任务编号|{n}"),
            format!("牵头责任单位|{unit}"),
            "配合单位|县水利局".to_owned(),
            format!("整改目标|{goal}"),
            "整改措施|1.编制方案~2.组织实施".to_owned(),
            "整改时限|2024年底前".to_owned(),
            format!("整改完成情况|{state}"),
        ]
    };
    let one = form("第7项", "县城黑臭水体未消除", "县住建局", "消除黑臭", "已完成截污800米");
    let two = form("第8项", "尾矿库未闭库", "县应急局", "完成闭库", "正在编制设计");
    let (one, two): (Vec<&str>, Vec<&str>) =
        (one.iter().map(String::as_str).collect(), two.iter().map(String::as_str).collect());
    vec![
        kind(
            "gbk.csv",
            gbk.into_owned(),
            &[
                &[
                    ("seq", "DB-001"),
                    ("problem", "整治柳湾街占道,含夜市"),
                    ("responsible_units", "柳湾乡"),
                    ("deadline_text", "2024年3月20日前"),
                    ("status_text", "办理中"),
                ],
                &[
                    ("seq", "DB-002"),
                    ("problem", "更换破损井盖6处"),
                    ("responsible_units", "县住建局"),
                    ("deadline_text", "3个工作日内"),
                    ("status_text", "已办结"),
                ],
            ],
        ),
        kind(
            "forms.xlsx",
            xlsx_sheets(&[("第7项", &one, &["A1:B1"]), ("第8项", &two, &["A1:B1"])]),
            &[
                &[
                    ("seq", "第7项"),
                    ("problem", "县城黑臭水体未消除"),
                    ("lead_unit", "县住建局"),
                    ("assisting_units", "县水利局"),
                    ("goal", "消除黑臭"),
                    ("measures", "1.编制方案\n2.组织实施"),
                    ("deadline_text", "2024年底前"),
                    ("progress", "已完成截污800米"),
                ],
                &[
                    ("seq", "第8项"),
                    ("problem", "尾矿库未闭库"),
                    ("lead_unit", "县应急局"),
                    ("assisting_units", "县水利局"),
                    ("goal", "完成闭库"),
                    ("measures", "1.编制方案\n2.组织实施"),
                    ("deadline_text", "2024年底前"),
                    ("progress", "正在编制设计"),
                ],
            ],
        ),
        kind(
            "table.docx",
            docx(&format!(
                "{}{}<w:tbl>{}{}{}{}</w:tbl>{}",
                p("云溪县专项整治问题清单"),
                p("（2024年3月）"),
                tr(&["序号", "问题清单", "整改举措", "责任部门", "整改时限", "整改状态"]),
                tr(&["1", "惠农资金滞拨", "限期拨付", "v县财政局", "2024年3月底前", "已整改"]),
                tr(&["2", "公示栏破损", "更换公示栏", "^", "2024年4月底前", "整改中"]),
                tr(&["3", "会议记录缺失", "补齐记录", "柳湾乡", "立行立改", "已整改"]),
                p("说明：以上问题实行销号管理。"),
            )),
            &[
                &[
                    ("seq", "1"),
                    ("problem", "惠农资金滞拨"),
                    ("measures", "限期拨付"),
                    ("responsible_units", "县财政局"),
                    ("deadline_text", "2024年3月底前"),
                    ("status_text", "已整改"),
                ],
                &[
                    ("seq", "2"),
                    ("problem", "公示栏破损"),
                    ("measures", "更换公示栏"),
                    ("responsible_units", "县财政局"),
                    ("deadline_text", "2024年4月底前"),
                    ("status_text", "整改中"),
                ],
                &[
                    ("seq", "3"),
                    ("problem", "会议记录缺失"),
                    ("measures", "补齐记录"),
                    ("responsible_units", "柳湾乡"),
                    ("deadline_text", "立行立改"),
                    ("status_text", "已整改"),
                ],
            ],
        ),
        kind(
            "sheets_by_town.xlsx",
            xlsx_sheets(&[
                ("说明", &["填表说明", "1.本表由各乡镇填报。", "2.每月25日前报送。"], &[]),
                (
                    "石桥镇",
                    &[
                        "石桥镇自查问题表",
                        "序号|自查问题|整改方式|拟完成时间|完成情况",
                        "#1|机房堆放杂物|立即清理|#45366d|已清理",
                        "#2|值班记录不全|补记|#45382d|未完成",
                    ],
                    &["A1:E1"],
                ),
                (
                    "柳湾乡",
                    &[
                        "柳湾乡自查问题表",
                        "序号|自查问题|整改方式|拟完成时间|完成情况",
                        "#1|消防器材过期|更换|#45390d|已更换",
                    ],
                    &["A1:E1"],
                ),
            ]),
            &[
                &[
                    ("seq", "1"),
                    ("problem", "机房堆放杂物"),
                    ("measures", "立即清理"),
                    ("deadline_text", "2024-03-15"),
                    ("responsible_units", "石桥镇"),
                    ("status_text", "已清理"),
                ],
                &[
                    ("seq", "2"),
                    ("problem", "值班记录不全"),
                    ("measures", "补记"),
                    ("deadline_text", "2024-03-31"),
                    ("responsible_units", "石桥镇"),
                    ("status_text", "未完成"),
                ],
                &[
                    ("seq", "1"),
                    ("problem", "消防器材过期"),
                    ("measures", "更换"),
                    ("deadline_text", "2024-04-08"),
                    ("responsible_units", "柳湾乡"),
                    ("status_text", "已更换"),
                ],
            ],
        ),
    ]
}
