//! Sections, several sheets, forms, other encodings and documents.

use super::{Kind, kind};
use crate::support::{docx, p, tr, xlsx, xlsx_sheets};

pub fn status_sections_xlsx() -> Kind {
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
    )
}

pub fn vertical_merges_xlsx() -> Kind {
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
    )
}

pub fn gbk_csv() -> Kind {
    let csv = "督办事项台账,,,,\r\n编号,交办事项,承办单位,办结时限,办理状态\r\nDB-001,\"整治柳湾街占道,含夜市\",柳湾乡,2024年3月20日前,办理中\r\nDB-002,更换破损井盖6处,县住建局,3个工作日内,已办结\r\n";
    let (gbk, _, _) = encoding_rs::GBK.encode(csv);
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
    )
}

pub fn forms_xlsx() -> Kind {
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
    )
}

pub fn table_docx() -> Kind {
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
    )
}

pub fn sheets_by_town_xlsx() -> Kind {
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
    )
}
